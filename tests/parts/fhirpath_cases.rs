//! The official FHIRPath cases for FHIR R4, when the environment says where they lie: `FHIRPATH_TEST_CASES` names a folder
//! with `tests.json` and `inputs/`. The types are those of the core pack.

use std::collections::BTreeMap;
use std::path::Path;

use kith::json::document::parse;
use kith::profile::definition::Structure;
use kith::profile::definitions::Definitions;
use kith::profile::fhirpath::{
    Environment, Expression, Item, LazyTypes, Model, Node, Temporal, Types, Value,
};
use serde_json::Value as Json;

/// At least so many of a hundred cases must pass.
const PASSED_MIN: usize = 98;

#[test]
#[expect(clippy::disallowed_methods, reason = "the cases are found by the environment")]
fn official_cases() {
    let Ok(cases) = std::env::var("FHIRPATH_TEST_CASES") else {
        println!("skipped: FHIRPATH_TEST_CASES is not set");
        return;
    };
    let definitions = Definitions::core().unwrap();
    let names = definitions.types().unwrap();
    let names = names.iter().map(|one| (one.name.as_str(), one.url.as_str()));
    let source = Definitions::core().unwrap();
    let types = LazyTypes::new(names, move |url| source.structure(url).ok());
    let cases = Path::new(&cases);
    let suite: Json =
        serde_json::from_str(&std::fs::read_to_string(cases.join("tests.json")).unwrap()).unwrap();
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = vec![];
    for case in suite["tests"].as_array().unwrap() {
        let group = groups.entry(text(case, "group").to_owned()).or_default();
        match run(case, cases, &types) {
            Ok(()) => group.0 += 1,
            Err(why) => {
                group.1 += 1;
                failures.push(format!(
                    "{}/{}: {}\n    {why}",
                    text(case, "group"),
                    text(case, "name"),
                    text(case, "expr")
                ));
            }
        }
    }
    for (group, (passed, failed)) in &groups {
        println!("{passed:4} passed {failed:3} failed  {group}");
    }
    failures.iter().for_each(|failure| println!("{failure}"));
    let total: usize = groups.values().map(|(passed, failed)| passed + failed).sum();
    let passed = total - failures.len();
    println!("{passed} of {total} cases pass");
    assert!(passed * 100 >= total * PASSED_MIN, "{passed} of {total} cases pass");
}

fn structures() -> Vec<Structure> {
    let definitions = Definitions::core().unwrap();
    let types = definitions.types().unwrap();
    types.iter().map(|one| Structure::clone(&definitions.structure(&one.url).unwrap())).collect()
}

#[test]
fn every_invariant_of_the_definitions_names_what_exists() {
    let structures = structures();
    let types = Types::new(&structures);
    let mut faults = BTreeMap::new();
    for structure in structures.iter().filter(|one| !one.constrains && one.kind != "logical") {
        for element in &structure.snapshot {
            let kinds: Vec<&str> = match element.path.rsplit_once('.') {
                None => vec![&structure.type_name],
                Some((parent, name)) => types
                    .element(parent, name.trim_end_matches("[x]"))
                    .map_or(vec![], |element| element.types.iter().map(|name| &**name).collect()),
            };
            for constraint in &element.constraints {
                let Some(text) = &constraint.expression else { continue };
                let expression = Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
                for kind in &kinds {
                    for fault in expression.check(&types, &[kind]) {
                        faults.insert(format!("{} on {kind}: {text}", constraint.key), fault.to_string());
                    }
                }
            }
        }
    }
    for (place, fault) in &faults {
        println!("{place}\n    {fault}");
    }
    // Two of FHIR R4's own invariants are wrong: they stand where their elements are not.
    assert!(
        faults.keys().all(|place| place.starts_with("cid-0") || place.starts_with("ras-1")),
        "{faults:?}"
    );
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json[key].as_str().unwrap_or_default()
}

