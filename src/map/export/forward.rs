//! Record → FHIR in the mapping language: which resources there are, and a group of rules for each.

mod rows;

use super::fhir::literal;
use super::rule::{From, Group, Input, Rule, Target, Transform, Variables, quoted};
use super::shapes::CodeGroups;
use crate::map::envelope::ODS_ENDPOINT;
use crate::map::language::{Choice, Mapping, Row, Section};
use crate::map::path::RecordPath;
use crate::profile::fhirpath::Model;

/// The groups, the first of which takes the record and makes the Bundle.
pub(super) fn groups(mapping: &Mapping, model: &dyn Model) -> Vec<Group> {
    let mut forward =
        Forward { mapping, model, variables: Variables::default(), codes: CodeGroups::default() };
    let mut groups = vec![forward.message()];
    if !mapping.sections.iter().any(|section| section.resource == "MessageHeader") {
        groups.push(forward.group(None));
    }
    for section in &mapping.sections {
        groups.push(forward.group(Some(section)));
    }
    groups.extend(forward.codes.to_fhir());
    groups
}

pub(super) struct Forward<'a> {
    mapping: &'a Mapping,
    model: &'a dyn Model,
    variables: Variables,
    codes: CodeGroups,
}

/// Where rules read: a variable, and how much of a record path leads to it.
#[derive(Clone)]
pub(super) struct Context {
    variable: String,
    depth: usize,
}

/// The id of a section that is made once at most, as a variable.
fn id_of(name: &str) -> String {
    format!("{}Id", camel(name))
}

/// A section's name as the language wants names.
fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + &super::resource::raised(part))
}

