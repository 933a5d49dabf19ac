//! StructureMaps: their variables, groups and elements (<https://hl7.org/fhir/R4/structuremap.html>).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::plan::View;

/// How many parameters each transform takes at least and at most
/// (<https://hl7.org/fhir/R4/valueset-map-transform.html>); of others nothing is said.
const TRANSFORMS: &[(&str, usize, usize)] = &[
    ("append", 1, usize::MAX),
    ("cast", 1, 2),
    ("copy", 0, 1),
    ("create", 0, 1),
    ("evaluate", 1, 2),
    ("pointer", 1, 1),
    ("reference", 1, 1),
    ("translate", 2, 3),
    ("truncate", 2, 2),
    ("uuid", 0, 0),
];

/// A path that is longer goes round in circles, such as `Extension.extension.extension`; nothing is said of what follows it.
const PATH_MAX: usize = 200;

/// What the names in a place mean: each variable, with the path of its type (`Patient`, `Patient.contact`) where that is known. What a rule
/// names is forgotten after it.
#[derive(Default)]
struct Variables {
    named: HashMap<String, Vec<Option<String>>>,
    order: Vec<String>,
}

impl Variables {
    fn add(&mut self, name: String, type_path: Option<String>) {
        self.named.entry(name.clone()).or_default().push(type_path);
        self.order.push(name);
    }

    /// The path of its type, if that is known; none when there is no such variable.
    fn get(&self, name: &str) -> Option<Option<&str>> {
        Some(self.named.get(name)?.last()?.as_deref())
    }

    /// Forgets what was added after so many.
    fn forget(&mut self, after: usize) {
        for name in self.order.drain(after..) {
            self.named.get_mut(&name).map(Vec::pop);
        }
    }
}

/// What the whole map knows.
struct Known {
    /// Its groups, with how many variables each takes.
    groups: HashMap<String, usize>,
    /// The names of its rules, which can be applied like groups.
    rules: HashSet<String>,
    /// Whether it takes groups from other maps, of which nothing is known.
    imports: bool,
}

impl Walk<'_, '_> {
    /// Every variable is one that is in scope, every group that is applied is there and gets what it takes, every element is one of its
    /// type.
    pub(super) fn structure_map(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let mut known = Known {
            groups: HashMap::new(),
            rules: HashSet::new(),
            imports: view.items(node, "import").next().is_some(),
        };
        let groups = place.child("group");
        for (number, group) in view.items(node, "group").enumerate() {
            let name = view.text(group, "name").unwrap_or_default().into_owned();
            names_of_rules(&mut known.rules, view, group);
            if known.groups.insert(name.clone(), view.items(group, "input").count()).is_some() {
                let text = format!(
                    "The map has two groups '{name}', so nobody can tell which is meant. Rename one."
                );
                let here = groups.item(number);
                self.findings.error(&here.child("name"), group, "duplicate", text);
            }
        }
        let types = self.types_of_map(node);
        for (number, group) in view.items(node, "group").enumerate() {
            let here = groups.item(number);
            if let Some(base) = view.text(group, "extends") {
                self.applied(&here.child("extends"), group, &base, None, &known);
            }
            let mut variables = Variables::default();
            for input in view.items(group, "input") {
                let type_path = view.text(input, "type").and_then(|name| types.get(&*name).cloned());
                variables.add(view.text(input, "name").unwrap_or_default().into_owned(), type_path);
            }
            self.rules_of_map(&here, group, &mut variables, &known);
        }
    }

    /// The types by the names that inputs give them: the alias of a structure, or its own name.
    fn types_of_map(&mut self, node: Id) -> HashMap<String, String> {
        let view = self.view();
        let mut types = HashMap::new();
        for structure in view.items(node, "structure") {
            let Some(url) = view.text(structure, "url") else { continue };
            let Ok(Some(found)) = self.definitions().structure(&url) else { continue };
            if found.kind == "logical" {
                continue;
            }
            if let Some(alias) = view.text(structure, "alias") {
                types.insert(alias.into_owned(), found.type_name.clone());
            }
            types.insert(found.type_name.clone(), found.type_name.clone());
        }
        types
    }

    fn rules_of_map(&mut self, place: &Place<'_>, owner: Id, variables: &mut Variables, known: &Known) {
        let view = self.view();
        let rules = place.child("rule");
        for (number, rule) in view.items(owner, "rule").enumerate() {
            if self.findings.is_full() {
                return;
            }
            let here = rules.item(number);
            let outside = variables.order.len();
            let sources = here.child("source");
            for (at, source) in view.items(rule, "source").enumerate() {
                self.source_of_map(&sources.item(at), source, variables);
            }
            let targets = here.child("target");
            for (at, target) in view.items(rule, "target").enumerate() {
                self.target_of_map(&targets.item(at), target, variables);
            }
            let dependents = here.child("dependent");
            for (at, dependent) in view.items(rule, "dependent").enumerate() {
                let here = dependents.item(at);
                let names: Vec<Id> = view.items(dependent, "variable").collect();
                let name = view.text(dependent, "name").unwrap_or_default();
                self.applied(&here.child("name"), dependent, &name, Some(names.len()), known);
                let place = here.child("variable");
                for (index, one) in names.into_iter().enumerate() {
                    let name = self.document.text(one).into_owned();
                    self.in_scope(&place.item(index), one, &name, variables);
                }
            }
            self.rules_of_map(&here, rule, variables, known);
            variables.forget(outside);
        }
    }

