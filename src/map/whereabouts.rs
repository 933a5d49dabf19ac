//! Where a child may be found, in free words: of a child of whom nobody may learn that, no text of a record says it either.
//!
//! A record says in its own fields where the child lives, who is with it, which practice and school it has. Those go to nobody. The same
//! words in a text beside them ("the mother, at 14 Weir Lane") are taken out of it, and so is whatever has the form of a postcode.

use std::collections::HashMap;

use serde_json::Value;

use super::language::{Mapping, Row};
use super::path::RecordPath;
use crate::domain::{Item, Postcode};
use crate::record::Leaf;

/// What stands for what was taken out: as people write that they left something out.
const LEFT_OUT: &str = "…";

/// Which fields of a kind's records show where a child may be found, and which are free words.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    shown: Vec<(RecordPath, Shown)>,
    own_names: Vec<RecordPath>,
    words: Vec<RecordPath>,
}

/// How a field shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The name of a person, one word of it.
    Person,
    /// A line of an address, of which the street alone shows it too.
    Line,
    /// A postcode, of which the first half shows it too.
    Postcode,
    /// Anything else: as a whole.
    Whole,
}

impl Whereabouts {
    /// Those of a mapping, whose records have these fields.
    pub fn of(mapping: &Mapping, fields: &[Leaf]) -> Self {
        let mut whereabouts = Self::default();
        for (_, row, path, item) in mapping.data_rows() {
            let text = path.to_string();
            let Some(field) = fields.iter().find(|field| field.path == text) else { continue };
            let format = field.format.as_deref().unwrap_or_default();
            let is_time = format.contains("date") || format == "clock-time";
            let open = field.kind == "string" && field.values.is_none() && !is_time;
            let is_words = open && format == "text";
            if item.to_string() == "identity/name" {
                whereabouts.own_names.push(path.clone());
            } else if let Some(shown) = shown(row, item).filter(|_| open) {
                whereabouts.shown.push((path.clone(), shown));
            } else if is_words && !is_name(row) {
                whereabouts.words.push(path.clone());
            }
        }
        whereabouts
    }

    /// The fields that show it.
    pub fn shown(&self) -> impl Iterator<Item = &RecordPath> {
        self.shown.iter().map(|(path, _)| path)
    }

    /// The fields of free words, which must not say it.
    pub fn words(&self) -> impl Iterator<Item = &RecordPath> {
        self.words.iter()
    }

    /// What may not be said of the child of this record; `names` are those of practices that are known to be its own.
    pub fn telling<'n>(&self, record: &Value, names: impl Iterator<Item = &'n str>) -> Telling {
        let mut telling = Telling::of(names);
        let texts = |path: &RecordPath| {
            let found = path.read(record, &[]).into_iter();
            found.filter_map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        for (path, shown) in &self.shown {
            texts(path).into_iter().for_each(|text| telling.add(text, *shown));
        }
        // The child's own name may be said, also where the family has it too.
        let own = self.own_names.iter().flat_map(texts).flat_map(words);
        own.for_each(|word| telling.forget(&squeezed(word)));
        telling
    }

    /// Takes it out of the texts of the record; gives the fields in which something was.
    pub fn hide(&self, record: &mut Value, telling: &Telling) -> Vec<&RecordPath> {
        let mut changed = Vec::new();
        for path in &self.words {
            let mut any = false;
            path.change(record, &mut |value| {
                if let Some(rest) = value.as_str().and_then(|text| telling.without(text)) {
                    *value = Value::String(rest);
                    any = true;
                }
            });
            changed.extend(any.then_some(path));
        }
        changed
    }
}

/// Whether and how a row shows where the child may be found.
fn shown(row: &Row, item: Item) -> Option<Shown> {
    let shown = match row.fhir.steps.last()?.name.as_str() {
        "given" | "family" => Shown::Person,
        "line" => Shown::Line,
        "postalCode" => Shown::Postcode,
        _ => Shown::Whole,
    };
    (row.shows_where || item.shows_where() && is_name(row)).then_some(shown)
}

