//! Input that is made to exhaust: the validator ends, with an error, within its bounds of issues and work. That each ends at
//! all is the assertion about time; how long it takes is for `benches/validate`.

use std::sync::Arc;

use kith::problem::Severity;
use kith::profile::definitions::Definitions;
use kith::profile::engine;
use kith::profile::package::Package;
use kith::profile::validator::Outcome;
use serde_json::{Value, json};

/// Issues that are listed at most, and the one that says there are more.
const LISTED_MAX: usize = 1_001;

fn check(text: &str, profiles: &[&str], packages: &[Value]) -> Outcome {
    let mut definitions = Definitions::core().unwrap().with(engine::own_package().unwrap());
    for package in packages {
        let package = Package::from_resource("test.json", package.to_string().as_bytes()).unwrap();
        definitions = definitions.with(package);
    }
    let validator = engine::validator(Arc::new(definitions), kith::clock::now, engine::settings()).unwrap();
    validator.validate(text, profiles)
}

#[track_caller]
fn refused(text: &str, packages: &[Value], profiles: &[&str], why: &str) {
    let outcome = check(text, profiles, packages);
    assert!(outcome.findings.len() <= LISTED_MAX, "{} issues", outcome.findings.len());
    let errors = outcome.findings.iter().filter(|one| one.issue.severity == Severity::Error);
    let texts: Vec<&str> = errors.map(|one| one.issue.text.as_str()).collect();
    assert!(texts.iter().any(|text| text.contains(why)), "'{why}' is not among {:?}", texts.iter().take(5));
}

fn patient(members: &str) -> String {
    format!("{{\"resourceType\": \"Patient\", {members}}}")
}

fn profile(name: &str, base: &str, elements: Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": format!("https://hostile.test/{name}"), "name": name,
        "status": "draft", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": base,
        "derivation": "constraint", "differential": { "element": elements },
    })
}

#[test]
fn a_thousand_levels() {
    let deep = format!("{}1{}", "{\"extension\":[".repeat(1_000), "]}".repeat(1_000));
    refused(&deep, &[], &[], "nests too deep");
    refused(&"[".repeat(1_000_000), &[], &[], "nests too deep");
}

#[test]
fn a_million_issues() {
    let names = vec!["7"; 1_000_000].join(",");
    refused(&patient(&format!("\"name\": [{names}]")), &[], &[], "more issues than are listed");
    let unknown: Vec<String> = (0..200_000).map(|number| format!("\"x{number}\": 1")).collect();
    refused(&patient(&unknown.join(",")), &[], &[], "more issues than are listed");
    let twice = vec!["\"active\": true"; 100_000].join(",");
    refused(&patient(&twice), &[], &[], "same name twice");
}

#[test]
fn ten_megabytes_of_one_text() {
    let text = "a".repeat(10_000_000);
    refused(&patient(&format!("\"name\": [{{\"text\": \"{text}\"}}]")), &[], &[], "at most 1 MB");
    let narrative =
        format!("<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">{}</div>", "<b>".repeat(1_000_000));
    refused(
        &patient(&format!("\"text\": {{\"status\": \"generated\", \"div\": \"{narrative}\"}}")),
        &[],
        &[],
        "narrative",
    );
}

#[test]
fn references_in_a_circle() {
    let entry = |own: usize, other: usize| {
        json!({
            "fullUrl": format!("https://x.test/Organization/{own}"),
            "resource": { "resourceType": "Organization", "id": own.to_string(), "name": "x",
                "meta": { "profile": ["https://kith.example/fhir/StructureDefinition/organisation"] },
                "partOf": { "reference": format!("Organization/{other}") } },
        })
    };
    let entries: Vec<Value> = (0..500).map(|own| entry(own, (own + 1) % 500)).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries, "total": "x" });
    refused(&bundle.to_string(), &[], &[], "number");
}

#[test]
fn profiles_in_a_circle() {
    let (one, two) = ("https://hostile.test/one", "https://hostile.test/two");
    let circle = [
        profile("one", two, json!([{ "path": "Patient" }])),
        profile("two", one, json!([{ "path": "Patient" }])),
    ];
    refused(&patient("\"active\": true"), &circle, &[one], "not known here");
}

#[test]
fn a_rule_that_is_a_bomb() {
    let rule = |expression: &str| json!([{ "path": "Patient", "constraint": [{ "key": "bomb-1", "severity": "error", "human": "x", "expression": expression }] }]);
    let base = "http://hl7.org/fhir/StructureDefinition/Patient";
    let name = "a".repeat(50_000);
    let text = patient(&format!("\"name\": [{{\"family\": \"{name}!\"}}]"));
    // Where the engine gives up the rule was not checked, and that is said; where it does not, it ends in linear time.
    for expression in [
        "name.family.matches('^(a+)+$')",
        "name.family.replaceMatches('(a|aa)+$', 'b') = 'c'",
        "name.family.repeat($this & $this).exists()",
        "(1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).select(%resource.descendants().count())))).count() > 1000000",
    ] {
        let outcome =
            check(&text, &["https://hostile.test/bomb"], &[profile("bomb", base, rule(expression))]);
        let named = |one: &kith::profile::walk::Finding| one.issue.text.contains("bomb-1");
        assert!(outcome.findings.iter().any(named), "{expression}");
    }
}

#[test]
fn many_profiles_for_many_elements() {
    let base = "http://hl7.org/fhir/StructureDefinition/Patient";
    let slices: Vec<Value> = std::iter::once(json!({
        "path": "Patient.identifier",
        "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "open" },
    }))
    .chain((0..300).flat_map(|number| {
        let id = format!("Patient.identifier:s{number}");
        [
            json!({ "id": id, "path": "Patient.identifier", "sliceName": format!("s{number}"), "max": "1" }),
            json!({ "id": format!("{id}.system"), "path": "Patient.identifier.system", "min": 1, "fixedUri": format!("urn:s:{number}") }),
        ]
    }))
    .collect();
    let items: Vec<String> =
        (0..20_000).map(|number| format!("{{\"system\": \"urn:s:{}\"}}", number % 300)).collect();
    let text = patient(&format!("\"identifier\": [{}]", items.join(",")));
    refused(
        &text,
        &[profile("slices", base, json!(slices))],
        &["https://hostile.test/slices"],
        "once at most",
    );
}
