//! Works out what a value set holds (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use std::sync::Arc;

use super::expansion::{Expansion, Known, Open, Rule, Set};
use super::filter::{self, Unsupported};
use super::grammar::Grammar;
use super::{CodeSystem, Content, Membership, Part, ValueSet, lookup};
use crate::profile::definitions::{DefinitionError, Definitions};

/// Codes in one expansion. The core package's largest, all of DICOM, has about 3,200.
const CODES_MAX: usize = 500_000;

/// Value sets within value sets.
const DEPTH_MAX: usize = 16;

impl Definitions {
    /// Whether a code is in the value set with that canonical; for elements of type `code`, give no system.
    pub fn member(
        &self,
        value_set: &str,
        system: Option<&str>,
        code: &str,
    ) -> Result<Membership, DefinitionError> {
        Ok(self.expansion(value_set)?.member(system, code))
    }

    /// The value set with that canonical, worked out once.
    pub fn expansion(&self, canonical: &str) -> Result<Arc<Expansion>, DefinitionError> {
        self.expansion_within(canonical, 0)
    }

    /// What a value set holds that is not among the definitions, such as one inside another resource.
    pub fn expansion_of(&self, value_set: &ValueSet) -> Result<Expansion, DefinitionError> {
        self.expand(value_set, 0)
    }

    fn expansion_within(&self, canonical: &str, depth: usize) -> Result<Arc<Expansion>, DefinitionError> {
        self.expansions.get_or(canonical, || {
            // A value set that includes itself goes ever deeper, so this ends cycles too.
            if depth > DEPTH_MAX {
                let limit = format!("more than {DEPTH_MAX} value sets, each in the next");
                return Err(DefinitionError::TooCostly { canonical: canonical.to_owned(), limit });
            }
            let value_set = self.value_set(canonical)?;
            self.expand(&value_set, depth).map(Arc::new)
        })
    }

    fn expand(&self, value_set: &ValueSet, depth: usize) -> Result<Expansion, DefinitionError> {
        let mut expansion = Expansion {
            included: self.parts(&value_set.include, &value_set.url, depth)?,
            excluded: self.parts(&value_set.exclude, &value_set.url, depth)?,
        };
        let is_unsure = |set: &Set| set.open.iter().any(|open| !matches!(open.rule, Rule::Grammar(_)));
        let needs_list =
            value_set.include.is_empty() || is_unsure(&expansion.included) || is_unsure(&expansion.excluded);
        match &value_set.expansion {
            // Somebody who had the code systems has listed the codes.
            Some(codes) if needs_list => {
                expansion = Expansion::default();
                for one in codes {
                    let ignores_case = self.ignores_case(&one.system);
                    let known = Known { display: one.display.clone(), doubt: None };
                    expansion.included.add(&one.system, ignores_case, &one.code, known);
                }
            }
            None if value_set.include.is_empty() => {
                let which = match value_set.url.as_str() {
                    "" => "the value set".to_owned(),
                    url => format!("the value set '{url}'"),
                };
                let why = format!("{which} does not say what it holds");
                expansion.included.open.push(Open { system: None, rule: Rule::Unheld(why) });
            }
            _ => {}
        }
        Ok(expansion)
    }

    fn parts(&self, parts: &[Part], url: &str, depth: usize) -> Result<Set, DefinitionError> {
        let mut set = Set::default();
        for part in parts {
            set.join(self.part(part, depth)?);
            if set.len() > CODES_MAX {
                let limit = format!("more than {CODES_MAX} codes");
                return Err(DefinitionError::TooCostly { canonical: url.to_owned(), limit });
            }
        }
        Ok(set)
    }

    /// Everything said in a part must hold.
    fn part(&self, part: &Part, depth: usize) -> Result<Set, DefinitionError> {
        let mut value_sets = part.value_sets.iter();
        let mut set = match &part.system {
            Some(system) => self.of_system(system, part),
            None => match value_sets.next() {
                Some(first) => {
                    let first = self.nested(first, depth)?;
                    if first.excluded.is_empty() {
                        first.included.clone()
                    } else {
                        first.included.clone().meet(&first)
                    }
                }
                None => Set::default(),
            },
        };
        for canonical in value_sets {
            set = set.meet(&*self.nested(canonical, depth)?);
        }
        Ok(set)
    }

    /// A value set within another. One that nobody has told us of leaves the outer one open; it does not break it.
    fn nested(&self, canonical: &str, depth: usize) -> Result<Arc<Expansion>, DefinitionError> {
        match self.expansion_within(canonical, depth + 1) {
            Err(error @ (DefinitionError::Unknown { .. } | DefinitionError::OtherVersion { .. })) => {
                let rule = Rule::Unheld(error.to_string());
                let included = Set { open: vec![Open { system: None, rule }], ..Set::default() };
                Ok(Arc::new(Expansion { included, excluded: Set::default() }))
            }
            other => other,
        }
    }

    fn of_system(&self, system: &str, part: &Part) -> Set {
        let held = self.code_system(system).ok();
        if !part.concepts.is_empty() {
            return listed(system, part, held.as_deref());
        }
        let mut set = Set::default();
        let open = |rule: Rule| Open { system: Some(system.to_owned()), rule };
        match held.as_deref().filter(|held| held.content.is_here()) {
            Some(held) => match filter::select(held, &part.filters) {
                Ok(selected) => {
                    for (concept, _) in held.concepts().iter().zip(selected).filter(|(_, is_in)| *is_in) {
                        let known = Known { display: concept.display.clone(), doubt: None };
                        set.add(system, !held.case_sensitive, &concept.code, known);
                    }
                    if held.content == Content::Partial {
                        let why = format!("only a part of the code system '{system}' is here");
                        set.open.push(open(Rule::Unheld(why)));
                    }
                }
                Err(Unsupported(why)) => set.open.push(open(Rule::Unheld(why))),
            },
            None => match Grammar::of(system) {
                Some(grammar) if part.filters.is_empty() => set.open.push(open(Rule::Grammar(grammar))),
                Some(_) => {
                    let why = format!("filters on the codes of '{system}' cannot be worked out");
                    set.open.push(open(Rule::Unheld(why)));
                }
                None if held.is_some() || lookup::is_elsewhere(system) => {
                    set.open.push(open(Rule::Unheld(lookup::not_here(system))));
                }
                None => set.open.push(open(Rule::Unknown(system.to_owned()))),
            },
        }
        set
    }

    fn ignores_case(&self, system: &str) -> bool {
        self.code_system(system).is_ok_and(|held| !held.case_sensitive)
    }
}

/// A list of codes. Names that it does not give are the code system's.
fn listed(system: &str, part: &Part, held: Option<&CodeSystem>) -> Set {
    let mut set = Set::default();
    let ignores_case = held.is_some_and(|held| !held.case_sensitive);
    let selected = held.filter(|_| !part.filters.is_empty()).map(|held| filter::select(held, &part.filters));
    for (code, name) in &part.concepts {
        let concept = held.and_then(|held| held.concept(code));
        let display = name.clone().or_else(|| concept?.display.clone());
        // FHIR forbids lists with filters (vsd-3); should somebody do it all the same, both have to hold.
        let is_selected = match (&selected, held, concept) {
            (Some(Ok(selected)), Some(held), Some(concept)) => {
                held.concepts().iter().zip(selected).any(|(one, is_in)| *is_in && one.code == concept.code)
            }
            _ => true,
        };
        if is_selected {
            set.add(system, ignores_case, code, Known { display, doubt: None });
        }
    }
    set
}

#[cfg(test)]
mod tests;
