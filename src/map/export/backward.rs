//! FHIR → record in the mapping language: which resource is which section's, and a group of rules for each.

mod values;

use serde_json::Value;

use super::fhir::{coded, element, meant};
use super::rule::{From, Group, Input, Rule, Target, Transform, Variables, quoted};
use crate::map::language::{Mapping, Row, Section, Source};
use crate::map::path::fhir::FhirStep;
use crate::map::path::record::RecordStep;
use crate::map::path::{FhirPath, RecordPath};
use crate::profile::fhirpath::Model;

/// The groups, the first of which takes the Bundle and makes the record.
pub(super) fn groups(mapping: &Mapping, model: &dyn Model) -> Vec<Group> {
    let mut backward = Backward { mapping, model, variables: Variables::default() };
    let mut groups = vec![backward.message()];
    for section in &mapping.sections {
        groups.push(backward.group(section));
    }
    groups
}

struct Backward<'a> {
    mapping: &'a Mapping,
    model: &'a dyn Model,
    variables: Variables,
}

/// Where rules read and write, and how much of each path leads there.
#[derive(Clone)]
struct Context {
    source: String,
    kind: String,
    read: usize,
    target: String,
    written: usize,
}

fn group_name(section: &Section) -> String {
    let parts = section.name.split('-').map(super::resource::raised);
    format!("read{}", parts.collect::<String>())
}

