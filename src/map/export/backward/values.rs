//! A value of FHIR as rules that write it into the record.

use serde_json::Value;

use crate::map::codes::Meaning;
use crate::map::export::fhir::coded;
use crate::map::export::rule::{From, Rule, Target, Transform, Variables, quoted};
use crate::map::export::shapes::{Form, means};
use crate::map::language::{Row, Shape, Source};
use crate::map::value::key_system;

/// Where a value goes: the names of the record below a variable.
pub(super) struct Place<'a> {
    pub(super) target: &'a str,
    pub(super) names: &'a [String],
    /// Where the words go that a code was chosen for.
    pub(super) words: Option<&'a [String]>,
    /// Whether words that the code map does not know are kept.
    pub(super) open: bool,
}

/// The rules for the value that `source` holds.
pub(super) fn rules(row: &Row, source: &str, place: &Place<'_>, variables: &mut Variables) -> Vec<Rule> {
    let mut writing = Writing { line: row.line, source, place, variables };
    let copy = || Transform::Copy(source.to_owned());
    match (&row.source, &row.shape) {
        // A day alone is a day; what a time with its zone is by the clock in England the language cannot say.
        (Source::Pair(..), Shape::When) => vec![writing.provided("$this.toString().length() = 10", copy())],
        (_, Shape::Quantity { code, .. }) => {
            vec![writing.part("value", Some(coded("http://unitsofmeasure.org", code)))]
        }
        (_, Shape::Identifier(system)) => {
            vec![writing.part("value", Some(format!("system = {}", quoted(system))))]
        }
        (_, Shape::ReferenceBy(..)) => vec![writing.key()],
        (_, Shape::Concept(None)) => vec![writing.part("text", None)],
        (_, Shape::Code(Some(map))) => {
            let means = |meaning: &Meaning| {
                let codes = meaning.codes.iter().map(|code| format!("$this = {}", quoted(&code.code)));
                codes.collect::<Vec<_>>().join(" or ")
            };
            map.meanings().iter().map(|meaning| writing.word(&meaning.value, &means(meaning))).collect()
        }
        (_, Shape::Coding(Some(map))) => writing.coded(map.meanings(), Form::Coding),
        (_, Shape::Concept(Some(map))) => writing.coded(map.meanings(), Form::Concept),
        (_, Shape::Clock) => {
            let minute = Transform::Truncate(source.to_owned(), 5);
            vec![Rule::new(row.line, From::whole(source)).with(writing.targets(minute))]
        }
        _ => vec![Rule::new(row.line, From::whole(source)).with(writing.targets(copy()))],
    }
}

struct Writing<'a> {
    line: usize,
    source: &'a str,
    place: &'a Place<'a>,
    variables: &'a mut Variables,
}

impl Writing<'_> {
    /// The record's value, with what it stands in.
    fn targets(&mut self, transform: Transform) -> Vec<Target> {
        self.below(self.place.names, transform)
    }

    fn below(&mut self, names: &[String], transform: Transform) -> Vec<Target> {
        let mut variable = self.place.target.to_owned();
        let mut targets = Vec::new();
        let Some((last, parents)) = names.split_last() else { return targets };
        for name in parents {
            let next = self.variables.new_name(name);
            targets.push(Target::set(&variable, name, Transform::Element).called(&next));
            variable = next;
        }
        targets.push(Target::set(&variable, last, transform));
        targets
    }

    fn provided(&mut self, condition: &str, transform: Transform) -> Rule {
        let from = From::whole(self.source).provided(Some(condition.to_owned()));
        Rule::new(self.line, from).with(self.targets(transform))
    }

    /// A word of the record where the value has one of its codes.
    fn word(&mut self, word: &str, condition: &str) -> Rule {
        self.provided(condition, Transform::Literal(Value::String(word.to_owned())))
    }

    /// The value of one part, if the whole is as expected.
    fn part(&mut self, part: &str, condition: Option<String>) -> Rule {
        let variable = self.variables.new_name(part);
        let targets = self.targets(Transform::Copy(variable.clone()));
        let inner = Rule::new(self.line, From::element(self.source, part, &variable)).with(targets);
        match condition {
            None => inner,
            condition => Rule::new(self.line, From::whole(self.source).provided(condition)).then(vec![inner]),
        }
    }

    /// The key of a reference by key.
    fn key(&mut self) -> Rule {
        let identifier = self.variables.new_name("identifier");
        let value = self.variables.new_name("value");
        let targets = self.targets(Transform::Copy(value.clone()));
        let ours = Some(format!("system = {}", quoted(&key_system())));
        Rule::new(self.line, From::element(self.source, "identifier", &identifier).provided(ours))
            .then(vec![Rule::new(self.line, From::element(&identifier, "value", &value)).with(targets)])
    }

    /// The word for a code; the words that it was chosen for; other words where they are kept.
    fn coded(&mut self, meanings: &[Meaning], form: Form) -> Vec<Rule> {
        let mut rules = Vec::new();
        for meaning in meanings {
            let mut rule = self.word(&meaning.value, &means(meaning, form));
            if let Some(words) = self.place.words {
                let text = self.variables.new_name("text");
                let other = format!("$this != {}", quoted(&meaning.display));
                let from = From::element(self.source, "text", &text).provided(Some(other));
                let targets = self.below(words, Transform::Copy(text));
                rule.rules.push(Rule::new(self.line, from).with(targets));
            }
            rules.push(rule);
        }
        if self.place.open {
            let known: Vec<String> =
                meanings.iter().map(|meaning| format!("({})", means(meaning, form))).collect();
            let part = if form == Form::Coding { "display" } else { "text" };
            rules.push(self.part(part, Some(format!("({}).not()", known.join(" or ")))));
        }
        rules
    }
}
