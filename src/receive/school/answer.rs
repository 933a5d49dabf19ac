//! An answer as Parameters (OperationDefinition/patient-school).

use serde_json::{Value, json};

use crate::domain::{CANONICAL, SCHOOL_URN_SYSTEM, SchoolUrn};
use crate::pipeline::FoundSchool;
use crate::school::{Attended, Establishment, Openness, Status, academic_year};

/// The parameters of one child's answer. Where nothing is known, or nothing may be said, only the status.
pub(super) fn parts(found: &FoundSchool, today: chrono::NaiveDate) -> Vec<Value> {
    let answer = &found.answer;
    let mut parts = vec![json!({ "name": "status", "valueCode": answer.status.name() })];
    if let Some(place) = &answer.place {
        if let Attended::School(urn) = &place.attended {
            parts.push(
                json!({ "name": "school", "resource": organization(urn.as_str(), found.school.as_ref()) }),
            );
        }
        if let Some(next) = found.successor.as_ref().filter(|_| is_closed(found.school.as_ref())) {
            parts.push(json!({ "name": "successor", "resource": organization(&next.urn, Some(next)) }));
        }
        parts.extend(place.start.map(|start| json!({ "name": "start", "valueDate": start.to_string() })));
        if answer.status != Status::Unknown {
            parts.push(json!({ "name": "academicYear", "valueString": academic_year(today) }));
        }
        parts.extend(found.source.iter().map(|name| json!({ "name": "source", "valueString": name })));
        parts.push(json!({ "name": "asOf", "valueDate": place.as_of.to_string() }));
        let freshness = if answer.is_fresh() { "current" } else { "check" };
        parts.push(json!({ "name": "freshness", "valueCode": freshness }));
    }
    parts.extend(answer.warnings.iter().map(|warning| json!({ "name": "warning", "valueString": warning })));
    parts
}

fn is_closed(school: Option<&Establishment>) -> bool {
    school.is_some_and(|school| school.openness == Openness::Closed)
}

/// A school as an Organization; one that is in no list has its number only.
fn organization(urn: &str, school: Option<&Establishment>) -> Value {
    let setting = urn.parse::<SchoolUrn>().is_ok_and(|urn| urn.is_early_years_setting());
    let system =
        if setting { format!("{CANONICAL}Id/early-years-urn") } else { SCHOOL_URN_SYSTEM.to_owned() };
    let mut organization = json!({
        "resourceType": "Organization",
        "identifier": [{ "system": system, "value": urn }],
    });
    if let Some(school) = school {
        organization["active"] = json!(school.openness != Openness::Closed);
        organization["name"] = json!(school.name);
        let mut address = json!({});
        if let Some((town, lines)) = school.address.split_last() {
            address["city"] = json!(town);
            if !lines.is_empty() {
                address["line"] = json!(lines);
            }
        }
        if let Some(postcode) = &school.postcode {
            address["postalCode"] = json!(postcode);
        }
        if address != json!({}) {
            organization["address"] = json!([address]);
        }
    }
    organization
}
