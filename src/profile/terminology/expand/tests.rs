//! Value sets: lists, systems, filters, nesting, and what cannot be told.

// The figures are what some of these are run for.
#![allow(clippy::print_stdout)]

use serde_json::{Value, json};

use super::*;
use crate::profile::package::Package;

const SYSTEM: &str = "urn:animals";

fn definitions(value_sets: &[Value]) -> Definitions {
    let system = json!({"resourceType": "CodeSystem", "url": SYSTEM, "content": "complete", "caseSensitive": true,
        "concept": [{"code": "animal", "display": "Animal", "concept": [
            {"code": "dog", "display": "Dog", "property": [{"code": "legs", "valueInteger": 4}]},
            {"code": "bird", "display": "Bird", "property": [{"code": "legs", "valueInteger": 2}],
             "concept": [{"code": "duck"}]}]}]});
    let files = value_sets.iter().chain([&system]).map(|one| ("file.json", one.to_string()));
    Definitions::core().unwrap().with(Package::from_files("test", files).unwrap())
}

fn value_set(url: &str, include: Value, exclude: Value) -> Value {
    json!({"resourceType": "ValueSet", "url": url, "compose": {"include": include, "exclude": exclude}})
}

/// The codes that one part selects, by code.
fn selected(include: Value) -> Vec<String> {
    let mut selected = in_order(include);
    selected.sort_unstable();
    selected
}

/// The codes that one part selects, as they are named.
fn in_order(include: Value) -> Vec<String> {
    let definitions = definitions(&[value_set("urn:v", json!([include]), json!([]))]);
    let expansion = definitions.expansion("urn:v").unwrap();
    expansion.codes().into_iter().map(|(_, code, _)| code.to_owned()).collect()
}

fn filtered(property: &str, op: &str, value: &str) -> Vec<String> {
    selected(json!({"system": SYSTEM, "filter": [{"property": property, "op": op, "value": value}]}))
}

#[test]
fn whole_systems_and_lists() {
    assert_eq!(selected(json!({"system": SYSTEM})), ["animal", "bird", "dog", "duck"]);
    assert_eq!(selected(json!({"system": SYSTEM, "concept": [{"code": "dog"}]})), ["dog"]);
}

#[test]
fn codes_keep_the_order_in_which_they_are_named() {
    assert_eq!(in_order(json!({"system": SYSTEM})), ["animal", "dog", "bird", "duck"]);
    let named = json!([{"code": "duck"}, {"code": "animal"}, {"code": "dog"}, {"code": "duck"}]);
    assert_eq!(in_order(json!({"system": SYSTEM, "concept": named})), ["duck", "animal", "dog"]);
}

#[test]
fn filters() {
    assert_eq!(filtered("concept", "is-a", "bird"), ["bird", "duck"]);
    assert_eq!(filtered("concept", "descendent-of", "animal"), ["bird", "dog", "duck"]);
    assert_eq!(filtered("concept", "is-not-a", "bird"), ["animal", "dog"]);
    assert_eq!(filtered("concept", "generalizes", "duck"), ["animal", "bird", "duck"]);
    assert_eq!(filtered("legs", "=", "4"), ["dog"]);
    assert_eq!(filtered("legs", "in", "2, 4"), ["bird", "dog"]);
    assert_eq!(filtered("legs", "not-in", "2"), ["animal", "dog", "duck"]);
    assert_eq!(filtered("legs", "exists", "false"), ["animal", "duck"]);
    assert_eq!(filtered("code", "regex", "d.*"), ["dog", "duck"]);
    assert_eq!(filtered("parent", "=", "animal"), ["bird", "dog"]);
    assert_eq!(filtered("child", "=", "duck"), ["bird"]);
}

#[test]
fn what_filters_do_not_say_is_not_guessed() {
    let unsure = |filter: Value| {
        let include = json!([{"system": SYSTEM, "filter": [filter]}]);
        definitions(&[value_set("urn:v", include, json!([]))]).member("urn:v", Some(SYSTEM), "dog").unwrap()
    };
    for filter in [
        json!({"property": "concept", "op": "is-a", "value": "unicorn"}),
        json!({"property": "concept", "op": "under", "value": "dog"}),
        json!({"property": "code", "op": "regex", "value": "(a{1000}){1000}"}),
    ] {
        assert!(matches!(unsure(filter.clone()), Membership::CannotTell(_)), "{filter}");
    }
}

#[test]
fn exclusion_nesting_and_both_at_once() {
    let birds =
        json!([{"system": SYSTEM, "filter": [{"property": "concept", "op": "is-a", "value": "bird"}]}]);
    let definitions = definitions(&[
        value_set("urn:birds", birds.clone(), json!([])),
        value_set("urn:others", json!([{"system": SYSTEM}]), birds),
        value_set("urn:nested", json!([{"valueSet": ["urn:birds"]}]), json!([])),
        value_set(
            "urn:both",
            json!([{"system": SYSTEM, "valueSet": ["urn:others", "urn:birds"]}]),
            json!([]),
        ),
    ]);
    let is = |set: &str, code: &str| definitions.member(set, Some(SYSTEM), code).unwrap();
    assert_eq!(is("urn:others", "dog"), Membership::In(Some("Dog".into())));
    assert_eq!(is("urn:others", "duck"), Membership::NotIn);
    assert_eq!(is("urn:nested", "duck"), Membership::In(None));
    assert_eq!(is("urn:both", "duck"), Membership::NotIn);
    assert_eq!(is("urn:both", "dog"), Membership::NotIn);
    assert_eq!(definitions.member("urn:birds", None, "bird").unwrap(), Membership::In(Some("Bird".into())));
    assert_eq!(definitions.member("urn:birds", Some("urn:other"), "bird").unwrap(), Membership::NotIn);
}