/// Runs one case; the error says how it went wrong.
fn run(case: &Json, folder: &Path, types: &LazyTypes) -> Result<(), String> {
    let stem = text(case, "input").rsplit_once('.').map_or("", |(stem, _)| stem);
    let input = match stem {
        "" => "{}".to_owned(),
        stem => std::fs::read_to_string(folder.join("inputs").join(format!("{stem}.json"))).unwrap(),
    };
    let parsed = Expression::parse(text(case, "expr"));
    let document = parse(&input, 200).unwrap();
    let node = Node::root(&document);
    let now = Temporal::at(chrono::DateTime::parse_from_rfc3339("2026-03-01T10:30:00.123+01:00").unwrap());
    let environment = Environment { now, ..Environment::new(types) };
    let focus = if stem.is_empty() { vec![] } else { vec![Item::Node(node)] };

    let faults = match &parsed {
        // As in a tool that lets authors know before anything is evaluated; a case without input has no type.
        Ok(expression) if !stem.is_empty() => expression.check(types, &[node.type_name()]),
        _ => vec![],
    };
    let result = match (&parsed, faults.first()) {
        (_, Some(fault)) => Err(fault.clone()),
        (Err(fault), _) => Err(fault.clone()),
        (Ok(expression), _) => expression.evaluate_on(&focus, &environment),
    };
    match (result, text(case, "invalid")) {
        (Err(_), invalid) if !invalid.is_empty() => Ok(()),
        (Ok(items), invalid) if !invalid.is_empty() => {
            Err(format!("should fail ({invalid}), gives {}", shown(&items)))
        }
        (Err(fault), _) => Err(format!("fails: {fault}")),
        (Ok(items), _) => compare(case, &items),
    }
}

fn compare(case: &Json, items: &[Item<'_>]) -> Result<(), String> {
    let wanted = case["outputs"].as_array().unwrap();
    if case["predicate"] == true && wanted.len() == 1 {
        let truth = match items {
            [] => false,
            [item] => item.value() != Some(Value::Boolean(false)),
            _ => true,
        };
        let fits = text(&wanted[0], "value") == truth.to_string();
        return if fits { Ok(()) } else { Err(format!("gives {truth}")) };
    }
    let mut left: Vec<&Item<'_>> = items.iter().collect();
    for output in wanted {
        let any_order = case["ordered"] == false;
        let place = left.iter().position(|item| fits(item, output));
        match place.filter(|place| any_order || *place == 0) {
            Some(place) => {
                left.remove(place);
            }
            None => return Err(format!("gives {}, not {}", shown(items), Json::from(wanted.clone()))),
        }
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("gives {}, more than {}", shown(items), Json::from(wanted.clone())))
    }
}

/// Whether an item has the text and the type that a case wants.
fn fits(item: &Item<'_>, output: &Json) -> bool {
    let wanted = text(output, "value");
    let kind = match item {
        Item::Node(node) => node.type_name().to_owned(),
        Item::Value(value) => value.type_name().to_owned(),
    };
    let kind_fits = match text(output, "type") {
        "" => true,
        wanted => kind.eq_ignore_ascii_case(wanted),
    };
    let own = item.text().map(|text| text.into_owned()).unwrap_or_default();
    let value_fits = match item.value() {
        Some(Value::Temporal(_)) => own == wanted.trim_start_matches('@').trim_start_matches('T'),
        Some(Value::Decimal(_)) => {
            own == wanted || own == wanted.trim_start_matches('-') && own.parse::<f64>() == Ok(0.0)
        }
        _ => own == wanted,
    };
    kind_fits && value_fits
}

fn shown(items: &[Item<'_>]) -> String {
    let one = |item: &Item<'_>| match item {
        Item::Node(node) => format!("{}:{}", node.type_name(), item.text().unwrap_or_default()),
        Item::Value(value) => format!("{}:{}", value.type_name(), value.text().unwrap_or_default()),
    };
    format!("[{}]", items.iter().map(one).collect::<Vec<_>>().join(", "))
}
