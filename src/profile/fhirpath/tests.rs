//! Expressions over documents, and that no expression can break the evaluator.

mod random;

use serde_json::json;

use super::*;
use crate::json::document::{Document, parse};
use crate::profile::definition::Structure;

const CHILD: &str = r##"{
    "resourceType": "Child", "id": "a",
    "name": [{"use": "official", "given": ["Ada", null, "B\u00e9"], "_given": [null, {"id": "x"}, null]}, {"given": ["Cy"]}],
    "birthDate": "2020-02-29", "_birthDate": {"extension": [{"url": "u", "valueString": "noon"}]},
    "_gender": {"extension": [{"url": "v", "valueCode": "?"}]},
    "weight": 3.20, "count": 2, "valueQuantity": {"value": 2, "system": "http://unitsofmeasure.org", "code": "wk"},
    "contained": [{"resourceType": "Child", "id": "c"}], "mother": {"reference": "#c"}
}"##;

fn types() -> Types {
    let definition = |name: &str, kind: &str, base: &str, elements: serde_json::Value| {
        let text = json!({
            "resourceType": "StructureDefinition", "type": name, "kind": kind, "derivation": "specialization",
            "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{base}"), "snapshot": {"element": elements},
        });
        Structure::read(&text).unwrap()
    };
    let element = |path: &str, max: &str, codes: &[&str]| {
        let types: Vec<_> = codes.iter().map(|code| json!({"code": code})).collect();
        json!({"id": path, "path": path, "max": max, "type": types})
    };
    let child = json!([
        element("Child.id", "1", &["http://hl7.org/fhirpath/System.String"]),
        element("Child.contained", "*", &["Resource"]),
        element("Child.name", "*", &["HumanName"]),
        element("Child.birthDate", "1", &["date"]),
        element("Child.gender", "1", &["code"]),
        element("Child.weight", "1", &["decimal"]),
        element("Child.count", "1", &["positiveInt"]),
        element("Child.value[x]", "1", &["Quantity", "string"]),
        element("Child.mother", "1", &["Reference"]),
    ]);
    let name =
        json!([element("HumanName.use", "1", &["code"]), element("HumanName.given", "*", &["string"])]);
    let primitive = |name: &str| {
        json!([
            element(&format!("{name}.extension"), "*", &["Extension"]),
            element(&format!("{name}.id"), "1", &["string"])
        ])
    };
    let extension = json!([
        element("Extension.url", "1", &["http://hl7.org/fhirpath/System.String"]),
        element("Extension.value[x]", "1", &["string", "code"])
    ]);
    Types::new(&[
        definition("Child", "resource", "DomainResource", child),
        definition("DomainResource", "resource", "Resource", json!([])),
        definition("HumanName", "complex-type", "Element", name),
        definition("Extension", "complex-type", "Element", extension),
        definition("string", "primitive-type", "Element", primitive("string")),
        definition("code", "primitive-type", "string", primitive("code")),
        definition("date", "primitive-type", "Element", primitive("date")),
        definition(
            "Quantity",
            "complex-type",
            "Element",
            json!([element("Quantity.value", "1", &["decimal"])]),
        ),
        definition(
            "Reference",
            "complex-type",
            "Element",
            json!([element("Reference.reference", "1", &["string"])]),
        ),
    ])
}

fn environment(types: &Types) -> Environment<'_> {
    let now = chrono::DateTime::parse_from_rfc3339("2026-03-01T10:30:00.123+01:00").unwrap();
    Environment { now: Temporal::at(now), ..Environment::new(types) }
}

