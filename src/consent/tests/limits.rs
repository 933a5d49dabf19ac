//! Provisions that speak of some data only: by time, code, label, or resource; and what holds whatever is known of the data.

use super::*;

const LOINC: &str = "http://loinc.org";
const SENSITIVE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const LEVEL: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// An Observation of feeding as a source would hold it.
pub(super) fn feeding(id: &str, day: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "effectiveDateTime": day,
        "identifier": [{ "system": "https://hv.example/ids", "value": format!("obs-{id}") }],
        "code": { "coding": [{ "system": LOINC, "code": "63895-7" }] },
        "encounter": { "reference": "https://hv.example/fhir/Encounter/v1" },
    })
}

/// The pieces of a message of which every resource is about feeding.
pub(super) fn of(resources: &[Value]) -> Vec<Piece> {
    let urls: Vec<String> = resources
        .iter()
        .map(|resource| {
            format!(
                "https://hv.example/fhir/{}/{}",
                resource["resourceType"].as_str().unwrap(),
                resource["id"].as_str().unwrap()
            )
        })
        .collect();
    let items: BTreeSet<Item> = ["feeding".parse().unwrap()].into();
    let held: Vec<Held<'_>> = resources
        .iter()
        .zip(&urls)
        .map(|(resource, url)| Held { url, resource, items: items.clone() })
        .collect();
    pieces(&held, Some(Uuid::nil()), "2026-07-01T12:00:00Z".parse().unwrap())
}

impl World {
    fn holding(mut self, resources: &[Value]) -> Self {
        self.pieces = Some(of(resources));
        self
    }
}

pub(super) fn limited(kind: &str, limit: &Value) -> ConsentOnFile {
    let mut provision = rule(kind, CENTRE, &["feeding"]);
    for (key, value) in limit.as_object().unwrap() {
        provision[key] = value.clone();
    }
    consent(if kind == "permit" { "p1" } else { "d1" }, "active", provision)
}

pub(super) fn agreed() -> ConsentOnFile {
    consent("all", "active", rule("permit", CENTRE, &["feeding"]))
}

/// What a limit means of such data, as an agreement and as a refusal.
#[track_caller]
fn means(limit: Value, resources: &[Value], [agrees, refuses]: [bool; 2]) {
    let released = |consents: &[ConsentOnFile]| {
        !World::to_centre().with(consents).holding(resources).decide().permitted().is_empty()
    };
    assert_eq!(released(&[limited("permit", &limit)]), agrees, "as an agreement: {limit}");
    assert_eq!(!released(&[agreed(), limited("deny", &limit)]), refuses, "as a refusal: {limit}");
}

const ALL: [bool; 2] = [true, true];
/// Of some of it: not enough to agree to the dataset, enough to refuse it.
const SOME: [bool; 2] = [false, true];
const NONE: [bool; 2] = [false, false];

#[test]
fn a_period_means_data_of_that_time() {
    let year = |year: &str| json!({ "dataPeriod": { "start": year, "end": year } });
    let june = [feeding("1", "2026-06-10"), feeding("2", "2026-06-12")];
    means(year("2026"), &june, ALL);
    means(year("2025"), &june, NONE);
    means(year("2025"), &[feeding("1", "2025-12-31"), feeding("2", "2026-01-01")], SOME);
    means(json!({ "dataPeriod": { "start": "2026-06-10" } }), &june, ALL);
    means(json!({ "dataPeriod": { "end": "2026-06-11" } }), &june, SOME);
    // The day is London's.
    means(json!({ "dataPeriod": { "start": "2026-06-11" } }), &[feeding("1", "2026-06-10T23:30:00Z")], ALL);
    means(json!({ "dataPeriod": { "end": "2026-06-10" } }), &[feeding("1", "2026-06-10T23:30:00Z")], NONE);
}

#[test]
fn what_has_no_time_of_its_own_takes_that_of_its_visit_and_else_may_be_of_any() {
    let year = |year: &str| json!({ "dataPeriod": { "start": year, "end": year } });
    let mut undated = feeding("1", "2026-06-10");
    undated.as_object_mut().unwrap().remove("effectiveDateTime");
    means(year("2026"), &[undated.clone()], SOME);
    let visit = json!({ "resourceType": "Encounter", "id": "v1", "period": { "start": "2026-06-10" } });
    means(year("2026"), &[undated.clone(), visit.clone()], ALL);
    means(year("2025"), &[undated, visit], NONE);
    let plan = json!({ "resourceType": "CarePlan", "id": "p", "period": { "start": "2025-06-10" } });
    means(year("2025"), &[plan], SOME);
    let patient = json!({ "resourceType": "Patient", "id": "p", "birthDate": "2020-01-01" });
    means(year("2026"), &[patient], ALL);
}