impl Backward<'_> {
    fn message(&mut self) -> Group {
        let mut rules = Vec::new();
        for (index, section) in self.mapping.sections.iter().enumerate() {
            if self.mapping.family(index) != index {
                continue;
            }
            let kin: Vec<usize> = (index..self.mapping.sections.len())
                .filter(|one| self.mapping.family(*one) == index)
                .collect();
            let entry = self.variables.new_name("entry");
            let taken: Vec<String> = kin.iter().map(|one| self.taken(*one)).collect();
            let condition =
                if taken.len() == 1 { taken[0].clone() } else { format!("({})", taken.join(") or (")) };
            let mut from = From::element("bundle", "entry", &entry).provided(Some(condition));
            let mut targets = Vec::new();
            let mut target = "record".to_owned();
            match &section.each {
                None => from.first = true,
                Some(list) => {
                    let item;
                    (targets, item) = self.item("record", &list.0);
                    target = item;
                }
            }
            let calls = kin.iter().zip(&taken).map(|(one, taken)| {
                let section = &self.mapping.sections[*one];
                let mut resource = From::element(&entry, "resource", &format!("{entry}resource"));
                resource.kind = Some(section.resource.clone());
                let call = Rule::new(section.line, resource)
                    .calling(&group_name(section), &[&format!("{entry}resource"), &target]);
                match kin.len() {
                    1 => call,
                    _ => Rule::new(section.line, From::whole(&entry).provided(Some(taken.clone())))
                        .then(vec![call]),
                }
            });
            let calls = calls.collect();
            rules.push(Rule::new(section.line, from).with(targets).then(calls));
        }
        Group {
            name: "message".to_owned(),
            inputs: vec![
                Input { kind: Some("Bundle"), ..Input::source("bundle") },
                Input { kind: Some("Record"), ..Input::target("record") },
            ],
            rules,
        }
    }

    /// FHIRPath that holds for an entry whose resource is the section's, and no earlier section's.
    fn taken(&self, index: usize) -> String {
        let section = &self.mapping.sections[index];
        let earlier = self.mapping.sections[..index].iter().filter(|one| one.resource == section.resource);
        let others = earlier.map(|one| format!("{}.not()", self.recognised(one)));
        std::iter::once(self.recognised(section)).chain(others).collect::<Vec<_>>().join(" and ")
    }

    fn recognised(&self, section: &Section) -> String {
        let marks = section.rows.iter().filter_map(|row| match &row.source {
            Source::Is(value) => Some(self.says(&section.resource, &row.fhir, value)),
            _ => None,
        });
        let marks: Vec<String> = marks.collect();
        let such = if marks.is_empty() { String::new() } else { format!(".where({})", marks.join(" and ")) };
        format!("resource.ofType({}){such}.exists()", section.resource)
    }

    /// FHIRPath that holds where the element at a path says what a fixed value says.
    fn says(&self, resource: &str, path: &FhirPath, value: &Value) -> String {
        let (mut kind, mut parts) = (resource.to_owned(), Vec::new());
        for step in &path.steps {
            let element = element(self.model, &kind, &step.name);
            let filters = meant(step).map_or_else(String::new, |meant| format!(".where({meant})"));
            let typed = if element.choice { format!(".ofType({})", element.kind) } else { String::new() };
            parts.push(format!("{}{typed}{filters}", element.name));
            kind = element.kind;
        }
        let coding = value.pointer("/coding/0").or((value.get("system").is_some()).then_some(value));
        let part =
            |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let expected = match (coding, value) {
            (Some(coding), _) => coded(&part(coding, "system"), &part(coding, "code")),
            (None, Value::String(text)) => format!("$this = {}", quoted(text)),
            (None, other) => format!("$this = {other}"),
        };
        if value.get("coding").is_some() {
            parts.push("coding".to_owned());
        }
        format!("{}.where({expected}).exists()", parts.join("."))
    }

    fn group(&mut self, section: &Section) -> Group {
        let written = section.each.as_ref().map_or(0, |list| list.0.len());
        let context = Context {
            source: "resource".to_owned(),
            kind: section.resource.clone(),
            read: 0,
            target: "record".to_owned(),
            written,
        };
        let rows: Vec<&Row> = section.rows.iter().collect();
        Group {
            name: group_name(section),
            inputs: vec![Input::source("resource"), Input::target("record")],
            rules: self.rows(&rows, &context),
        }
    }

    /// Rules for rows from where the context stands: rows that go through one list go through it together.
    fn rows(&mut self, rows: &[&Row], context: &Context) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut done: Vec<(&[FhirStep], &[RecordStep])> = Vec::new();
        for row in rows {
            let Some(path) = row.source.carried().0[0] else { continue };
            let list = row.fhir.steps.iter().skip(context.read).position(|step| step.each);
            let Some(list) = list else {
                rules.push(self.row(row, path, context));
                continue;
            };
            let read = context.read + list + 1;
            let item = path.0.iter().skip(context.written).position(|step| step.each);
            let written = context.written + item.map_or(0, |at| at + 1);
            let key = (&row.fhir.steps[..read], &path.0[..written]);
            if done.contains(&key) {
                continue;
            }
            done.push(key);
            let through = |other: &&&Row| {
                let same = other.source.carried().0[0].is_some_and(|path| path.0.starts_with(key.1));
                same && other.fhir.steps.starts_with(key.0)
            };
            let through: Vec<&Row> = rows.iter().filter(through).copied().collect();
            rules.push(self.list(row, &through, context, key, (read, written)));
        }
        rules
    }

    /// For each element of a list of FHIR an item of a list of the record.
    fn list(
        &mut self,
        row: &Row,
        rows: &[&Row],
        context: &Context,
        (steps, path): (&[FhirStep], &[RecordStep]),
        (read, written): (usize, usize),
    ) -> Rule {
        // A list of plain values has no items of its own: each value is written to it.
        let plain =
            rows.iter().all(|row| row.source.carried().0[0].is_some_and(|path| path.0.len() == written));
        if plain {
            let whole = RecordPath(path.to_vec());
            return self.row(row, &whole, context);
        }
        let (target, record) = (context.target.clone(), path[context.written..].to_vec());
        let rows: Vec<&Row> = rows.to_vec();
        self.down(row.line, context, &steps[context.read..], move |backward, source, kind| {
            let (targets, item) = backward.item(&target, &record);
            let inner = Context { source: source.to_owned(), kind, read, target: item, written };
            let inner = backward.rows(&rows, &inner);
            vec![Rule::new(row.line, From::whole(source)).with(targets).then(inner)]
        })
    }

    /// One row: down to its value in FHIR, and into the record.
    fn row(&mut self, row: &Row, path: &RecordPath, context: &Context) -> Rule {
        let steps = &row.fhir.steps[context.read..];
        let names: Vec<String> = path.0[context.written..].iter().map(|step| step.name.clone()).collect();
        let words = match &row.source {
            Source::Pair(_, words, _) => {
                Some(words.0[context.written..].iter().map(|step| step.name.clone()).collect::<Vec<_>>())
            }
            _ => None,
        };
        let target = context.target.clone();
        self.down(row.line, context, steps, move |backward, source, _| {
            let place = values::Place {
                target: &target,
                names: &names,
                words: words.as_deref(),
                open: row.keeps_words,
            };
            values::rules(row, source, &place, &mut backward.variables)
        })
    }

    /// Rules that go down a FHIR path to each of its values, and there do what is given.
    fn down(
        &mut self,
        line: usize,
        context: &Context,
        steps: &[FhirStep],
        end: impl FnOnce(&mut Self, &str, String) -> Vec<Rule>,
    ) -> Rule {
        let (mut variable, mut kind) = (context.source.clone(), context.kind.clone());
        let mut froms = Vec::new();
        for step in steps {
            let element = element(self.model, &kind, &step.name);
            let next = self.variables.new_name(&element.name);
            let mut from = From::element(&variable, &element.name, &next).provided(meant(step));
            from.kind = element.choice.then(|| element.kind.clone());
            from.first = step.list && !step.each;
            froms.push(from);
            (variable, kind) = (next, element.kind);
        }
        if froms.is_empty() {
            froms.push(From::whole(&variable));
        }
        let inner = end(self, &variable, kind);
        let wrap = |inner: Vec<Rule>, from: From| vec![Rule::new(line, from).then(inner)];
        froms.into_iter().rev().fold(inner, wrap).remove(0)
    }

    /// Targets that make an item of a list of the record, and its variable.
    fn item(&mut self, target: &str, steps: &[RecordStep]) -> (Vec<Target>, String) {
        let mut variable = target.to_owned();
        let mut targets = Vec::new();
        for step in steps {
            let next = self.variables.new_name(&step.name);
            targets.push(Target::set(&variable, &step.name, Transform::Element).called(&next));
            variable = next;
        }
        (targets, variable)
    }
}