fn shown(items: &[Item<'_>]) -> String {
    let one = |item: &Item<'_>| item.text().map_or_else(|| "…".to_owned(), |text| text.into_owned());
    items.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What an expression gives on the child above, as text; faults begin with `!`.
fn eval(text: &str) -> String {
    let (types, document) = (types(), parse(CHILD, 20).unwrap());
    eval_on(text, &document, &types)
}

fn eval_on(text: &str, document: &Document<'_>, types: &Types) -> String {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(fault) => return format!("!{fault}"),
    };
    match expression.evaluate(Node::root(document), &environment(types)) {
        Ok(items) => shown(&items),
        Err(fault) => format!("!{fault}"),
    }
}

#[test]
fn a_primitive_is_a_value_and_what_stands_beside_it() {
    for (text, wanted) in [
        ("Child.name.given", "Ada, …, Bé, Cy"),
        ("name.given.count()", "4"),
        ("name.given.where(hasValue())", "Ada, Bé, Cy"),
        ("name.given.id", "x"),
        ("birthDate.extension('u').value", "noon"),
        ("gender.hasValue()", "false"),
        ("gender.exists()", "true"),
        ("gender.extension.value", "?"),
        ("gender < 'z'", ""),
        ("1 < gender", ""),
        ("birthDate.value is System.Date", "true"),
        ("weight.toString()", "3.20"),
        ("children().count()", "10"),
        ("children().where(true).count()", "10"),
        ("name.select(children().count())", "4, 1"),
        ("name.select(children().where(true).count())", "4, 1"),
        ("birthDate.select(children().count() & children().tail().count())", "10"),
        ("descendants().where($this is code)", "…, official, ?"),
    ] {
        assert_eq!(eval(text), wanted, "{text}");
    }
}

#[test]
fn types_come_from_the_model() {
    for (text, wanted) in [
        ("value.type().name", "Quantity"),
        ("value is Quantity", "true"),
        ("value as string", ""),
        ("Child is DomainResource", "true"),
        ("DomainResource.id", "a"),
        ("id.type().name", "id"),
        ("name.use is string", "true"),
        ("name.use.ofType(string)", ""),
        ("valueQuantity.exists()", "false"),
        ("birthDate + value", "2020-03-14"),
        ("birthDate + 1 year", "2021-02-28"),
        ("contained.type().name", "Child"),
        ("mother.resolve().id", "c"),
        ("1.type().namespace", "System"),
    ] {
        assert_eq!(eval(text), wanted, "{text}");
    }
    assert!(eval("value is Nothing").starts_with('!'));
}

#[test]
fn variables_scopes_and_aggregates() {
    for (text, wanted) in [
        ("%resource.id & %context.id & %rootResource.id", "aaa"),
        (
            "%`vs-x` | %`ext-y` | %ucum",
            "http://hl7.org/fhir/ValueSet/x, http://hl7.org/fhir/StructureDefinition/y, http://unitsofmeasure.org",
        ),
        ("name.select($index)", "0, 1"),
        ("(1|2|3).aggregate($this + $total, 0)", "6"),
        ("name.defineVariable('n').select(%n.count())", "2, 2"),
        ("('c'|'a'|'b').sort($this desc)", "c, b, a"),
        ("today().toString() & ' ' & timeOfDay().toString()", "2026-03-01 10:30:00.123"),
        ("now()", "2026-03-01T10:30:00.123+01:00"),
        ("iif(false, 1/0)", ""),
        ("coalesce({}, 2, 3)", "2"),
    ] {
        assert_eq!(eval(text), wanted, "{text}");
    }
    assert!(eval("%nothing").starts_with('!'));
    assert!(eval("(%x.select(defineVariable('x', 1))) | %x").starts_with('!'));
}

#[test]
fn arithmetic_keeps_units_and_digits() {
    for (text, wanted) in [
        ("3 'cm' + 3 'm'", "303 'cm'"),
        ("3 'm' - 3 'cm'", "2.97 'm'"),
        ("1 + 2 'cm'", "3 'cm'"),
        ("2 minutes + 60 seconds", "3 minutes"),
        ("1 year + 12 months", ""),
        ("12 'cm2' / 3 'cm' = 4 'cm'", "true"),
        ("0.1 + 0.2", "0.3"),
        ("2147483647 + 1", ""),
        ("5.5 mod 0.7", "0.6"),
        ("2.power(-1)", "0.5"),
        ("16.log(2)", "4"),
        ("(-2.5).round()", "-3"),
        ("1.5 'mg'.ceiling()", "2 'mg'"),
        ("(1|2|3).sum() & (1|2).avg() & ('b'|'a').min() & (@2020|@2021).max()", "61.5a2021"),
        ("52 'cm'.toQuantity('m')", "0.52 'm'"),
        ("45.toQuantity('m')", "45 'm'"),
        ("24 'm'.toQuantity('kg')", ""),
        ("21 'mm' ~ 2 'cm'", "true"),
        ("1 year ~ 1 'a'", "true"),
        ("1 year.comparable(1 'a')", "false"),
        ("@2014 - 1 month", "2014"),
        ("@1973-12-25T00:00:00.000+10:00 + 42.53 seconds", "1973-12-25T00:00:42.530+10:00"),
        ("@2012-01-01T12:30:00.000+08:45.timezoneOffsetOf()", "8.75"),
        ("'a b' ~ 'A\\tB'", "true"),
    ] {
        assert_eq!(eval(text), wanted, "{text}");
    }
    for wrong in ["+'a'", "(-1).log(2)", "-7.combine(3)", "1.round(-1)", "@2020 + 1"] {
        assert!(eval(wrong).starts_with('!'), "{wrong}");
    }
}

#[test]
fn what_would_take_too_long_is_stopped() {
    for text in [
        "repeatAll($this)",
        "1.repeat($this + 1)",
        "'aaaaaaaaaa'.repeatAll($this & $this)",
        "(1|2|3|4|5|6|7|8|9).repeatAll($this.combine($this))",
        "'a'.matches('((a{99}){99}){9' & '9}')",
    ] {
        let (types, document) = (types(), parse(CHILD, 20).unwrap());
        let expression = Expression::parse(text).unwrap();
        let limits = Limits { steps: 200_000, items: 20_000 };
        let answer =
            expression.evaluate(Node::root(&document), &Environment { limits, ..environment(&types) });
        assert!(matches!(answer, Err(Fault { kind: FaultKind::Limit | FaultKind::Execution, .. })), "{text}");
    }
}

#[test]
fn a_check_names_what_does_not_exist() {
    let types = types();
    let faults = |text: &str| Expression::parse(text).unwrap().check(&types, &["Child"]).len();
    assert_eq!(faults("name.where(use = 'official').given.first()"), 0);
    assert_eq!(faults("Child.value.ofType(Quantity).value"), 0);
    assert_eq!(faults("name.givn"), 1);
    assert_eq!(faults("name.where(us = 'official')"), 1);
    assert_eq!(faults("valueQuantity"), 1);
    assert_eq!(faults("value as Quanty"), 1);
    assert_eq!(faults("contained.anything or mother.resolve().anything"), 0);
}

#[test]
fn without_a_model_names_in_the_document_count() {
    let document = parse(CHILD, 20).unwrap();
    let of = |text: &str| {
        let expression = Expression::parse(text).unwrap();
        shown(&expression.evaluate(Node::root(&document), &Environment::default()).unwrap())
    };
    assert_eq!(of("Child.value.value"), "2");
    assert_eq!(of("valueQuantity.code"), "wk");
    assert_eq!(of("birthDate < @2021"), "true");
}
