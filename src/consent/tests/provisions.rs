//! How FHIR Consents are read: actors, classes, nested provisions, and what cannot be read.

use super::*;

const ALTERED: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

/// A Consent that is never used as a permit, and whose like, as a deny, still denies.
#[track_caller]
fn spoils(change: impl Fn(&mut Value)) {
    World::to_centre().with(&[changed(&first_visit(), &change)]).withholds_all("no-basis");
    let denial = changed(&refusal(&NAME_DATE_ADDRESS), &change);
    let whole = ConsentOnFile { id: "c9".into(), ..first_visit() };
    World::to_centre().with(&[whole, denial]).withholds_all("consent-denied");
}

#[test]
fn what_cannot_be_read_never_permits_and_still_denies() {
    spoils(|resource| resource["modifierExtension"] = json!([{ "url": "https://example.org/x" }]));
    spoils(|resource| {
        resource["provision"]["modifierExtension"] = json!([{ "url": "https://example.org/x" }])
    });
    spoils(|resource| resource["implicitRules"] = json!("https://example.org/rules"));
    let mark = |code: &str| json!([{ "system": ALTERED, "code": code }]);
    spoils(|resource| resource["meta"] = json!({ "tag": mark("SUBSETTED") }));
    spoils(|resource| resource["meta"] = json!({ "security": mark("REDACTED") }));
    spoils(|resource| resource["status"] = Value::Null);
    spoils(|resource| resource["status"] = json!("in-force"));
    spoils(|resource| resource["scope"] = Value::Null);
    spoils(|resource| resource["provision"]["period"] = json!({ "end": "next year" }));
    spoils(|resource| resource["provision"]["period"] = json!({ "start": 2026 }));
    spoils(|resource| resource["provision"]["period"] = json!("2026"));
    spoils(|resource| resource["provision"]["actor"] = json!([{ "reference": { "display": "the centre" } }]));
    spoils(|resource| resource["provision"]["actor"] = json!([actor(SCHOOL_URN_SYSTEM, CENTRE), null, {}]));
    spoils(|resource| resource["provision"]["actor"] = json!([actor("https://example.org/ids", CENTRE)]));
    spoils(|resource| resource["provision"]["data"] = json!([{ "meaning": "instance" }]));
    let by = |system: &str, code: &str| json!({ "meaning": "authoredby", "reference": { "identifier": { "system": system, "value": code } } });
    spoils(|resource| resource["provision"]["data"] = json!([by(SCHOOL_URN_SYSTEM, CENTRE)]));
    spoils(|resource| resource["provision"]["data"] = json!([by(ODS_SYSTEM, "RYG"), by(ROLE_SYSTEM, "gp")]));
    spoils(|resource| {
        resource["provision"]["data"] = json!([by(ODS_SYSTEM, "A81009"), { "meaning": "instance" }])
    });
    spoils(|resource| {
        resource["provision"]["data"] =
            json!([{ "meaning": "dependents", "reference": by(ODS_SYSTEM, "RYG")["reference"] }])
    });
    spoils(|resource| resource["provision"]["data"] = json!("everything"));
    spoils(|resource| resource["provision"]["code"] = json!([{ "coding": [{ "code": "29463-7" }] }]));
    spoils(|resource| resource["provision"]["dataPeriod"] = json!({ "start": "2026" }));
    spoils(|resource| resource["provision"]["securityLabel"] = json!([{ "code": "R" }]));
    spoils(|resource| resource["provision"]["action"] = json!([{ "coding": [{ "code": "correct" }] }]));
    spoils(|resource| resource["provision"]["extension"] = json!([{ "url": LOCAL_CENTRES }]));
    spoils(|resource| resource["provision"] = json!([resource["provision"]]));
    spoils(|resource| resource["patient"]["identifier"]["system"] = json!("https://example.org/mrn"));
}

