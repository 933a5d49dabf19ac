//! Who decided: parents, the young person, a professional; whom they name, by role or by an organisation inside; and records
//! that are closed.

use super::*;
use crate::consent::DECISION_SYSTEM;

/// A permit of the whole identity to every children's centre around the child.
fn to_role(kind: &str, role: &str) -> ConsentOnFile {
    let who = json!([actor(ROLE_SYSTEM, role)]);
    consent("r1", "active", json!({ "type": kind, "actor": who, "class": classes(&NAME_DATE_ADDRESS) }))
}

fn performed_by(consent: &ConsentOnFile, performer: &Value) -> ConsentOnFile {
    changed(consent, |resource| resource["performer"] = json!([performer]))
}

fn itself() -> Value {
    json!({ "identifier": { "system": NHS_NUMBER_SYSTEM, "value": CHILD } })
}

fn found_competent(consent: &ConsentOnFile) -> ConsentOnFile {
    let url = "https://kith.example/fhir/StructureDefinition/competent-young-person";
    changed(consent, |resource| resource["extension"] = json!([{ "url": url, "valueBoolean": true }]))
}

/// A professional's recorded decision not to tell.
fn not_to_share(provision: Value) -> ConsentOnFile {
    changed(&consent("p1", "active", provision), |resource| {
        resource["category"] = json!([{ "coding": [{ "system": DECISION_SYSTEM, "code": "not-to-share" }] }]);
    })
}

#[test]
fn a_permit_to_a_role_reaches_those_of_it_who_are_around_the_child() {
    let permit = [to_role("permit", "childrens-centre")];
    World::to_centre().with(&permit).releases(&NAME_DATE_ADDRESS);
    World::to(Role::ChildrensCentre, &[]).with(&permit).withholds_all("recipient-not-named");
    World::to(Role::School, &[Relation::School]).with(&permit).releases(&[]);
    World::to_centre().with(&[to_role("permit", "children's centre")]).releases(&[]);
}

