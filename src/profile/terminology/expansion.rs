//! A value set worked out: the codes that are known, and what is left open (<https://hl7.org/fhir/R4/valueset.html#expansion>).

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::Membership;
use super::grammar::{Grammar, Shape};

/// What is in a value set: all that is included and not excluded.
#[derive(Debug, Clone, Default)]
pub struct Expansion {
    pub(super) included: Set,
    pub(super) excluded: Set,
}

/// Codes.
#[derive(Debug, Clone, Default)]
pub(super) struct Set {
    /// Known codes by system, in the order in which they were named: people choose from them.
    pub(super) closed: IndexMap<String, Codes>,
    /// Systems whose codes cannot be listed.
    pub(super) open: Vec<Open>,
}

/// Known codes of a system.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    /// Whether keys are in lower case.
    pub(super) ignores_case: bool,
    pub(super) by_code: IndexMap<String, Known>,
}

/// What is known of a code that is listed.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) display: Option<String>,
    /// Why it is not certain that it belongs.
    pub(super) doubt: Option<String>,
}

/// A system, or every system, whose codes are not listed.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) system: Option<String>,
    pub(super) rule: Rule,
}

/// What is known of codes that are not listed.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Every well-formed one belongs.
    Grammar(Grammar),
    /// Nobody knows, and why.
    Unheld(String),
    /// Nobody has told us of the system.
    Unknown(String),
}

impl Expansion {
    /// Whether the code is in it. For elements of type `code`, which carry no system, give none.
    pub fn member(&self, system: Option<&str>, code: &str) -> Membership {
        let included = self.included.member(system, code);
        if included == Membership::NotIn {
            return included;
        }
        match self.excluded.member(system, code) {
            Membership::NotIn => included,
            Membership::In(_) => Membership::NotIn,
            unsure => unsure,
        }
    }

    /// The one code that differs from this only in case or in space around it: a certain correction.
    pub fn nearest(&self, system: Option<&str>, code: &str) -> Option<String> {
        let trimmed = code.trim();
        let lists =
            self.included.closed.iter().filter(|(held, _)| system.is_none_or(|system| system == *held));
        let mut near = lists
            .flat_map(|(_, codes)| codes.by_code.keys())
            .filter(|held| held.eq_ignore_ascii_case(trimmed) && *held != code)
            .filter(|held| matches!(self.member(system, held), Membership::In(_)));
        let found = near.next()?;
        near.all(|other| other == found).then(|| found.clone())
    }

    /// Whether every code is listed, so that a code that is not here is surely not in the value set.
    pub fn is_closed(&self) -> bool {
        self.included.open.is_empty() && self.excluded.open.is_empty()
    }

    /// Why not every code that belongs can be listed, as a sentence without a full stop; nothing where all are.
    pub fn unlisted(&self) -> Option<String> {
        let open = self.included.open.iter().chain(&self.excluded.open).map(|open| match &open.rule {
            Rule::Grammar(_) => {
                let system = open.system.as_deref().unwrap_or("its system");
                format!("the codes of '{system}' follow a grammar and have no end")
            }
            Rule::Unheld(why) => why.clone(),
            Rule::Unknown(system) => format!("the code system '{system}' is not known"),
        });
        let listed = self.included.closed.values().chain(self.excluded.closed.values());
        let doubts = listed.flat_map(|codes| codes.by_code.values()).filter_map(|known| known.doubt.clone());
        open.chain(doubts).min()
    }

    /// All codes as (system, code), when that is the whole truth: none open, none doubted, none that ignores case, and
    /// no more than `most`; sorted. For plans that want to answer by themselves.
    pub fn listed(&self, most: usize) -> Option<Vec<(&str, &str)>> {
        let mut lists = self.included.closed.values().chain(self.excluded.closed.values());
        let is_plain =
            |codes: &Codes| !codes.ignores_case && codes.by_code.values().all(|known| known.doubt.is_none());
        let is_whole = self.is_closed() && self.len() <= most && lists.all(is_plain);
        is_whole.then(|| {
            let mut codes: Vec<_> =
                self.codes().into_iter().map(|(system, code, _)| (system, code)).collect();
            codes.sort_unstable();
            codes
        })
    }

    /// How many codes are listed.
    pub fn len(&self) -> usize {
        self.included.len()
    }

    /// Whether no code is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The codes that belong for certain, as (system, code, name), in the order in which the value set or the system names them.
    pub fn codes(&self) -> Vec<(&str, &str, Option<&str>)> {
        let all = self.included.closed.iter().flat_map(|(system, codes)| {
            codes
                .by_code
                .iter()
                .map(|(code, known)| (system.as_str(), code.as_str(), known.display.as_deref()))
        });
        all.filter(|(system, code, _)| matches!(self.member(Some(system), code), Membership::In(_))).collect()
    }
}

