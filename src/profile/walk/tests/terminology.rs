//! CodeSystems, ValueSets and ConceptMaps: codes that they name are there, and filters can be asked.

use serde_json::{Value, json};

use super::core::errors;

const NONE: [&str; 0] = [];

/// Trees: an oak is a tree, and a cork oak an oak.
fn trees() -> Value {
    let code = |kind: &str| json!({ "code": format!("a-{kind}"), "type": kind });
    json!({
        "resourceType": "CodeSystem", "url": "http://x.test/trees", "status": "active", "content": "complete",
        "property": [code("code"), code("integer")],
        "concept": [{ "code": "oak", "concept": [{ "code": "cork" }] }, { "code": "elm" }]
    })
}

#[test]
fn properties_that_name_a_concept_name_one_of_the_system() {
    let named = |uri: &str, kind: &str, value: &str| {
        let mut system = trees();
        system["property"] = json!([{ "code": "parent", "type": kind, "uri": uri }]);
        system["concept"][1]["property"] = json!([{ "code": "parent", "valueCode": value }]);
        errors(&system, &[])
    };
    let parent = "http://hl7.org/fhir/concept-properties#parent";
    assert_eq!(named(parent, "code", "cork"), NONE);
    assert_eq!(named(parent, "code", "ash"), ["CodeSystem.concept"]);
}

#[test]
fn a_supplement_adds_to_codes_that_are_there() {
    let supplement = |content: &str, code: &str| {
        json!({
            "resourceType": "CodeSystem", "url": "http://x.test/more", "status": "active", "content": content,
            "supplements": "http://x.test/trees|1", "concept": [{ "code": code }]
        })
    };
    assert_eq!(errors(&supplement("supplement", "cork"), &[trees()]), NONE);
    assert_eq!(errors(&supplement("supplement", "ash"), &[trees()]), ["CodeSystem.concept"]);
    let said = |content: &str| errors(&supplement(content, "cork"), &[trees()]);
    assert_eq!(said("complete"), ["CodeSystem.content"]);
    assert_eq!(said("not-present"), ["CodeSystem.content", "CodeSystem.content"]);
    let mut picky = supplement("supplement", "cork");
    picky["caseSensitive"] = json!(true);
    assert_eq!(errors(&picky, &[trees()]), ["CodeSystem.caseSensitive"]);
}

#[test]
fn filters_ask_what_can_be_asked() {
    let asked = |property: &str, op: &str, value: &str| {
        let filter = json!([{ "property": property, "op": op, "value": value }]);
        let include = json!({ "system": "http://x.test/trees", "filter": filter });
        let set = json!({
            "resourceType": "ValueSet", "status": "active", "compose": { "include": [include] }
        });
        errors(&set, &[trees()])
    };
    let at = ["ValueSet.compose.include[0].filter[0]"];
    for (property, op, right, wrong) in [
        ("code", "regex", "o.*", "o("),
        ("code", "regex", "(?!o).*", "[o"),
        ("inactive", "exists", "true", "maybe"),
        ("a-integer", "=", "1", "one"),
    ] {
        assert_eq!(asked(property, op, right), NONE, "{property} {op} {right}");
        assert_eq!(asked(property, op, wrong), at, "{property} {op} {wrong}");
    }
    assert_eq!(asked("concept", "is-a", "ash"), NONE, "it is remarked");
    assert_eq!(asked("concept", "regex", "o.*"), at);
    assert_eq!(asked("code", "exists", "true"), at);
    assert_eq!(asked("a-code", "is-a", "oak"), NONE);
    assert_eq!(asked("a-integer", "is-a", "1"), at);
    assert_eq!(asked("a-string", "=", "x"), at);
}

#[test]
fn what_a_map_leads_to_is_in_the_set_that_it_names() {
    let set = json!({
        "resourceType": "ValueSet", "url": "http://x.test/oaks", "status": "active",
        "compose": { "include": [{ "system": "http://x.test/trees", "concept": [{ "code": "oak" }, { "code": "cork" }] }] }
    });
    let mapped = |code: &str| {
        let target = json!({ "code": code, "equivalence": "equal" });
        let map = json!({
            "resourceType": "ConceptMap", "status": "active", "targetCanonical": "http://x.test/oaks", "group": [{
                "source": "http://elsewhere.test/s", "target": "http://x.test/trees",
                "element": [{ "code": "a", "target": [target] }]
            }]
        });
        errors(&map, &[trees(), set.clone()])
    };
    assert_eq!(mapped("cork"), NONE);
    assert_eq!(mapped("elm"), ["ConceptMap.group[0].element[0].target[0].code"]);
}

#[test]
fn addresses_of_definitions_are_absolute() {
    let set = |own: &str, other: &str| {
        let inside = json!({ "resourceType": "ValueSet", "id": "v", "status": "active" });
        let set = json!({
            "resourceType": "ValueSet", "url": own, "status": "active", "contained": [inside],
            "compose": { "include": [{ "valueSet": [other] }, { "valueSet": ["#v"] }] }
        });
        errors(&set, &[])
    };
    assert_eq!(set("http://x.test/a", "http://x.test/b|1"), NONE);
    assert_eq!(set("urn:uuid:11111111-2222-4333-8444-555555555555", "#v"), NONE);
    let at = "ValueSet.compose.include[0].valueSet[0]";
    assert_eq!(set("a", "b"), ["ValueSet.url"]);
    assert_eq!(set("http://x.test/a", "#w"), [at]);
}

