//! The scenarios of the consent table that this room can express, one test each.

use super::*;

#[test]
fn an_active_permit_lets_the_named_centre_have_exactly_name_birth_date_and_address() {
    World::to_centre().with(&[first_visit()]).releases(&NAME_DATE_ADDRESS);
    let outcome = World::to_centre().with(&[first_visit()]).outcome("identity/name");
    assert_eq!(outcome.verdict, Verdict::Permit(Ground::Consent));
    assert_eq!(outcome.policies, ["consent-childrens-centre"]);
    assert_eq!(outcome.consents, ["c1/1"]);
}

#[test]
fn without_consent_a_centre_receives_nothing() {
    World::to_centre().withholds_all("no-basis");
}

#[test]
fn a_consent_withdrawn_before_sending_releases_nothing() {
    let withdrawn = changed(&first_visit(), |resource| resource["status"] = json!("inactive"));
    World::to_centre().with(std::slice::from_ref(&withdrawn)).withholds_all("consent-withdrawn");
    let outcome = World::to_centre().with(&[withdrawn]).outcome("identity/name");
    assert_eq!(outcome.consents, ["c1/1"]);
}

#[test]
fn a_consent_that_ended_yesterday_releases_nothing_and_one_that_ends_today_still_does() {
    let until = |day: &str| {
        changed(&first_visit(), |resource| resource["provision"]["period"] = json!({ "end": day }))
    };
    World::to_centre().with(&[until("2026-06-30")]).withholds_all("consent-expired");
    World::to_centre().with(&[until("2026-07-01")]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn the_last_day_of_a_consent_ends_at_midnight_in_london() {
    let consent =
        changed(&first_visit(), |resource| resource["provision"]["period"] = json!({ "end": "2026-07-01" }));
    let world = World::to_centre().with(&[consent]);
    world.clone().at("2026-07-01T22:59:59Z").releases(&NAME_DATE_ADDRESS);
    world.at("2026-07-01T23:00:00Z").withholds_all("consent-expired");
}

#[test]
fn a_consent_that_starts_tomorrow_releases_nothing_today() {
    let consent = changed(&first_visit(), |resource| {
        resource["provision"]["period"] = json!({ "start": "2026-07-02" })
    });
    let world = World::to_centre().with(&[consent]);
    world.withholds_all("consent-not-started");
    world.clone().at("2026-07-01T22:59:59Z").withholds_all("consent-not-started");
    world.at("2026-07-01T23:00:00Z").releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_consent_that_is_a_draft_a_proposal_rejected_or_a_mistake_is_as_if_it_were_not_there() {
    for status in ["draft", "proposed", "rejected", "entered-in-error"] {
        let consent = changed(&first_visit(), |resource| resource["status"] = json!(status));
        World::to_centre().with(&[consent]).withholds_all("no-basis");
        let denial = changed(&refusal_of_all(), |resource| resource["status"] = json!(status));
        World::to_centre().with(&[first_visit(), denial]).releases(&NAME_DATE_ADDRESS);
    }
}

#[test]
fn when_one_parent_agrees_and_another_refuses_it_is_withheld_and_marked_contested() {
    let world = World::to_centre().with(&[first_visit(), refusal(&["identity"])]);
    world.withholds_all("consent-denied");
    let outcome = world.outcome("identity/name");
    assert!(outcome.contested);
    assert_eq!((outcome.policies, outcome.consents), (vec!["consent-denied".into()], vec!["d1/1".into()]));
}

#[test]
fn a_newer_permit_counts_after_an_older_one_was_withdrawn() {
    let old = changed(&first_visit(), |resource| resource["status"] = json!("inactive"));
    let new = ConsentOnFile { id: "c2".into(), ..first_visit() };
    let world = World::to_centre().with(&[old, new]);
    world.releases(&NAME_DATE_ADDRESS);
    assert_eq!(world.outcome("identity/name").consents, ["c2/1"]);
}

#[test]
fn a_newer_permit_does_not_beat_an_older_refusal_that_still_stands() {
    let new = changed(&first_visit(), |resource| resource["dateTime"] = json!("2026-06-30"));
    World::to_centre().with(&[refusal(&["identity"]), new]).withholds_all("consent-denied");
}

#[test]
fn the_safeguarding_duty_with_a_reason_releases_the_minimum_dataset_without_consent() {
    for duty_in_force in [true, false] {
        let world = World { duty_in_force, ..World::to_centre().claiming_duty() };
        world.releases(&MINIMUM);
        let policy = if duty_in_force { "safeguarding-duty-16la" } else { "safeguarding-existing-law" };
        assert_eq!(world.outcome("safeguarding").policies, [policy]);
        assert_eq!(world.decide().ground(), Some(Ground::SafeguardingDuty));
    }
}

#[test]
fn the_safeguarding_duty_goes_over_a_refusal_and_says_so() {
    let world = World::to_centre().with(&[refusal_of_all()]).claiming_duty();
    world.releases(&MINIMUM);
    assert_eq!(world.outcome("safeguarding").consents, ["d0/1"]);
    let gp = World::to(Role::Gp, &[Relation::Practice]).with(&[refusal_of_all()]).claiming_duty();
    gp.releases(&MINIMUM);
}

#[test]
fn the_safeguarding_duty_without_a_reason_releases_nothing() {
    let world = World { reason_given: false, ..World::to_centre().claiming_duty() };
    world.withholds_all("no-basis");
}

#[test]
fn the_safeguarding_duty_does_not_reach_a_role_that_is_not_listed_or_a_partner_not_around_the_child() {
    World::to(Role::LocalAuthority, &[Relation::InReach]).claiming_duty().withholds_all("no-basis");
    World::to(Role::ChildrensCentre, &[]).claiming_duty().withholds_all("no-basis");
}

#[test]
fn schools_and_school_nurses_also_learn_the_school_under_the_duty() {
    let with_school = [&MINIMUM[..], &["school"]].concat();
    World::to(Role::School, &[Relation::School]).claiming_duty().releases(&with_school);
    let nurse = World::to(Role::SchoolNurse, &[Relation::Practice]).claiming_duty();
    nurse.releases(&with_school);
}

#[test]
fn the_safeguarding_duty_does_not_disclose_a_restricted_address() {
    let mut world = World::to(Role::School, &[Relation::School]).claiming_duty();
    world.child.restricted = true;
    world.releases(&MINIMUM);
}

#[test]
fn after_a_move_the_old_centre_receives_nothing_and_the_new_one_by_the_consent_to_local_centres() {
    let consents = [local_centres("permit", &NAME_DATE_ADDRESS)];
    let old = World::to(Role::ChildrensCentre, &[Relation::OnFile]).with(&consents);
    old.withholds_all("recipient-not-named");
    World::to_centre().with(&consents).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_restricted_record_loses_address_household_school_and_registration_even_for_its_own_practice() {
    let mut world = World::to(Role::Gp, &[Relation::Practice]);
    world.child.restricted = true;
    let released = world.decide().permitted();
    for item in ["identity/address", "household", "school", "registration"] {
        assert!(!released.contains(&item.parse().unwrap()), "{item}");
        assert_eq!(world.outcome(item).verdict, Verdict::Withhold("restricted-address".into()));
    }
    assert_eq!(released.len(), Item::all().count() - 4);
}

#[test]
fn no_welcome_goes_out_for_a_child_who_has_died_but_safeguarding_and_care_go_on() {
    let mut world = World::to_centre().with(&[first_visit()]);
    world.child.deceased = true;
    world.withholds_all("deceased-child");
    world.claiming_duty().releases(&MINIMUM);
    let mut gp = World::to(Role::Gp, &[Relation::Practice]);
    gp.child.deceased = true;
    assert_eq!(gp.decide().permitted().len(), Item::all().count());
    gp.sender.role = Role::Maternity;
    assert_eq!(
        gp.decide().permitted().len(),
        Item::all().count(),
        "who tells of the birth tells of the death"
    );
    gp.sender.role = Role::ChildrensCentre;
    gp.withholds_all("deceased-child");
}

#[test]
fn those_who_tell_of_births_receive_nothing_by_care_or_duty() {
    for role in [Role::Maternity, Role::ChildHealthInformation] {
        World::to(role, &[Relation::InReach, Relation::OnFile]).releases(&[]);
        World::to(role, &[Relation::InReach, Relation::OnFile]).claiming_duty().releases(&[]);
    }
}

#[test]
fn a_recipient_that_the_consent_does_not_name_receives_nothing() {
    let consent = consent("c1", "active", rule("permit", OTHER_CENTRE, &NAME_DATE_ADDRESS));
    World::to_centre().with(&[consent]).withholds_all("recipient-not-named");
}

#[test]
fn a_recipient_named_by_a_role_alone_is_not_named() {
    let consent = changed(&first_visit(), |resource| {
        resource["provision"]["actor"] = json!([{ "role": { "text": "children's centre" } }]);
    });
    World::to_centre().with(&[consent]).withholds_all("no-basis");
}

#[test]
fn a_permit_for_a_purpose_that_is_not_known_releases_nothing() {
    let purpose = |code: &str| {
        changed(&first_visit(), |resource| {
            resource["provision"]["purpose"] =
                json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code }]);
        })
    };
    World::to_centre().with(&[purpose("X-OTHER")]).withholds_all("no-basis");
    World::to_centre().with(&[purpose("HRESCH")]).withholds_all("no-basis");
    World::to_centre().with(&[purpose("TREAT")]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn the_national_data_opt_out_does_not_stop_sharing_for_care() {
    let purpose =
        json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HRESCH" }]);
    let by_purpose = consent("n1", "active", json!({ "type": "deny", "purpose": purpose }));
    let by_scope = changed(&refusal_of_all(), |resource| {
        resource["scope"]["coding"][0]["code"] = json!("research");
    });
    World::to_centre().with(&[first_visit(), by_purpose, by_scope]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn the_practice_and_the_health_visitor_who_care_for_the_child_receive_all_of_it() {
    let all = Item::all().count();
    for (role, relation) in [
        (Role::Gp, Relation::Practice),
        (Role::Gp, Relation::OnFile),
        (Role::HealthVisitor, Relation::InReach),
        (Role::HealthVisitor, Relation::OnFile),
    ] {
        assert_eq!(World::to(role, &[relation]).decide().permitted().len(), all, "{role} {relation:?}");
    }
    World::to(Role::Gp, &[Relation::InReach]).withholds_all("no-basis");
    World::to(Role::HealthVisitor, &[]).withholds_all("no-basis");
}

#[test]
fn the_school_nurse_receives_identity_needs_health_at_school_school_and_safeguarding_only() {
    let identity: Vec<String> =
        Item::all().map(|item| item.to_string()).filter(|item| item.starts_with("identity/")).collect();
    let mut expected: Vec<&str> = identity.iter().map(String::as_str).collect();
    expected.extend(["needs", "health-at-school", "school", "safeguarding"]);
    World::to(Role::SchoolNurse, &[Relation::School]).releases(&expected);
}

#[test]
fn a_refusal_that_names_the_centres_does_not_stop_direct_care_and_one_that_names_nobody_does() {
    let gp = World::to(Role::Gp, &[Relation::Practice]);
    let all = Item::all().count();
    assert_eq!(gp.clone().with(&[local_centres("deny", &[])]).decide().permitted().len(), all);
    gp.clone().with(&[refusal_of_all()]).withholds_all("consent-denied");
    // A refusal of what centres offer, which names no centre, refuses to all of them and to nobody else.
    let of_centres = changed(&refusal_of_all(), |resource| {
        let purpose = json!({ "system": "https://kith.example/fhir/CodeSystem/purpose", "code": "early-years-support" });
        resource["provision"]["purpose"] = json!([purpose]);
    });
    assert_eq!(gp.with(std::slice::from_ref(&of_centres)).decide().permitted().len(), all);
    World::to_centre().with(&[first_visit(), of_centres]).withholds_all("consent-denied");
}

#[test]
fn a_parents_consent_never_carries_a_safeguarding_concern_or_the_mothers_own_information() {
    let items = ["identity/name", "safeguarding", "maternal-wellbeing", "feeding"];
    let consent = consent("c1", "active", rule("permit", CENTRE, &items));
    World::to_centre().with(&[consent]).releases(&["identity/name", "feeding"]);
}