impl Set {
    pub(super) fn member(&self, system: Option<&str>, code: &str) -> Membership {
        let known = match system {
            Some(system) => self.closed.get(system).and_then(|codes| codes.get(code)),
            None => self.closed.values().find_map(|codes| codes.get(code)),
        };
        match known {
            Some(Known { display, doubt: None }) => Membership::In(display.clone()),
            Some(Known { doubt: Some(doubt), .. }) => Membership::CannotTell(doubt.clone()),
            None => self.open_member(system, code),
        }
    }

    fn open_member(&self, system: Option<&str>, code: &str) -> Membership {
        let mut answer = Membership::NotIn;
        for open in &self.open {
            let concerns = match (&open.system, system) {
                (Some(open), Some(system)) => open == system,
                _ => true,
            };
            if !concerns {
                continue;
            }
            match &open.rule {
                Rule::Grammar(grammar) => match grammar.shape(code) {
                    Shape::Good => return Membership::In(None),
                    Shape::Bad => {}
                    Shape::Unsure(why) => answer = Membership::CannotTell(why),
                },
                Rule::Unheld(why) => answer = Membership::CannotTell(why.clone()),
                Rule::Unknown(system) => answer = Membership::UnknownSystem(system.clone()),
            }
        }
        answer
    }

    pub(super) fn len(&self) -> usize {
        self.closed.values().map(|codes| codes.by_code.len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.len() == 0
    }

    pub(super) fn add(&mut self, system: &str, ignores_case: bool, code: &str, known: Known) {
        let codes = self.closed.entry(system.to_owned()).or_default();
        codes.ignores_case |= ignores_case;
        let key = if codes.ignores_case { code.to_lowercase() } else { code.to_owned() };
        match codes.by_code.entry(key) {
            Entry::Vacant(free) => {
                free.insert(known);
            }
            // One part of a value set being sure of a code is enough.
            Entry::Occupied(mut held) if known.doubt.is_none() => {
                let held = held.get_mut();
                held.doubt = None;
                held.display = held.display.take().or(known.display);
            }
            Entry::Occupied(_) => {}
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        for (system, codes) in other.closed {
            for (code, known) in codes.by_code {
                self.add(&system, codes.ignores_case, &code, known);
            }
        }
        self.open.extend(other.open);
    }

    /// What is in both. Where either is open, what the other lists is held against it.
    pub(super) fn meet(self, other: &Expansion) -> Self {
        let mut both = Self::default();
        for (system, codes) in &self.closed {
            for (code, known) in &codes.by_code {
                let sure = matches_doubt(other.member(Some(system), code), known);
                if let Some(known) = sure {
                    both.add(system, codes.ignores_case, code, known);
                }
            }
        }
        for (system, codes) in &other.included.closed {
            for (code, known) in &codes.by_code {
                let is_listed = self.closed.get(system).is_some_and(|codes| codes.get(code).is_some());
                let is_out = other.member(Some(system), code) == Membership::NotIn;
                if is_listed || is_out {
                    continue;
                }
                if let Some(known) = matches_doubt(self.open_member(Some(system), code), known) {
                    both.add(system, codes.ignores_case, code, known);
                }
            }
        }
        for open in &self.open {
            let twins = other.included.open.iter().filter(|twin| match (&open.system, &twin.system) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            });
            for twin in twins {
                let rule = match (&open.rule, &twin.rule) {
                    (Rule::Grammar(one), Rule::Grammar(other)) if one == other => open.rule.clone(),
                    (Rule::Grammar(_), rule) | (rule, _) => rule.clone(),
                };
                both.open.push(Open { system: open.system.clone().or(twin.system.clone()), rule });
            }
        }
        both
    }
}

/// What is known of a listed code when another set says so much of it.
fn matches_doubt(membership: Membership, known: &Known) -> Option<Known> {
    let doubt = match membership {
        Membership::In(_) => known.doubt.clone(),
        Membership::NotIn => return None,
        Membership::UnknownSystem(system) => Some(format!("the code system '{system}' is not known")),
        Membership::CannotTell(why) => Some(why),
    };
    Some(Known { display: known.display.clone(), doubt })
}

impl Codes {
    fn get(&self, code: &str) -> Option<&Known> {
        if self.ignores_case { self.by_code.get(&code.to_lowercase()) } else { self.by_code.get(code) }
    }
}