#[test]
fn a_code_means_what_holds_it() {
    let code = |coding: Value| json!({ "code": [{ "coding": [coding] }] });
    let exact = code(json!({ "system": LOINC, "code": "63895-7" }));
    means(exact.clone(), &[feeding("1", "2026-06-10")], ALL);
    let other = json!({ "resourceType": "Observation", "id": "3", "code": { "coding": [{ "system": LOINC, "code": "8302-2" }] } });
    means(exact, &[feeding("1", "2026-06-10"), other], SOME);
    means(code(json!({ "system": LOINC, "code": "8302-2" })), &[feeding("1", "2026-06-10")], NONE);
    means(
        code(json!({ "system": "http://snomed.info/sct", "code": "63895-7" })),
        &[feeding("1", "2026-06-10")],
        NONE,
    );
    means(code(json!({ "code": "63895-7" })), &[feeding("1", "2026-06-10")], SOME);
    means(json!({ "code": [{ "text": "feeding" }] }), &[feeding("1", "2026-06-10")], SOME);
    means(code(json!({ "system": LOINC, "display": "feeding" })), &[feeding("1", "2026-06-10")], SOME);
}

#[test]
fn a_label_means_what_bears_it_and_may_mean_what_bears_none() {
    let labelled = |labels: &[(&str, &str)]| {
        let mut resource = feeding("1", "2026-06-10");
        resource["meta"]["security"] =
            labels.iter().map(|(system, code)| json!({ "system": system, "code": code })).collect();
        [resource]
    };
    let label = |system: &str, code: &str| json!({ "securityLabel": [{ "system": system, "code": code }] });
    means(label(SENSITIVE, "PSY"), &labelled(&[(SENSITIVE, "PSY")]), ALL);
    means(label(SENSITIVE, "PSY"), &labelled(&[(SENSITIVE, "ETH")]), NONE);
    means(label(SENSITIVE, "PSY"), &labelled(&[(SENSITIVE, "PSY"), (SENSITIVE, "ETH")]), SOME);
    means(label(SENSITIVE, "PSY"), &labelled(&[]), SOME);
    means(label(LEVEL, "R"), &labelled(&[(LEVEL, "N")]), ALL);
    means(label(LEVEL, "N"), &labelled(&[(LEVEL, "R")]), SOME);
    means(label(LEVEL, "R"), &labelled(&[]), SOME);
}

#[test]
fn a_reference_means_one_resource_or_what_hangs_on_it() {
    let data =
        |meaning: &str, reference: Value| json!({ "data": [{ "meaning": meaning, "reference": reference }] });
    let at = |address: &str| json!({ "reference": address });
    let both = [feeding("1", "2026-06-10"), feeding("2", "2026-06-12")];
    let one = [feeding("1", "2026-06-10")];
    means(data("instance", at("https://hv.example/fhir/Observation/1")), &one, ALL);
    means(data("instance", at("https://hv.example/fhir/Observation/1/_history/4")), &one, ALL);
    means(data("instance", at("https://hv.example/fhir/Observation/1")), &both, SOME);
    means(data("instance", at("https://hv.example/fhir/Observation/3")), &both, NONE);
    means(data("instance", at("https://gp.example/fhir/Observation/1")), &one, SOME);
    // Below no base it may be that of several.
    means(data("instance", at("Observation/1")), &one, SOME);
    means(data("instance", at("Observation/3")), &one, NONE);
    means(
        data("instance", json!({ "identifier": { "system": "https://hv.example/ids", "value": "obs-1" } })),
        &one,
        ALL,
    );
    means(data("dependents", at("https://hv.example/fhir/Encounter/v1")), &both, ALL);
    means(data("instance", at("https://hv.example/fhir/Encounter/v1")), &both, NONE);
    let visit = json!({ "resourceType": "Encounter", "id": "v1" });
    means(
        data("related", at("https://hv.example/fhir/Observation/1")),
        &[one[0].clone(), visit.clone()],
        ALL,
    );
    means(
        data("related", at("https://hv.example/fhir/Observation/1")),
        &[both[0].clone(), both[1].clone(), visit],
        SOME,
    );
    means(data("instance", at(&format!("urn:uuid:{}", Uuid::nil()))), &both, ALL);
    means(data("instance", at("#inside")), &one, SOME);
}

#[test]
fn what_of_a_limit_cannot_be_read_agrees_to_nothing_and_refuses_all() {
    let one = [feeding("1", "2026-06-10")];
    for period in
        [json!({ "start": "2026", "end": 2027 }), json!({ "start": "soon" }), json!({}), json!("2026")]
    {
        means(json!({ "dataPeriod": period }), &one, SOME);
    }
    means(json!({ "securityLabel": [{ "system": LEVEL }] }), &one, SOME);
    means(
        json!({ "data": [{ "meaning": "about", "reference": { "reference": "urn:uuid:1" } }] }),
        &one,
        SOME,
    );
}

#[test]
fn what_others_wrote_is_meant_by_no_limit_to_one_organisations_data() {
    let theirs = json!({ "meaning": "authoredby", "reference": { "identifier": { "system": ODS_SYSTEM, "value": "A81009" } } });
    let limit = json!({ "dataPeriod": { "start": "2026" }, "data": [theirs] });
    means(limit.clone(), &[feeding("1", "2026-06-10")], NONE);
    let unknown = |consents: &[ConsentOnFile]| World::to_centre().with(consents).outcome("feeding").verdict;
    assert_eq!(unknown(&[agreed(), limited("deny", &limit)]), Verdict::Permit(Ground::Consent));
    let withdrawn = changed(&limited("permit", &limit), |resource| resource["status"] = json!("inactive"));
    assert_eq!(unknown(&[withdrawn]), Verdict::Withhold("no-basis".into()));
}