#[test]
fn a_refusal_to_a_role_reaches_all_of_it_and_one_to_an_unknown_role_reaches_everybody() {
    let refused = |world: World, role: &str| {
        let mut world = world.with(&[first_visit(), to_role("deny", role)]);
        world.recipient.relations.clear();
        assert_eq!(world.name_is(), Verdict::Withhold("consent-denied".to_owned()), "{role}");
    };
    refused(World::to_centre(), "childrens-centre");
    refused(World::to_centre(), "no-such-role");
    World::to_centre().with(&[first_visit(), to_role("deny", "gp")]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn an_organisation_inside_the_consent_is_named_by_its_identifier_and_an_address_alone_names_nobody() {
    let refers = |to: &str, contained: Value| {
        changed(&first_visit(), |resource| {
            resource["provision"]["actor"][0]["reference"] = json!({ "reference": to });
            resource["contained"] = contained;
        })
    };
    let centre = json!([{ "resourceType": "Organization", "id": "c", "identifier": [{ "system": SCHOOL_URN_SYSTEM, "value": CENTRE }] }]);
    let nameless = json!([{ "resourceType": "Organization", "id": "c", "name": "Westgate" }]);
    World::to_centre().with(&[refers("#c", centre.clone())]).releases(&NAME_DATE_ADDRESS);
    World::to_centre().with(&[refers("#d", centre)]).withholds_all("no-basis");
    World::to_centre().with(&[refers("#c", nameless)]).withholds_all("no-basis");
    World::to_centre().with(&[refers("Organization/7", json!([]))]).withholds_all("no-basis");
    let named = named(&[first_visit()], &CHILD.parse().unwrap());
    assert_eq!(named, [(SCHOOL_URN_SYSTEM.to_owned(), CENTRE.to_owned())]);
}

#[test]
fn a_consent_by_somebody_without_parental_responsibility_does_not_permit_but_with_another_who_holds_it_does()
{
    let by = |held: &[Option<bool>]| {
        changed(&first_visit(), |resource| {
            let url = "https://kith.example/fhir/StructureDefinition/parental-responsibility";
            let people = held.iter().enumerate().map(|(n, held)| {
                let extension: Vec<Value> =
                    held.iter().map(|held| json!({ "url": url, "valueBoolean": held })).collect();
                json!({ "resourceType": "RelatedPerson", "id": format!("p{n}"), "extension": extension })
            });
            resource["contained"] = people.collect();
            let refer = (0..held.len()).map(|n| json!({ "reference": format!("#p{n}") }));
            resource["performer"] = refer.collect();
        })
    };
    World::to_centre().with(&[by(&[Some(false)])]).withholds_all("no-basis");
    World::to_centre().with(&[by(&[Some(false), Some(true)])]).releases(&NAME_DATE_ADDRESS);
    World::to_centre().with(&[by(&[None])]).releases(&NAME_DATE_ADDRESS);
    let refusal = changed(&by(&[Some(false)]), |resource| resource["provision"]["type"] = json!("deny"));
    World::to_centre().with(&[first_visit(), refusal]).withholds_all("consent-denied");
}

#[test]
fn a_consent_that_the_family_did_not_stand_by_when_asked_does_not_permit() {
    let asked = |answers: &[bool]| {
        changed(&first_visit(), |resource| {
            resource["verification"] = answers.iter().map(|yes| json!({ "verified": yes })).collect();
        })
    };
    World::to_centre().with(&[asked(&[false])]).withholds_all("no-basis");
    World::to_centre().with(&[asked(&[true])]).releases(&NAME_DATE_ADDRESS);
    World::to_centre().with(&[asked(&[false, true])]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_young_persons_own_agreement_counts_where_it_was_found_competent_and_its_refusal_always() {
    let own = performed_by(&first_visit(), &itself());
    World::to_centre().with(std::slice::from_ref(&own)).withholds_all("no-basis");
    World::to_centre().with(&[found_competent(&own)]).releases(&NAME_DATE_ADDRESS);
    let refuses = performed_by(&refusal(&["identity"]), &json!({ "type": "Patient", "display": "herself" }));
    World::to_centre().with(&[first_visit(), refuses]).withholds_all("consent-denied");
    let contested = World::to_centre().with(&[found_competent(&own), refusal(&["identity/name"])]);
    let outcome = contested.outcome("identity/name");
    assert!(outcome.contested && outcome.ground().is_none(), "a parent's refusal still withholds");
}

#[test]
fn what_a_young_person_takes_back_no_parents_agreement_stands_in_for() {
    let own = found_competent(&performed_by(&first_visit(), &itself()));
    let back = changed(&own, |resource| resource["status"] = json!("inactive"));
    let parents = ConsentOnFile { id: "c2".into(), ..first_visit() };
    World::to_centre().with(&[parents.clone(), back]).withholds_all("consent-withdrawn");
    let mothers = changed(&first_visit(), |resource| resource["status"] = json!("inactive"));
    World::to_centre().with(&[parents, mothers]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_professionals_decision_not_to_tell_stops_the_duty_consent_and_care_for_whom_it_names() {
    let all = not_to_share(json!({ "type": "deny" }));
    let decided = World::to_centre().with(&[first_visit(), all.clone()]);
    decided.clone().withholds_all("detriment-recorded");
    decided.claiming_duty().withholds_all("detriment-recorded");
    World::to(Role::Gp, &[Relation::Practice])
        .with(std::slice::from_ref(&all))
        .withholds_all("detriment-recorded");
    let outcome = World::to_centre().with(&[first_visit(), all.clone()]).outcome("identity/name");
    assert_eq!(outcome.consents, ["p1/1"], "the recorded decision is what is cited");
    assert!(!outcome.contested, "it is no quarrel between parents");
    let other = not_to_share(rule("deny", OTHER_CENTRE, &["identity"]));
    World::to_centre().with(&[first_visit(), other]).releases(&NAME_DATE_ADDRESS);
    let ended = changed(&all, |resource| resource["status"] = json!("inactive"));
    World::to_centre().with(&[first_visit(), ended]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_professionals_decision_permits_nothing() {
    let permit = not_to_share(rule("permit", CENTRE, &NAME_DATE_ADDRESS));
    World::to_centre().with(&[permit]).withholds_all("no-basis");
}

#[test]
fn nothing_of_a_sealed_record_goes_to_anyone_whatever_is_claimed_or_agreed() {
    let mut world = World::to_centre().with(&[first_visit()]).claiming_duty();
    world.child.sealed = true;
    world.withholds_all("sealed-record");
    let mut practice = World::to(Role::Gp, &[Relation::Practice]);
    practice.child.sealed = true;
    practice.withholds_all("sealed-record");
}

#[test]
fn competence_must_be_said_by_its_own_extension_and_said_to_be_so() {
    let own = performed_by(&first_visit(), &itself());
    let with = |url: &str, held: bool| {
        changed(&own, |resource| resource["extension"] = json!([{ "url": url, "valueBoolean": held }]))
    };
    let competent = "https://kith.example/fhir/StructureDefinition/competent-young-person";
    World::to_centre().with(&[with(competent, false)]).withholds_all("no-basis");
    World::to_centre().with(&[with("https://example.org/other", true)]).withholds_all("no-basis");
}

#[test]
fn a_childs_own_agreement_is_known_by_the_consents_own_patient_too() {
    let refers = |performer: &str| {
        changed(&first_visit(), |resource| {
            resource["patient"]["reference"] = json!("Patient/p1");
            resource["performer"] = json!([{ "reference": performer }]);
        })
    };
    World::to_centre().with(&[refers("Patient/p1")]).withholds_all("no-basis");
    World::to_centre().with(&[refers("RelatedPerson/r1")]).releases(&NAME_DATE_ADDRESS);
}

#[test]
fn a_refusal_with_an_empty_purpose_is_not_taken_for_one_of_research() {
    let empty = changed(&refusal(&["identity"]), |resource| resource["provision"]["purpose"] = json!([]));
    World::to_centre().with(&[first_visit(), empty]).withholds_all("consent-denied");
}

#[test]
fn what_may_change_the_meaning_counts_inside_a_list_too() {
    let hidden = changed(&first_visit(), |resource| {
        resource["provision"]["actor"][0]["modifierExtension"] =
            json!([{ "url": "https://example.org/not" }]);
    });
    World::to_centre().with(&[hidden]).withholds_all("no-basis");
}

#[test]
fn consents_contradict_each_other_only_where_both_are_in_force_and_speak_of_the_same() {
    let world = World::to_centre();
    let contradict = |consents: &[ConsentOnFile]| contested(consents, &CHILD.parse().unwrap(), world.at);
    let father = refusal(&["identity/name"]);
    assert!(contradict(&[first_visit(), father.clone()]));
    assert!(contradict(&[local_centres("permit", &["feeding"]), refusal_of_all()]));
    assert!(contradict(&[to_role("permit", "childrens-centre"), refusal_of_all()]));
    assert!(!contradict(&[first_visit()]) && !contradict(std::slice::from_ref(&father)));
    assert!(!contradict(&[first_visit(), refusal(&["feeding"])]));
    let over = changed(&father, |resource| resource["status"] = json!("inactive"));
    assert!(!contradict(&[first_visit(), over]));
    assert!(
        !contradict(&[first_visit(), not_to_share(json!({ "type": "deny" }))]),
        "a professional is no party to it"
    );
}