#[test]
fn a_provision_without_a_type_says_nothing_but_the_denies_in_it_count() {
    let untyped = |inner: Value| consent("u1", "active", json!({ "provision": [inner] }));
    let permit = untyped(rule("permit", CENTRE, &NAME_DATE_ADDRESS));
    World::to_centre().with(&[permit]).withholds_all("no-basis");
    let deny = untyped(rule("deny", CENTRE, &NAME_DATE_ADDRESS));
    World::to_centre().with(&[first_visit(), deny]).withholds_all("consent-denied");
}

#[test]
fn a_consent_that_says_opt_out_without_a_typed_provision_denies() {
    let code = json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT" }] });
    for provision in [Value::Null, json!({ "class": classes(&["identity"]) })] {
        let denial =
            changed(&consent("o1", "active", provision), |resource| resource["policyRule"] = code.clone());
        World::to_centre().with(&[first_visit(), denial]).withholds_all("consent-denied");
    }
}

#[test]
fn a_custodian_in_a_permit_is_not_one_who_may_be_told() {
    let custodian = changed(&first_visit(), |resource| {
        resource["provision"]["actor"][0]["role"]["coding"][0]["code"] = json!("CST");
    });
    World::to_centre().with(&[custodian]).withholds_all("no-basis");
}

#[test]
fn a_consent_for_another_child_is_never_used_neither_to_permit_nor_to_deny() {
    let other: [fn(&mut Value); 3] = [
        |resource| resource["patient"]["identifier"]["value"] = json!(OTHER_CHILD),
        |resource| resource["patient"] = json!({ "reference": format!("Patient/{OTHER_CHILD}") }),
        |resource| {
            resource["patient"] =
                json!({ "reference": format!("Patient?identifier={NHS_NUMBER_SYSTEM}|{OTHER_CHILD}") });
        },
    ];
    for change in other {
        World::to_centre().with(&[changed(&first_visit(), change)]).withholds_all("no-basis");
        let denial = changed(&refusal_of_all(), change);
        World::to_centre().with(&[first_visit(), denial]).releases(&NAME_DATE_ADDRESS);
    }
}

#[test]
fn a_consent_that_refers_to_the_patient_of_its_message_is_used() {
    for patient in [Value::Null, json!({ "reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0" })] {
        let consent = changed(&first_visit(), |resource| resource["patient"] = patient);
        World::to_centre().with(&[consent]).releases(&NAME_DATE_ADDRESS);
    }
}

#[test]
fn what_is_no_consent_has_no_say() {
    let deny = changed(&refusal_of_all(), |resource| resource["resourceType"] = json!("Contract"));
    World::to_centre().with(&[first_visit(), deny]).releases(&NAME_DATE_ADDRESS);
    for resource in [Value::Null, json!([]), json!("Consent"), json!({ "resourceType": "Consent" })] {
        let broken = ConsentOnFile { id: "x".into(), version: 1, resource: Private::new(resource) };
        World::to_centre().with(&[broken]).withholds_all("no-basis");
    }
}

#[test]
fn a_permit_that_names_no_actor_names_nobody_and_one_without_class_names_nothing() {
    let nobody = consent("p1", "active", json!({ "type": "permit", "class": classes(&["identity"]) }));
    World::to_centre().with(&[nobody]).withholds_all("recipient-not-named");
    let nothing = changed(&first_visit(), |resource| resource["provision"]["class"] = Value::Null);
    World::to_centre().with(&[nothing]).withholds_all("no-basis");
}

#[test]
fn a_permit_passes_over_a_class_that_is_not_known_and_a_deny_takes_it_for_everything() {
    let with_unknown = |kind: &str, id: &str| {
        let class = json!([{ "system": DATASET_SYSTEM, "code": "feeding" }, { "system": "http://loinc.org", "code": "1" }]);
        changed(&consent(id, "active", rule(kind, CENTRE, &[])), |resource| {
            resource["provision"]["class"] = class;
        })
    };
    World::to_centre().with(&[with_unknown("permit", "p1")]).releases(&["feeding"]);
    World::to_centre().with(&[first_visit(), with_unknown("deny", "p2")]).withholds_all("consent-denied");
}

