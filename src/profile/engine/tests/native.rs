//! Rules in Rust against their own expressions: on elements made by chance, both say the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::*;
use crate::json::document::{Document, Id, parse};
use crate::profile::fhirpath::{ElementType, Environment, Expression, LazyTypes, Model, Node, Temporal};
use crate::profile::plan::{Native, View, native};

/// Expressions of R4 that do not say what they mean, and what later releases of FHIR say in their place: what is not there breaks no rule, a
/// name is looked at as a whole, and the type is FHIR's.
const MEANT: &[(&str, &str)] = &[
    (
        "fullUrl.contains('/_history/').not()",
        "fullUrl.hasValue().not() or fullUrl.contains('/_history/').not()",
    ),
    (
        "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')",
        "name.hasValue().not() or name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
    ),
    (
        "probability is decimal implies (probability as decimal) <= 100",
        "probability.empty() or (probability is decimal implies (probability as decimal) <= 100)",
    ),
    ("operator = 'exists' implies (answer is Boolean)", "operator = 'exists' implies (answer is boolean)"),
];

/// How many elements are made for each rule, on each type that has it.
const TRIALS: usize = 400;

/// A rule on elements of a type: where they are in a resource or data type of that name.
struct Ruled {
    key: String,
    expression: String,
    native: Native,
    root: String,
    path: Vec<String>,
}

/// Every rule of the core definitions that has a form in Rust.
fn ruled(definitions: &Definitions) -> Vec<Ruled> {
    let mut all = vec![];
    for one in definitions.types().unwrap() {
        let structure = definitions.structure(&one.url).unwrap();
        if structure.constrains || structure.is_abstract {
            continue;
        }
        for element in &structure.snapshot {
            for rule in &element.constraints {
                let expression = rule.expression.clone().unwrap_or_default();
                let Some(native) = native::named(&rule.key, &expression) else { continue };
                let path = element.path.split('.').skip(1).map(str::to_owned).collect();
                let root = structure.type_name.clone();
                all.push(Ruled { key: rule.key.clone(), expression, native, root, path });
            }
        }
    }
    // What every resource has, a few of them show; a data type's rule is tried on the type itself.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    all.retain(|one| {
        let times = seen.entry(format!("{} {}", one.key, one.expression)).or_default();
        *times += 1;
        *times <= 6 && one.path.iter().all(|step| !step.ends_with("[x]"))
    });
    all
}

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn is(&mut self, hundredths: usize) -> bool {
        self.below(100) < hundredths
    }
}

/// Makes elements that have what a rule speaks of, and all that they must have of that.
struct Maker<'m> {
    types: &'m LazyTypes,
    needed: &'m BTreeSet<String>,
    /// The names that stand in the rule, and its texts.
    names: BTreeSet<&'m str>,
    texts: Vec<&'m str>,
    chance: Chance,
}

impl<'m> Maker<'m> {
    fn of(rule: &'m Ruled, types: &'m LazyTypes, needed: &'m BTreeSet<String>) -> Self {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        let names = rule.expression.split(|c| !is_part(c)).filter(|name| !name.is_empty());
        let texts = rule.expression.split('\'').skip(1).step_by(2).collect();
        Self { types, needed, names: names.collect(), texts, chance: Chance(20_261_130) }
    }

    /// An object of that type, in which the first step of the path is there.
    fn object(&mut self, kind: &str, path: &[String], depth: usize) -> Value {
        let mut object = Map::new();
        let next = path.first().map(String::as_str);
        let names: BTreeSet<&str> = self.names.iter().copied().chain(next).collect();
        for name in names {
            let Some(element) = self.types.element(kind, name) else { continue };
            let is_needed = next == Some(name) || self.needed.contains(&format!("{kind}.{name}"));
            if is_needed || (depth < 5 && self.chance.is(55)) {
                let rest = if next == Some(name) { &path[1..] } else { &[] };
                let is_bare = !is_needed && self.chance.is(15);
                self.member(&mut object, element, rest, (depth, is_bare));
            }
        }
        Value::Object(object)
    }

    fn member(
        &mut self,
        object: &mut Map<String, Value>,
        element: ElementType<'_>,
        path: &[String],
        (depth, is_bare): (usize, bool),
    ) {
        let kind = &element.types[self.chance.below(element.types.len())];
        let key = match element.is_choice {
            true => format!("{}{}{}", element.name, kind[..1].to_ascii_uppercase(), &kind[1..]),
            false => element.name.to_owned(),
        };
        let count = if element.is_list { 1 + self.chance.below(3) } else { 1 };
        let is_simple = kind.starts_with(|c: char| c.is_ascii_lowercase()) && &**kind != "xhtml";
        if is_simple && !element.is_list && is_bare {
            let unknown = json!({ "extension": [{ "url": "http://x.test/a", "valueString": "a" }] });
            object.insert(format!("_{key}"), unknown);
            return;
        }
        let mut values: Vec<Value> = (0..count).map(|_| self.value(kind, path, depth + 1)).collect();
        object.insert(key, if element.is_list { json!(values) } else { values.remove(0) });
    }