#[test]
fn outside_systems_cannot_be_told_and_unknown_ones_are_named() {
    let sct = "http://snomed.info/sct";
    let definitions = definitions(&[
        value_set("urn:sct", json!([{"system": sct}]), json!([{"system": sct, "concept": [{"code": "9"}]}])),
        value_set("urn:list", json!([{"system": sct, "concept": [{"code": "1"}]}]), json!([])),
        value_set("urn:some", json!([{"valueSet": ["urn:sct", "urn:list"]}]), json!([])),
        value_set("urn:who", json!([{"system": "urn:nobody"}, {"system": SYSTEM}]), json!([])),
        value_set("urn:gone", json!([{"valueSet": ["urn:missing"]}, {"system": SYSTEM}]), json!([])),
        json!({"resourceType": "ValueSet", "url": "urn:empty"}),
    ]);
    let is = |set: &str, system: &str, code: &str| definitions.member(set, Some(system), code).unwrap();
    assert!(matches!(is("urn:sct", sct, "1"), Membership::CannotTell(_)));
    assert_eq!(is("urn:sct", sct, "9"), Membership::NotIn);
    assert_eq!(is("urn:sct", SYSTEM, "dog"), Membership::NotIn);
    assert_eq!(is("urn:list", sct, "1"), Membership::In(None));
    assert_eq!(is("urn:list", sct, "2"), Membership::NotIn);
    assert!(matches!(is("urn:some", sct, "1"), Membership::CannotTell(_)));
    assert_eq!(is("urn:some", sct, "2"), Membership::NotIn);
    assert_eq!(is("urn:who", "urn:nobody", "1"), Membership::UnknownSystem("urn:nobody".into()));
    assert_eq!(is("urn:who", SYSTEM, "dog"), Membership::In(Some("Dog".into())));
    assert!(matches!(is("urn:gone", "urn:x", "1"), Membership::CannotTell(_)));
    assert!(matches!(is("urn:empty", "urn:x", "1"), Membership::CannotTell(_)));
    assert!(definitions.member("urn:nothing", None, "1").is_err());
}

#[test]
fn a_given_expansion_is_used_where_the_system_is_not_here() {
    let mut set = value_set("urn:v", json!([{"system": "http://loinc.org"}]), json!([]));
    set["expansion"] = json!({"contains": [{"system": "http://loinc.org", "code": "1-8", "display": "One"}]});
    let definitions = definitions(&[set]);
    let is = |code: &str| definitions.member("urn:v", Some("http://loinc.org"), code).unwrap();
    assert_eq!(is("1-8"), Membership::In(Some("One".into())));
    assert_eq!(is("2-8"), Membership::NotIn);
}

#[test]
fn value_sets_in_a_circle_are_errors() {
    let definitions = definitions(&[
        value_set("urn:1", json!([{"valueSet": ["urn:2"]}]), json!([])),
        value_set("urn:2", json!([{"valueSet": ["urn:1"]}]), json!([])),
    ]);
    assert!(matches!(definitions.expansion("urn:1"), Err(DefinitionError::TooCostly { .. })));
}

#[test]
fn certain_corrections() {
    let definitions = definitions(&[value_set("urn:v", json!([{"system": SYSTEM}]), json!([]))]);
    let expansion = definitions.expansion("urn:v").unwrap();
    assert_eq!(expansion.nearest(Some(SYSTEM), " Dog"), Some("dog".to_owned()));
    assert_eq!(expansion.nearest(None, "cat"), None);
}

/// Every value set of the core package expands or says why it does not.
#[test]
fn all_core_value_sets_expand() {
    let core = Definitions::core().unwrap();
    let (mut closed, mut open) = (0, 0);
    for url in core.canonicals(crate::profile::pack::Kind::ValueSet).unwrap() {
        let expansion = core.expansion(&url).unwrap();
        if expansion.is_closed() { closed += 1 } else { open += 1 }
    }
    println!("{closed} value sets are listed whole, {open} are open");
    assert!(closed > 1_000);
    let is = |set: &str, code: &str| {
        core.member(&format!("http://hl7.org/fhir/ValueSet/{set}"), None, code).unwrap()
    };
    assert_eq!(is("administrative-gender", "female"), Membership::In(Some("Female".into())));
    assert_eq!(is("administrative-gender", "Female"), Membership::NotIn);
    assert_eq!(is("mimetypes", "application/pdf"), Membership::In(None));
    assert_eq!(is("all-languages", "en-GB"), Membership::In(None));
    assert_eq!(is("all-languages", "en_GB"), Membership::NotIn);
    assert_eq!(is("ucum-units", "kg"), Membership::In(None));
}