#[test]
fn a_bare_identity_means_all_of_its_items_and_a_dataset_is_one_whole() {
    let consent = consent("c1", "active", rule("permit", CENTRE, &["identity", "feeding", "feeding/breast"]));
    World::to_centre().with(&[consent]).releases(&[
        "identity/name",
        "identity/birth-date",
        "identity/address",
        "identity/nhs-number",
        "identity/sex",
        "feeding",
    ]);
}

#[test]
fn a_centre_is_known_by_its_ods_code_as_well_as_by_its_urn() {
    let by_ods = changed(&first_visit(), |resource| {
        resource["provision"]["actor"] = json!([actor(ODS_SYSTEM, "A81001")]);
    });
    World::to_centre().with(&[by_ods]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_deny_inside_a_permit_withholds_and_beats_other_permits() {
    let mut provision = rule("permit", CENTRE, &NAME_DATE_ADDRESS);
    provision["provision"] = json!([{ "type": "deny", "class": classes(&["identity/address"]) }]);
    let limited = consent("c2", "active", provision);
    World::to_centre()
        .with(std::slice::from_ref(&limited))
        .releases(&["identity/name", "identity/birth-date"]);
    World::to_centre().with(&[limited, first_visit()]).releases(&["identity/name", "identity/birth-date"]);
}

#[test]
fn a_deny_inside_a_permit_for_others_does_not_reach_this_recipient() {
    let mut provision = rule("permit", OTHER_CENTRE, &NAME_DATE_ADDRESS);
    provision["provision"] = json!([{ "type": "deny", "class": classes(&["identity/address"]) }]);
    World::to_centre()
        .with(&[consent("c2", "active", provision), first_visit()])
        .releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_permit_inside_a_deny_releases_only_what_it_names_itself() {
    let inside = |inner: Value| {
        consent(
            "d2",
            "active",
            json!({ "type": "deny", "class": classes(&["identity"]), "provision": [inner] }),
        )
    };
    let exact = inside(rule("permit", CENTRE, &["identity/name", "feeding"]));
    World::to_centre().with(&[exact]).releases(&["identity/name"]);
    let no_class = inside(json!({ "type": "permit", "actor": [actor(SCHOOL_URN_SYSTEM, CENTRE)] }));
    World::to_centre().with(&[no_class]).withholds_all("consent-denied");
    let no_actor = inside(json!({ "type": "permit", "class": classes(&["identity/name"]) }));
    World::to_centre().with(&[no_actor]).withholds_all("consent-denied");
    let other = inside(rule("permit", OTHER_CENTRE, &["identity/name"]));
    World::to_centre().with(&[other]).withholds_all("consent-denied");
}

#[test]
fn an_exception_three_deep_is_followed() {
    let mut inner = rule("permit", CENTRE, &NAME_DATE_ADDRESS);
    inner["provision"] = json!([{ "type": "deny", "class": classes(&["identity/address"]) }]);
    let consent = consent("d3", "active", json!({ "type": "deny", "provision": [inner] }));
    World::to_centre().with(&[consent]).releases(&["identity/name", "identity/birth-date"]);
}

#[test]
fn a_refusal_that_ran_out_or_was_withdrawn_no_longer_denies() {
    let ended = changed(&refusal_of_all(), |resource| {
        resource["provision"]["period"] = json!({ "end": "2026-06-30" });
    });
    let to_come = changed(&refusal_of_all(), |resource| {
        resource["provision"]["period"] = json!({ "start": "2026-07-02" });
    });
    let withdrawn = changed(&refusal_of_all(), |resource| resource["status"] = json!("inactive"));
    World::to_centre().with(&[first_visit(), ended, to_come, withdrawn]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_refusal_to_local_centres_reaches_every_centre_and_no_other_role() {
    let far = World::to(Role::ChildrensCentre, &[Relation::OnFile]);
    far.with(&[first_visit(), local_centres("deny", &[])]).withholds_all("consent-denied");
    let nurse = World::to(Role::SchoolNurse, &[Relation::School]).with(&[local_centres("deny", &[])]);
    assert!(!nurse.decide().permitted().is_empty());
}

#[test]
fn a_refusal_holds_from_the_first_instant_of_its_first_day_to_the_last_of_its_last() {
    let period = json!({ "start": "2026-07-01", "end": "2026-07-01" });
    let day = changed(&refusal_of_all(), |resource| resource["provision"]["period"] = period);
    let world = World::to_centre().with(&[first_visit(), day]);
    world.clone().at("2026-06-30T22:59:59Z").releases(&NAME_DATE_ADDRESS);
    world.clone().at("2026-06-30T23:00:00Z").withholds_all("consent-denied");
    world.clone().at("2026-07-01T22:59:59Z").withholds_all("consent-denied");
    world.at("2026-07-01T23:00:00Z").releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_permit_inside_a_deny_inside_a_deny_is_no_exception_to_the_outer_one() {
    let mut inner = rule("deny", CENTRE, &NAME_DATE_ADDRESS);
    inner["provision"] = json!([rule("permit", CENTRE, &NAME_DATE_ADDRESS)]);
    let consent = consent("d4", "active", json!({ "type": "deny", "provision": [inner] }));
    World::to_centre().with(&[consent]).withholds_all("consent-denied");
}

/// A provision about what these organisations wrote.
fn of_authors(mut rule: Value, authors: &[&str]) -> Value {
    let by = |code: &&str| json!({ "meaning": "authoredby", "reference": { "identifier": { "system": ODS_SYSTEM, "value": code } } });
    rule["data"] = authors.iter().map(by).collect();
    rule
}

#[test]
fn a_consent_may_be_about_what_one_organisation_wrote() {
    let permit = |authors: &[&str]| {
        consent("c1", "active", of_authors(rule("permit", CENTRE, &NAME_DATE_ADDRESS), authors))
    };
    // The sender of every message here is RYG.
    World::to_centre().with(&[permit(&["A81001", "RYG"])]).releases(&NAME_DATE_ADDRESS);
    World::to_centre().with(&[permit(&["A81001"])]).withholds_all("no-basis");

    let deny = |authors: &[&str]| {
        consent("d1", "active", of_authors(rule("deny", CENTRE, &["identity/address"]), authors))
    };
    World::to_centre().with(&[first_visit(), deny(&["A81001"])]).releases(&NAME_DATE_ADDRESS);
    World::to_centre()
        .with(&[first_visit(), deny(&["A81001", "RYG"])])
        .releases(&["identity/birth-date", "identity/name"]);
}

#[test]
fn an_exception_may_be_about_what_one_organisation_wrote() {
    let with = |kind: &str, inner: Value| {
        let mut outer = rule(kind, CENTRE, &NAME_DATE_ADDRESS);
        outer["provision"] = json!([inner]);
        consent("c1", "active", outer)
    };
    let not_of =
        |author: &str| with("permit", of_authors(rule("deny", CENTRE, &NAME_DATE_ADDRESS), &[author]));
    World::to_centre().with(&[not_of("A81001")]).releases(&NAME_DATE_ADDRESS);
    World::to_centre().with(&[not_of("RYG")]).withholds_all("consent-denied");
    let only_of =
        |author: &str| with("deny", of_authors(rule("permit", CENTRE, &["identity/name"]), &[author]));
    World::to_centre().with(&[only_of("RYG")]).releases(&["identity/name"]);
    World::to_centre().with(&[only_of("A81001")]).withholds_all("consent-denied");
}

#[test]
fn parents_who_disagree_about_one_organisations_data_disagree() {
    let deny = consent("d1", "active", of_authors(rule("deny", CENTRE, &NAME_DATE_ADDRESS), &["A81001"]));
    let number = CHILD.parse().unwrap();
    let at = World::to_centre().at;
    assert!(contested(&[first_visit(), deny], &number, at));
    assert!(!contested(&[first_visit()], &number, at));
}