    fn value(&mut self, kind: &str, path: &[String], depth: usize) -> Value {
        let one = self.chance.below(3);
        match kind {
            "boolean" => json!(one == 0),
            "decimal" | "integer" | "unsignedInt" | "positiveInt" => json!([1, 7, 150][one]),
            "date" | "dateTime" | "instant" => json!(["2024", "2024-02-03", "2024-02-03T10:00:00Z"][one]),
            "xhtml" => json!("<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"),
            "Resource" => {
                let name = ["Patient", "Composition", "MessageHeader"][one];
                let mut resource = self.object(name, path, depth);
                resource["resourceType"] = json!(name);
                resource["id"] = json!(["a", "b"][self.chance.below(2)]);
                resource
            }
            "id" => json!(["a", "b"][one % 2]),
            kind if kind.starts_with(|c: char| c.is_ascii_lowercase()) => {
                let own = ["a", "b", "#a", "#", "Abc", "http://unitsofmeasure.org"];
                let all: Vec<&str> = self.texts.iter().copied().chain(own).collect();
                json!(all[self.chance.below(all.len())])
            }
            kind => {
                let made = self.object(kind, path, depth);
                if made.as_object().is_some_and(Map::is_empty) { json!({ "id": "a" }) } else { made }
            }
        }
    }
}

/// The elements at a path.
fn at(document: &Document<'_>, path: &[String]) -> Vec<Id> {
    let mut nodes = vec![document.root()];
    for step in path {
        let members = nodes.iter().filter_map(|node| document.child(*node, step));
        let items = members.flat_map(|member| match document.kind(member) {
            crate::json::document::Kind::Array => document.children(member).collect(),
            _ => vec![member],
        });
        nodes = items.collect();
    }
    nodes
}

/// The first element of which the two forms of a rule say different things, and what the expression says.
fn differs(rule: &Ruled, types: &LazyTypes, needed: &BTreeSet<String>) -> Option<String> {
    let meant = MEANT.iter().find(|(said, _)| *said == rule.expression).map(|(_, meant)| *meant);
    let expression = Expression::parse(meant.unwrap_or(&rule.expression)).unwrap();
    let mut kind = rule.root.clone();
    for step in &rule.path {
        kind = types.element(&kind, step)?.types.first()?.to_string();
    }
    let mut maker = Maker::of(rule, types, needed);
    for _ in 0..TRIALS {
        let mut made = maker.object(&rule.root, &rule.path, 0);
        if types.is_subtype(&rule.root, "Resource") {
            made["resourceType"] = json!(rule.root);
        }
        let text = made.to_string();
        let document = parse(&text, 60).unwrap();
        let (root, now) = (document.root(), Temporal::at(chrono::DateTime::default()));
        let view = View { document: &document, resource: root, root };
        for id in at(&document, &rule.path) {
            let node = |id, kind| Node::new(&document, Some(id), None, kind);
            let resource = Some(node(root, "Resource"));
            let environment =
                Environment { now, resource, root_resource: resource, ..Environment::new(types) };
            let Ok(holds) = expression.holds(node(id, &kind), &environment) else { continue };
            if (rule.native)(&view, id) != holds {
                return Some(format!("{} at {}{:?} says {holds}: {text}", rule.key, rule.root, rule.path));
            }
        }
    }
    None
}

#[test]
fn a_rule_in_rust_says_what_its_expression_says() {
    let definitions = Arc::new(Definitions::core().unwrap());
    let (rules, types) = (ruled(&definitions), types(&definitions).unwrap());
    let elements =
        definitions.types().unwrap().into_iter().map(|one| definitions.structure(&one.url).unwrap());
    let needed = elements.flat_map(|structure| {
        let needed = structure.snapshot.iter().filter(|one| !structure.constrains && one.min >= Some(1));
        needed.map(|one| one.path.clone()).collect::<Vec<_>>()
    });
    let needed = needed.collect();
    assert!(rules.len() > 100, "{}", rules.len());
    let differences: Vec<String> = rules.iter().filter_map(|rule| differs(rule, &types, &needed)).collect();
    assert!(differences.is_empty(), "{} of {}\n{}", differences.len(), rules.len(), differences.join("\n"));
}
