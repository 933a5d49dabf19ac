//! Code maps as groups of the mapping language: one for each map and form that it is used in, without a terminology server.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fhir::coded;
use super::rule::{From, Group, Input, Rule, Target, Transform, Variables, quoted};
use crate::map::codes::{CodeMap, Meaning};

/// The groups that are called, by name.
#[derive(Default)]
pub(super) struct CodeGroups(BTreeMap<String, (Arc<CodeMap>, Form)>);

/// What a code stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A Coding.
    Coding,
    /// A CodeableConcept.
    Concept,
}

impl CodeGroups {
    /// The name of the group for a map in a form.
    pub(super) fn name(&mut self, map: &Arc<CodeMap>, form: Form) -> String {
        let words: String = map.name.split('-').map(super::resource::raised).collect();
        let name = format!("{}{words}", if form == Form::Coding { "coding" } else { "concept" });
        self.0.insert(name.clone(), (Arc::clone(map), form));
        name
    }

    /// The groups that write codes for words: `word` is read, `coded` written.
    pub(super) fn to_fhir(&self) -> Vec<Group> {
        let group = |(name, (map, form)): (&String, &(Arc<CodeMap>, Form))| {
            let mut rules: Vec<Rule> = map.meanings().iter().map(|meaning| written(meaning, *form)).collect();
            let known: Vec<String> = map.meanings().iter().map(|meaning| quoted(&meaning.value)).collect();
            let element = if *form == Form::Coding { "display" } else { "text" };
            let unknown = format!("($this in ({})).not()", known.join(" | "));
            rules.push(Rule::new(1, From::whole("word").provided(Some(unknown))).with(vec![Target::set(
                "coded",
                element,
                Transform::Copy("word".to_owned()),
            )]));
            Group { name: name.clone(), inputs: vec![Input::source("word"), Input::target("coded")], rules }
        };
        self.0.iter().map(group).collect()
    }
}

/// FHIRPath that holds for a value coded with one of the meaning's codes.
pub(super) fn means(meaning: &Meaning, form: Form) -> String {
    let codes = meaning.codes.iter().map(|code| {
        let coded = coded(&code.system, &code.code);
        if form == Form::Coding { format!("({coded})") } else { format!("coding.where({coded}).exists()") }
    });
    codes.collect::<Vec<_>>().join(" or ")
}

fn written(meaning: &Meaning, form: Form) -> Rule {
    let mut variables = Variables::default();
    let source = From::whole("word").provided(Some(format!("$this = {}", quoted(&meaning.value))));
    let mut targets = Vec::new();
    let codes = if form == Form::Coding { 1 } else { usize::MAX };
    for code in meaning.codes.iter().take(codes) {
        let mut variable = "coded".to_owned();
        if form == Form::Concept {
            variable = variables.new_name("coding");
            targets.push(Target::set("coded", "coding", Transform::Element).called(&variable));
        }
        targets.push(Target::text(&variable, "system", &code.system));
        targets.push(Target::text(&variable, "code", &code.code));
        if !code.display.is_empty() {
            targets.push(Target::text(&variable, "display", &code.display));
        }
    }
    if form == Form::Concept && !meaning.display.is_empty() {
        targets.push(Target::text("coded", "text", &meaning.display));
    }
    Rule::new(1, source).with(targets)
}