    fn source_of_map(&mut self, place: &Place<'_>, source: Id, variables: &mut Variables) {
        let view = self.view();
        let type_path = self.element_of_map(place, source, variables);
        let chosen = view.text(source, "type");
        if let Some(name) = view.text(source, "variable") {
            variables.add(name.into_owned(), chosen.map(Cow::into_owned).or(type_path));
        }
    }

    fn target_of_map(&mut self, place: &Place<'_>, target: Id, variables: &mut Variables) {
        let view = self.view();
        let by_type = view.is(target, "contextType", "type");
        let type_path = if by_type { None } else { self.element_of_map(place, target, variables) };
        let parameters: Vec<Id> = view.items(target, "parameter").collect();
        let here = place.child("parameter");
        for (at, parameter) in parameters.iter().enumerate() {
            if let Some(own) = view.get(*parameter, "valueId") {
                let (here, name) = (here.item(at), self.document.text(own));
                self.in_scope(&here.child("value").chosen("id"), own, &name, variables);
            }
        }
        let transform = view.text(target, "transform");
        let bounds = TRANSFORMS.iter().find(|(name, _, _)| transform.as_deref() == Some(name));
        if let Some((name, least, most)) = bounds
            && !(*least..=*most).contains(&parameters.len())
        {
            let wanted = match (least, most) {
                (least, &usize::MAX) => format!("{least} or more"),
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least} to {most}"),
            };
            let text = format!(
                "The transform '{name}' has another number of parameters: {wanted}, not {}.",
                parameters.len()
            );
            self.findings.error(&place.child("transform"), target, "invalid", text);
        }
        let Some(name) = view.text(target, "variable") else { return };
        let made = match transform.as_deref() {
            None => type_path,
            Some("create") => parameters
                .first()
                .and_then(|one| view.text(*one, "valueString"))
                .map(Cow::into_owned)
                .or(type_path),
            Some(_) => None,
        };
        variables.add(name.into_owned(), made);
    }

    /// The path of the type of the element that a source or target names; where it is not known, nothing is said of what follows it.
    fn element_of_map(&mut self, place: &Place<'_>, node: Id, variables: &Variables) -> Option<String> {
        let view = self.view();
        let own = view.get(node, "context")?;
        let context = self.document.text(own);
        self.in_scope(&place.child("context"), own, &context, variables);
        let of = variables.get(&context).flatten().map(str::to_owned);
        let Some(own) = view.get(node, "element") else { return of };
        let (of, element) = (of?, self.document.text(own));
        let is_name = element.chars().all(|c| c.is_ascii_alphanumeric());
        if is_name && !self.rules.misnamed(&format!("`{element}`"), &of).is_empty() {
            let text = format!("{of} has no element '{element}'. Name one that it has.");
            self.findings.error(&place.child("element"), own, "invalid", text);
            return None;
        }
        (is_name && of.len() < PATH_MAX).then(|| format!("{of}.{element}"))
    }

    fn in_scope(&mut self, place: &Place<'_>, node: Id, name: &str, variables: &Variables) {
        if variables.get(name).is_none() {
            let text = format!(
                "There is no variable '{name}' here. Use an input of the group, or a variable of this rule or of one around it."
            );
            self.findings.error(place, node, "not-found", text);
        }
    }

    /// A group or a rule that is applied is there, and a group gets as many variables as it takes.
    fn applied(&mut self, place: &Place<'_>, node: Id, name: &str, given: Option<usize>, known: &Known) {
        match (known.groups.get(name), given) {
            (Some(takes), Some(given)) if *takes != given => {
                let text = format!("The group '{name}' takes {takes} variables; here are {given}.");
                self.findings.error(place, node, "invalid", text);
            }
            (None, _) if !known.imports && !known.rules.contains(name) => {
                let text = format!(
                    "The map has no group '{name}' and imports none. Add the group, or import the map that has it."
                );
                self.findings.error(place, node, "not-found", text);
            }
            _ => {}
        }
    }
}

/// The names of all rules within, however deep.
fn names_of_rules(names: &mut HashSet<String>, view: View<'_, '_>, owner: Id) {
    for rule in view.items(owner, "rule") {
        names.extend(view.text(rule, "name").map(Cow::into_owned));
        names_of_rules(names, view, rule);
    }
}
