//! What an inbox shows of a message besides its record, read from its FHIR form, whatever its kind: to whom a letter to the family goes,
//! and whether the family may be visited.

use serde_json::Value;

use crate::domain::CANONICAL;

/// Where a family lives, and whether it may be visited, as far as the message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Family {
    /// The child's name as it is called, with the family name.
    pub child: String,
    /// The home address, a line each, the postcode last; empty where it is not the recipient's to know.
    pub address: Vec<String>,
    /// The no-visit rule, where the message brings a decision about it.
    pub rule: Option<NoVisit>,
}

/// What a parent decided about visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoVisit {
    /// Whether nobody may visit until the family registers or is referred.
    pub holds: bool,
    /// Why, in the words of the form.
    pub reason: Option<String>,
}

/// Reads a message Bundle.
pub fn family(bundle: &Value) -> Family {
    let resources = || bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
    let mut family = Family::default();
    if let Some(patient) = resources().find(|resource| resource["resourceType"] == "Patient") {
        family.child = name(patient);
        family.address = address(patient);
    }
    family.rule = resources().filter(|resource| resource["resourceType"] == "Consent").find_map(no_visit);
    family
}

fn of_use<'v>(list: &'v Value, word: &str) -> Option<&'v Value> {
    let all = || list.as_array().into_iter().flatten();
    all().find(|one| one["use"] == word).or_else(|| all().find(|one| one["use"].is_null()))
}

fn name(patient: &Value) -> String {
    let Some(name) = of_use(&patient["name"], "official") else { return String::new() };
    let given = name["given"].as_array().into_iter().flatten().filter_map(Value::as_str);
    given.chain(name["family"].as_str()).collect::<Vec<_>>().join(" ")
}

fn address(patient: &Value) -> Vec<String> {
    let Some(address) = of_use(&patient["address"], "home") else { return vec![] };
    let lines = address["line"].as_array().into_iter().flatten();
    let parts = ["city", "district", "postalCode"].map(|part| &address[part]);
    lines.chain(parts).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Where a Consent says whether the family may be visited.
pub(super) const NO_VISIT_RULE: &str = "no-visit-rule";

/// What a Consent says about visits.
pub(super) fn no_visit(consent: &Value) -> Option<NoVisit> {
    let extension = |name: &str| {
        let url = format!("{CANONICAL}StructureDefinition/{name}");
        consent["extension"].as_array().into_iter().flatten().find(|extension| extension["url"] == url)
    };
    let holds = extension(NO_VISIT_RULE)?["valueBoolean"].as_bool()?;
    let reason = extension("no-visit-reason").and_then(|reason| reason["valueString"].as_str());
    Some(NoVisit { holds, reason: reason.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_family_is_read_from_the_message_as_far_as_it_is_there() {
        let rule = format!("{CANONICAL}StructureDefinition/no-visit-rule");
        let bundle = json!({ "entry": [
            { "resource": { "resourceType": "Patient",
                "name": [{ "use": "nickname", "given": ["Mo"] }, { "use": "official", "given": ["Maja", "Rose"], "family": "W" }],
                "address": [{ "use": "old", "city": "Elsewhere" }, { "use": "home", "line": ["1 A Lane"], "postalCode": "CV99 1AA" }] } },
            { "resource": { "resourceType": "Consent" } },
            { "resource": { "resourceType": "Consent", "extension": [{ "url": rule, "valueBoolean": true }] } },
        ] });
        let found = family(&bundle);
        assert_eq!(
            (found.child.as_str(), found.address),
            ("Maja Rose W", vec!["1 A Lane".to_owned(), "CV99 1AA".to_owned()])
        );
        assert_eq!(found.rule, Some(NoVisit { holds: true, reason: None }));
        assert_eq!(family(&json!({})), Family::default());
    }
}
