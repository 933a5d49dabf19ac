//! MeasureReports against their Measure.

use serde_json::{Value, json};

use super::core::errors;

fn population(code: &str) -> Value {
    json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/measure-population", "code": code }] })
}

/// The errors of a finished summary of one group, for a measure that scores in that way.
fn reported(scoring: &str, group: Value) -> Vec<String> {
    let system = "http://terminology.hl7.org/CodeSystem/measure-scoring";
    let part = |code: &str| json!({ "code": population(code), "criteria": { "language": "text/fhirpath", "expression": "true" } });
    let measure = json!({
        "resourceType": "Measure", "url": "http://x.test/m", "status": "active",
        "scoring": { "coding": [{ "system": system, "code": scoring }] },
        "group": [{ "population": [part("numerator"), part("denominator"), part("measure-observation")] }]
    });
    let report = json!({
        "resourceType": "MeasureReport", "status": "complete", "type": "summary", "measure": "http://x.test/m",
        "period": { "start": "2026-01-01", "end": "2026-12-31" }, "group": [group]
    });
    errors(&report, &[measure])
}

fn group(codes: &[&str], score: Value) -> Value {
    let populations: Vec<Value> =
        codes.iter().map(|code| json!({ "code": population(code), "count": 1 })).collect();
    json!({ "population": populations, "measureScore": score })
}

const ALL: &[&str] = &["numerator", "denominator"];

#[test]
fn a_report_has_the_populations_of_its_measure() {
    let half = || json!({ "value": 0.5 });
    assert!(reported("proportion", group(ALL, half())).is_empty());
    let here = "MeasureReport.group[0].population";
    assert_eq!(reported("proportion", group(&["numerator"], half())), [here]);
    let other = reported("proportion", group(&["numerator", "denominator", "initial-population"], half()));
    assert_eq!(other, [format!("{here}[2]")]);
    let twice = reported("proportion", group(&["numerator", "denominator", "numerator"], half()));
    assert_eq!(twice, [format!("{here}[2]")]);
}

#[test]
fn what_is_not_complete_or_only_collects_data_may_lack_parts() {
    let mut report = json!({
        "resourceType": "MeasureReport", "status": "complete", "type": "summary", "measure": "http://x.test/m",
        "period": { "start": "2026-01-01", "end": "2026-12-31" }
    });
    let criteria = json!({ "language": "text/fhirpath", "expression": "true" });
    let measure = json!({
        "resourceType": "Measure", "url": "http://x.test/m", "status": "active",
        "group": [{ "population": [{ "code": population("numerator"), "criteria": criteria }] }]
    });
    let found = |report: &Value| errors(report, std::slice::from_ref(&measure));
    assert_eq!(found(&report), ["MeasureReport.group"]);
    report["type"] = json!("data-collection");
    assert_eq!(found(&report), [""; 0]);
    report["type"] = json!("summary");
    report["status"] = json!("pending");
    report["group"] = json!([{ "id": "a" }]);
    assert_eq!(found(&report), [""; 0]);
}

#[test]
fn a_score_is_of_the_kind_that_the_measure_gives() {
    let here = ["MeasureReport.group[0].measureScore"];
    assert_eq!(reported("proportion", group(ALL, json!({ "value": 1.5 }))), here);
    assert_eq!(reported("proportion", group(ALL, json!({ "value": 1, "unit": "%" }))), here);
    assert_eq!(reported("cohort", group(ALL, json!({ "value": 3 }))), here);
    assert!(reported("ratio", group(ALL, json!({ "value": 3 }))).is_empty());
    let mut none = group(ALL, json!(null));
    none.as_object_mut().unwrap().remove("measureScore");
    assert_eq!(reported("continuous-variable", none.clone()), ["MeasureReport.group[0]"]);
    assert!(reported("cohort", none).is_empty());
}