/// Whether a row carries what something or someone is called, or a part of an address, and no free words.
fn is_name(row: &Row) -> bool {
    const NAMES: [&str; 9] =
        ["given", "family", "name", "display", "line", "city", "postalCode", "identifier", "value"];
    let steps = &row.fhir.steps;
    let last = steps.last().is_some_and(|step| NAMES.contains(&step.name.as_str()));
    last || steps.first().is_some_and(|step| step.name == "address")
}

/// What may not be said of a child.
#[derive(Default)]
pub struct Telling {
    /// Letters and digits in small letters, and whether it is a person's name. No `Debug`: it says where the child is.
    phrases: HashMap<String, Shown>,
    /// How many bytes the longest has, and words that which has most.
    longest: usize,
    most: usize,
}

impl Telling {
    /// These names may not.
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut telling = Self::default();
        names.for_each(|name| telling.add(name, Shown::Whole));
        telling
    }

    fn add(&mut self, text: &str, shown: Shown) {
        let phrase = squeezed(text);
        let digits = phrase.bytes().all(|byte| byte.is_ascii_digit());
        let least = if digits { 5 } else { 3 };
        // A name of two letters is one where it has a capital.
        if phrase.len() >= least || shown == Shown::Person && phrase.len() == 2 {
            self.longest = self.longest.max(phrase.len());
            self.most = self.most.max(words(text).count());
            self.phrases.entry(phrase).or_insert(shown);
        }
        match shown {
            Shown::Line => {
                let street: Vec<&str> = words(text).skip_while(|word| has_a_digit(word)).collect();
                if street.len() > 1 && words(text).next().is_some_and(has_a_digit) {
                    self.add(&street.join(" "), Shown::Whole);
                }
            }
            Shown::Postcode => {
                let half = text.split_once(' ').map(|(half, _)| half);
                half.into_iter().for_each(|half| self.add(half, Shown::Whole));
            }
            Shown::Person | Shown::Whole => {}
        }
    }

    /// Lets this be said all the same, as a whole: the recipients are told of it anyway.
    pub fn allow(&mut self, name: &str) {
        self.phrases.remove(&squeezed(name));
    }

    fn forget(&mut self, name: &str) {
        if self.phrases.get(name) == Some(&Shown::Person) {
            self.phrases.remove(name);
        }
    }

    /// The text without it; `None` where it says nothing of it.
    pub fn without(&self, text: &str) -> Option<String> {
        let words: Vec<&str> = words(text).collect();
        let place = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
        let (mut rest, mut copied, mut at) = (String::new(), 0, 0);
        while at < words.len() {
            let Some(many) = self.at(&words[at..]) else {
                at += 1;
                continue;
            };
            let last = words[at + many - 1];
            rest.push_str(text.get(copied..place(words[at]))?);
            rest.push_str(LEFT_OUT);
            copied = place(last) + last.len();
            at += many;
        }
        (copied > 0).then(|| rest + text.get(copied..).unwrap_or_default())
    }

    /// How many of the words, from the first, say it; as many as do.
    fn at(&self, words: &[&str]) -> Option<usize> {
        let longest = self.longest.max(POSTCODE_LONGEST);
        let capital = words.first()?.chars().next()?.is_uppercase();
        let (mut said, mut found) = (String::new(), None);
        for (nth, word) in words.iter().enumerate().take(self.most + SPARE) {
            said.push_str(&squeezed(word));
            if said.len() > longest {
                break;
            }
            let known = self.phrases.get(&said).is_some_and(|shown| *shown != Shown::Person || capital);
            if known || nth < 2 && is_postcode(&said) {
                found = Some(nth + 1);
            }
        }
        found
    }
}

const POSTCODE_LONGEST: usize = 7;

/// In so many words more than it has in its own field a phrase is known: "960-411" for "960411".
const SPARE: usize = 3;

/// Whether letters and digits make a postcode, and no amount or hour ("B2 3pm"): those letters the second half of a postcode never has.
fn is_postcode(squeezed: &str) -> bool {
    let never = |letter: char| matches!(letter, 'c' | 'i' | 'k' | 'm' | 'o' | 'v');
    !squeezed.chars().rev().take(2).any(never) && squeezed.parse::<Postcode>().is_ok()
}

/// The words of a text: letters and digits, one after another.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Letters and digits in small letters.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has_a_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