#[test]
fn a_standard_property_is_declared_once_and_as_it_is() {
    let declared = |properties: Value| {
        let mut system = trees();
        system["property"] = properties;
        errors(&system, &[])
    };
    let at = |number: usize| [format!("CodeSystem.property[{number}]")];
    let own = |code: &str, kind: &str, name: &str| json!({ "code": code, "type": kind, "uri": format!("http://hl7.org/fhir/concept-properties#{name}") });
    assert_eq!(declared(json!([own("abstract", "boolean", "notSelectable")])), NONE, "under another code");
    assert_eq!(declared(json!([own("abstract", "code", "notSelectable")])), at(0));
    assert_eq!(declared(json!([own("inactive", "boolean", "notSelectable")])), at(0));
    let elsewhere = json!({ "code": "inactive", "type": "code", "uri": "http://elsewhere.test/inactive" });
    assert_eq!(declared(json!([elsewhere])), NONE);
    let twice = json!([own("a", "boolean", "notSelectable"), own("b", "boolean", "notSelectable")]);
    assert_eq!(declared(twice), at(1));
}

#[test]
fn what_stands_under_fhirs_address_is_fhirs() {
    let coded = |system: &str| {
        let coding = json!([{ "system": system, "code": "a" }]);
        errors(&json!({ "resourceType": "Basic", "code": { "coding": coding } }), &[])
    };
    assert_eq!(coded("http://hl7.org/fhir/no-such-system"), ["Basic.code.coding[0].system"]);
    for other in
        ["http://hl7.org/fhir/sid/icd-10", "http://elsewhere.test/s", "http://hl7.org/fhir/version-algorithm"]
    {
        assert_eq!(coded(other), NONE, "{other}");
    }
    let extended = |name: &str| {
        let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
        errors(
            &json!({ "resourceType": "Basic", "code": { "text": "a" }, "extension": [{ "url": url, "valueString": "a" }] }),
            &[],
        )
    };
    assert_eq!(extended("artifact-version"), NONE, "it is defined in a package of HL7's");
    assert_eq!(extended("no-such-extension"), ["Basic.extension[0]"]);
}

#[test]
fn value_sets_are_made_of_systems_that_have_codes() {
    let more = json!({
        "resourceType": "CodeSystem", "url": "http://x.test/more", "status": "active", "content": "supplement",
        "supplements": "http://x.test/trees", "concept": [{ "code": "oak" }]
    });
    let of = |include: Value| json!({ "resourceType": "ValueSet", "status": "active", "compose": { "include": [include] } });
    let set = of(json!({ "system": "http://x.test/more" }));
    assert_eq!(errors(&set, &[trees(), more]), ["ValueSet.compose.include[0]"]);
    let asked = |value: &str| {
        let filter = json!([{ "property": "concept", "op": "is-a", "value": value }]);
        errors(&of(json!({ "system": "http://snomed.info/sct", "filter": filter })), &[])
    };
    assert_eq!(asked("73211009"), NONE);
    assert_eq!(asked("diabetes"), ["ValueSet.compose.include[0].filter[0]"]);
    let of_loinc = |op: &str| {
        let filter = json!([{ "property": "STATUS", "op": op, "value": "ACTIVE" }]);
        errors(&of(json!({ "system": "http://loinc.org", "filter": filter })), &[])
    };
    assert_eq!(of_loinc("="), NONE);
    assert_eq!(of_loinc("is-a"), ["ValueSet.compose.include[0].filter[0]"]);
}

#[test]
fn the_value_set_of_all_codes_has_them_all_and_properties_have_addresses() {
    let set = |include: Value| json!({ "resourceType": "ValueSet", "url": "http://x.test/all", "status": "active", "compose": { "include": [include] } });
    let mut system = trees();
    system["valueSet"] = json!("http://x.test/all");
    let all = set(json!({ "system": "http://x.test/trees" }));
    assert_eq!(errors(&system, &[trees(), all]), NONE);
    let some = set(json!({ "system": "http://x.test/trees", "concept": [{ "code": "oak" }] }));
    assert_eq!(errors(&system, &[trees(), some]), ["CodeSystem.valueSet"]);
    for (uri, is_good) in [
        ("http://elsewhere.test/height", true),
        ("http://x.test/trees#height", true),
        ("http://hl7.org/fhir/concept-properties#order", true),
        ("http://hl7.org/fhir/codesystem-hierarchy-meaning#part-of", true),
        ("http://hl7.org/fhir/concept-properties#height", false),
        ("height", false),
    ] {
        let mut system = trees();
        system["property"][0]["uri"] = json!(uri);
        assert_eq!(errors(&system, &[]).is_empty(), is_good, "{uri}");
    }
}

#[test]
fn a_map_is_between_value_sets() {
    let map = |source: &str| {
        let map = json!({ "resourceType": "ConceptMap", "status": "active", "sourceUri": source });
        errors(&map, &[trees()])
    };
    assert_eq!(map("http://hl7.org/fhir/ValueSet/administrative-gender"), NONE);
    assert_eq!(map("http://nobody.test/knows"), NONE);
    assert_eq!(map("http://x.test/trees"), ["ConceptMap.source"]);
    assert_eq!(map("http://hl7.org/fhir/StructureDefinition/Patient"), ["ConceptMap.source"]);
}