#[test]
fn all_limits_must_be_met_and_any_of_the_data_named() {
    let limit = |year: &str| {
        json!({
            "dataPeriod": { "start": year, "end": year },
            "data": [
                { "meaning": "authoredby", "reference": { "identifier": { "system": ODS_SYSTEM, "value": "A81009" } } },
                { "meaning": "instance", "reference": { "reference": "https://hv.example/fhir/Observation/1" } },
            ],
        })
    };
    means(limit("2026"), &[feeding("1", "2026-06-10")], ALL);
    means(limit("2026"), &[feeding("2", "2026-06-10")], NONE);
    means(limit("2025"), &[feeding("1", "2026-06-10")], NONE);
}

#[test]
fn an_exception_may_be_of_some_data_only() {
    let mut permit = rule("permit", CENTRE, &["feeding"]);
    permit["provision"] = json!([{ "type": "deny", "dataPeriod": { "end": "2025" } }]);
    let world = World::to_centre().with(&[consent("p1", "active", permit)]);
    world.clone().holding(&[feeding("1", "2026-06-10")]).releases(&["feeding"]);
    world.clone().holding(&[feeding("1", "2025-06-10")]).releases(&[]);
    world.releases(&[]);
}

#[test]
fn what_is_not_known_is_refused_and_what_is_awaited_is_hoped_for() {
    let limit = json!({ "dataPeriod": { "start": "2026" } });
    let decided = |consents: &[ConsentOnFile], contents: Contents<'_>| {
        let world = World::to_centre().with(consents);
        !decide(policies(), &Question { contents, ..world.question() }).permitted().is_empty()
    };
    let (permit, deny) = ([limited("permit", &limit)], [agreed(), limited("deny", &limit)]);
    assert!(!decided(&permit, Contents::Unknown) && !decided(&deny, Contents::Unknown));
    assert!(decided(&permit, Contents::Awaited) && decided(&deny, Contents::Awaited));
    assert!(!decided(&permit, Contents::Known(&[])) && !decided(&deny, Contents::Known(&[])));
}

#[test]
fn a_limited_agreement_that_was_withdrawn_is_told_of_where_it_covered_this() {
    let limit = json!({ "dataPeriod": { "start": "2026" } });
    let withdrawn = changed(&limited("permit", &limit), |resource| resource["status"] = json!("inactive"));
    let refusal = |world: World| world.with(std::slice::from_ref(&withdrawn)).outcome("feeding").verdict;
    let gone = Verdict::Withhold("consent-withdrawn".into());
    assert_eq!(refusal(World::to_centre()), gone);
    assert_eq!(refusal(World::to_centre().holding(&[feeding("1", "2026-06-10")])), gone);
    assert_ne!(refusal(World::to_centre().holding(&[feeding("1", "2025-06-10")])), gone);
}

#[test]
fn whether_a_message_must_be_looked_into_is_known_from_the_consents() {
    let number = CHILD.parse().unwrap();
    let asks = |consent: ConsentOnFile| super::super::limited(&[consent], &number);
    assert!(!asks(first_visit()));
    assert!(asks(limited("permit", &json!({ "dataPeriod": { "start": "2026" } }))));
    let mut outer = rule("permit", CENTRE, &["feeding"]);
    outer["provision"] = json!([{ "type": "deny", "code": [{ "coding": [{ "code": "1" }] }] }]);
    assert!(asks(consent("c1", "active", outer)));
}

#[test]
fn a_piece_is_kept_with_what_is_kept_alone_and_prints_no_identifier() {
    let piece = of(&[feeding("1", "2026-06-10")]).remove(0);
    let [feeding, needs] = ["feeding", "needs"].map(|name| BTreeSet::from([name.parse::<Item>().unwrap()]));
    assert!(piece.cut(&needs).is_none());
    let kept: Piece = serde_json::from_value(json!(piece.cut(&feeding).unwrap())).unwrap();
    assert!(kept == piece && !format!("{piece:?}").contains("obs-1"));
}

#[test]
fn what_a_resource_refers_to_below_its_base_is_found() {
    let mut weighed = feeding("1", "2026-06-10");
    weighed["encounter"]["reference"] = json!("Encounter/v1");
    weighed.as_object_mut().unwrap().remove("effectiveDateTime");
    let visit = json!({ "resourceType": "Encounter", "id": "v1", "period": { "start": "2026-06-10" } });
    let resources = [weighed, visit];
    let at = json!({ "reference": "https://hv.example/fhir/Encounter/v1" });
    means(json!({ "data": [{ "meaning": "dependents", "reference": at }] }), &resources, ALL);
    means(json!({ "dataPeriod": { "start": "2026-06-10", "end": "2026-06-10" } }), &resources, ALL);
}