impl Forward<'_> {
    /// The sections that have one id in the whole message.
    fn single(&self) -> impl Iterator<Item = &Section> {
        self.mapping.sections.iter().filter(|one| one.each.is_none() && one.resource != "MessageHeader")
    }

    /// What groups are given: the record, the item where there is one, the Bundle, ids.
    fn inputs(&self, item: bool) -> Vec<String> {
        let mut names = vec!["record".to_owned()];
        if item {
            names.push("item".to_owned());
        }
        names.extend(["bundle".to_owned(), "headerId".to_owned()]);
        names.extend(self.single().map(|section| id_of(&section.name)));
        names
    }

    /// The group to begin with.
    fn message(&mut self) -> Group {
        let new_id = |name: String| Target { place: None, transform: Transform::Uuid, variable: Some(name) };
        let mut targets = vec![Target::text("bundle", "type", "message"), new_id("headerId".to_owned())];
        targets.extend(self.single().map(|section| new_id(id_of(&section.name))));
        let header = self.mapping.sections.iter().find(|one| one.resource == "MessageHeader");
        let header = header.map_or("header".to_owned(), |section| camel(&section.name));
        let mut rules = vec![self.call(1, From::whole("record"), &header, None)];
        for (index, section) in self.mapping.sections.iter().enumerate() {
            if section.resource == "MessageHeader" || self.mapping.family(index) != index {
                continue;
            }
            rules.push(match &section.each {
                None => {
                    let there = exists(section, 0);
                    self.call(
                        section.line,
                        From::whole("record").provided(there),
                        &camel(&section.name),
                        None,
                    )
                }
                Some(list) => self.list(section, list),
            });
        }
        Group {
            name: "message".to_owned(),
            inputs: vec![
                Input { kind: Some("Record"), ..Input::source("record") },
                Input { kind: Some("Bundle"), ..Input::target("bundle") },
            ],
            rules: vec![Rule::new(1, From::whole("record")).with(targets).then(rules)],
        }
    }

    /// A rule that calls a section's group.
    fn call(&self, line: usize, from: From, group: &str, item: Option<&str>) -> Rule {
        let names = self.inputs(item.is_some());
        let given = |name: &String| match item {
            Some(item) if name == "item" => item.to_owned(),
            _ => name.clone(),
        };
        let given: Vec<String> = names.iter().map(given).collect();
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        Rule::new(line, from).calling(group, &given)
    }

    /// For each item of a list the resource that it makes.
    fn list(&mut self, section: &Section, list: &RecordPath) -> Rule {
        let depth = list.0.len();
        let context = Context { variable: "record".to_owned(), depth: 0 };
        let sections: Vec<&Section> =
            self.mapping.sections.iter().filter(|one| one.each.as_ref() == Some(list)).collect();
        self.chain(section.line, &context, list, depth, |forward, item| {
            let calls = sections.iter().map(|section| {
                let conditions =
                    [section.choice.as_ref().map(|one| chosen(one, depth)), exists(section, depth)];
                let conditions: Vec<String> = conditions.into_iter().flatten().collect();
                let provided = (!conditions.is_empty()).then(|| conditions.join(" and "));
                let from = From::whole(item).provided(provided);
                forward.call(section.line, from, &camel(&section.name), Some(item))
            });
            calls.collect()
        })
    }

    /// The group of a section; without one, that of the header.
    fn group(&mut self, section: Option<&Section>) -> Group {
        let resource = section.map_or("MessageHeader", |section| &section.resource);
        let name = section.map_or("header", |section| &section.name);
        let line = section.map_or(1, |section| section.line);
        let item = section.is_some_and(|section| section.each.is_some());
        let header = resource == "MessageHeader";
        let variable = if item { "item" } else { "record" };
        let own = match (header, item) {
            (true, _) => "headerId".to_owned(),
            (_, true) => "ownId".to_owned(),
            _ => id_of(name),
        };
        let mut targets = vec![Target::set("bundle", "entry", Transform::Element).called("entry")];
        if item {
            targets.push(Target { place: None, transform: Transform::Uuid, variable: Some(own.clone()) });
        }
        targets.push(Target::set("entry", "fullUrl", Transform::Append("urn:uuid:", own)));
        targets.push(
            Target::set("entry", "resource", Transform::Create(resource.to_owned())).called("resource"),
        );
        let mut rules = if header { self.header() } else { vec![] };
        let depth = section.and_then(|section| section.each.as_ref()).map_or(0, |list| list.0.len());
        let context = Context { variable: variable.to_owned(), depth };
        let rows: &[Row] = section.map_or(&[], |section| &section.rows);
        rules.extend(self.rows(rows, &context, "resource", resource));
        let inputs = self.inputs(item).into_iter().map(|name| match name.as_str() {
            "bundle" => Input::target(&name),
            _ => Input::source(&name),
        });
        Group {
            name: camel(name),
            inputs: inputs.collect(),
            rules: vec![Rule::new(line, From::whole(variable)).with(targets).then(rules)],
        }
    }

    /// What Kith itself says in every header.
    fn header(&mut self) -> Vec<Rule> {
        let event = serde_json::json!({ "system": self.mapping.event.0, "code": self.mapping.event.1 });
        let mut targets = vec![
            Target::set("resource", "id", Transform::Copy("headerId".to_owned())),
            Target::set("resource", "event", Transform::Create("Coding".to_owned())).called("event"),
        ];
        targets.extend(literal("event", &event, &mut self.variables));
        let mut rules = vec![Rule::new(1, From::whole("record")).with(targets)];
        let endpoint = |id: Transform| {
            let source = Target::set("resource", "source", Transform::Element).called("source");
            vec![source, Target::set("source", "endpoint", id)]
        };
        let unnamed = Transform::Append("urn:uuid:", "headerId".to_owned());
        let context = Context { variable: "record".to_owned(), depth: 0 };
        match self.mapping.sender.clone() {
            None => rules.push(Rule::new(1, From::whole("record")).with(endpoint(unnamed))),
            Some(path) => {
                let lacking = Some(format!("{}.exists().not()", expression(&path, 0)));
                rules.push(Rule::new(1, From::whole("record").provided(lacking)).with(endpoint(unnamed)));
                rules.push(self.chain(1, &context, &path, path.0.len(), |_, code| {
                    let named = Transform::Append(ODS_ENDPOINT, code.to_owned());
                    vec![Rule::new(1, From::whole(code)).with(endpoint(named))]
                }));
            }
        }
        let focus = self.mapping.focus.as_deref().unwrap_or("child");
        if let Some(section) = self.single().find(|section| section.name == focus) {
            let reference = vec![
                Target::set("resource", "focus", Transform::Element).called("focus"),
                Target::set("focus", "reference", Transform::Append("urn:uuid:", id_of(focus))),
            ];
            rules.push(Rule::new(1, From::whole("record").provided(exists(section, 0))).with(reference));
        }
        rules
    }

    /// Rules that go down a record path to its value, step by step, and there do what is given.
    fn chain(
        &mut self,
        line: usize,
        context: &Context,
        path: &RecordPath,
        to: usize,
        end: impl FnOnce(&mut Self, &str) -> Vec<Rule>,
    ) -> Rule {
        let steps = path.0.get(context.depth..to).unwrap_or_default();
        let mut froms = Vec::new();
        let mut variable = context.variable.clone();
        for step in steps {
            let next = self.variables.new_name(&step.name);
            froms.push(From::element(&variable, &step.name, &next));
            variable = next;
        }
        let mut inner = end(self, &variable);
        // What stands alone and only names the value itself needs no rule of its own around it.
        if froms.is_empty() && inner.len() == 1 {
            return inner.remove(0);
        }
        if froms.is_empty() {
            froms.push(From::whole(&variable));
        }
        let wrap = |inner: Vec<Rule>, from: From| vec![Rule::new(line, from).then(inner)];
        froms.into_iter().rev().fold(inner, wrap).remove(0)
    }
}

/// A record path as FHIRPath, from so many steps on; lists are gone through whole.
fn expression(path: &RecordPath, from: usize) -> String {
    let names: Vec<&str> = path.0.iter().skip(from).map(|step| step.name.as_str()).collect();
    if names.is_empty() { "$this".to_owned() } else { names.join(".") }
}

/// FHIRPath that holds where a row of the section carries a value.
fn exists(section: &Section, depth: usize) -> Option<String> {
    let paths = section.rows.iter().flat_map(|row| row.source.carried().0.into_iter().flatten());
    any(paths, depth)
}

/// FHIRPath that holds where one of the paths has a value; nothing where one of them is the value that is looked at.
fn any<'p>(paths: impl Iterator<Item = &'p RecordPath>, depth: usize) -> Option<String> {
    let mut parts = Vec::new();
    for path in paths {
        if path.0.len() <= depth {
            return None;
        }
        let part = format!("{}.exists()", expression(path, depth));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(format!("({})", parts.join(" or "))),
    }
}

/// FHIRPath that holds for an item that makes the section.
fn chosen(choice: &Choice, depth: usize) -> String {
    let words: Vec<String> = choice.values.iter().map(|value| quoted(value)).collect();
    format!("{} in ({})", expression(&choice.path, depth), words.join(" | "))
}
