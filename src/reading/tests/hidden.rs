//! Of a child whose whereabouts are hidden nothing passes that names an organisation.

use super::*;

#[test]
fn of_a_child_whose_whereabouts_are_hidden_no_organisation_is_named() {
    let (ods, nmc) =
        ("https://fhir.nhs.uk/Id/ods-organization-code", "https://fhir.hl7.org.uk/Id/nmc-number");
    let performers = json!([
        { "display": PLANTED },
        { "display": PLANTED, "type": "Organization" },
        { "reference": "Organization/1", "display": PLANTED },
        { "reference": "HealthcareService/1", "display": PLANTED },
        { "reference": "CareTeam/1", "display": PLANTED },
        { "reference": "PractitionerRole/1", "display": PLANTED },
        { "identifier": { "system": ods, "value": PLANTED }, "display": PLANTED },
        { "identifier": { "system": nmc, "value": "09K1234E" }, "display": "Ruth Okafor" },
        { "reference": "Practitioner/1", "display": "Ruth Anand" },
    ]);
    let plan = json!({
        "resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": { "reference": "Patient/p1" },
        "activity": [{ "detail": { "status": "in-progress", "code": { "coding": [{ "display": "group" }] }, "performer": performers } }],
    });
    let Cut::Kept(kept) = cut_of_a_child(&plan, &all(), true) else { panic!("it may pass") };
    let detail = &kept["activity"][0]["detail"];
    assert!(!kept.to_string().contains(PLANTED), "{kept}");
    assert_eq!(detail["performer"].as_array().map(Vec::len), Some(2), "{detail}");
    assert_eq!(detail["code"]["coding"][0]["display"], "group");
    let encounter = json!({
        "resourceType": "Encounter", "status": "finished", "subject": { "reference": "Patient/p1" },
        "class": { "display": "home visit" }, "serviceProvider": { "identifier": { "system": ods, "value": PLANTED } },
    });
    let Cut::Kept(kept) = cut_of_a_child(&encounter, &all(), true) else { panic!("it may pass") };
    assert!(!kept.to_string().contains(PLANTED) && kept["class"]["display"] == "home visit", "{kept}");
}
