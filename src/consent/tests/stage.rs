//! What becomes of a decision: the permit for a message, the journal's lines, the sentence for people.

use std::collections::BTreeMap;

use super::*;

fn mapped(world: &World) -> Mapped {
    Mapped {
        sender: world.sender.clone(),
        message_id: Uuid::from_u128(7),
        at: world.at,
        kind: "new-birth-visit".into(),
        record: Private::new(json!({})),
        child: world.child.clone(),
        claimed_ground: world.claimed,
        reason: None,
        protections: Vec::new(),
        consents: Vec::new(),
        pieces: None,
        ledger: Vec::new(),
    }
}

#[test]
fn a_permit_holds_exactly_what_was_permitted() {
    let world = World::to_centre().with(&[first_visit()]);
    let permitted = permit(&mapped(&world), Dataset::Identity, &world.decide()).unwrap();
    assert_eq!(permitted.items(), &world.decide().permitted());
    assert_eq!(permitted.ground(), Ground::Consent);
    assert_eq!(permitted.recipient().as_str(), "westgate");
    assert_eq!(permitted.decision().decided(), world.decide().decided());
    assert_eq!(permitted.message_id(), Uuid::from_u128(7));
}

#[test]
fn items_are_called_what_people_call_them() {
    let named =
        |items: &[&str]| items_in_words(&items.iter().map(|item| item.parse().unwrap()).collect::<Vec<_>>());
    assert_eq!(named(&["feeding"]), "feeding");
    assert_eq!(named(&["identity/name", "identity/birth-date", "feeding"]), "name, birth date and feeding");
}

#[test]
fn nothing_goes_where_nothing_of_what_the_message_is_about_is_permitted() {
    let world = World::to_centre().with(&[first_visit()]);
    assert!(permit(&mapped(&world), Dataset::Safeguarding, &world.decide()).is_none());
    let world = World::to_centre();
    assert!(permit(&mapped(&world), Dataset::Identity, &world.decide()).is_none());
}

#[test]
fn a_decision_about_one_child_is_no_permit_for_a_message_about_another() {
    let world = World::to_centre().with(&[first_visit()]);
    let mut other = mapped(&world);
    other.child.nhs_number = OTHER_CHILD.parse().unwrap();
    assert!(permit(&other, Dataset::Identity, &world.decide()).is_none());
}

#[test]
fn a_reason_of_blanks_is_no_reason() {
    let world = World::to_centre().claiming_duty();
    let mut mapped = mapped(&world);
    for (reason, given) in [(None, false), (Some(" \n"), false), (Some("bruise seen"), true)] {
        mapped.reason = reason.map(|reason| Private::new(reason.to_owned()));
        let question = Question::of(&mapped, &world.recipient, (&[], &[]), false, world.at);
        assert_eq!(question.reason_given, given);
        assert_eq!(decide(policies(), &question).permitted().is_empty(), !given);
    }
}

#[test]
fn the_sentence_says_what_to_whom_and_why_and_what_would_change_it() {
    let sentence = World::to_centre().with(&[first_visit()]).decide().sentence();
    assert!(
        sentence.starts_with(
            "Westgate (a children's centre): It receives name, birth date and address. A person with parental \
             responsibility agreed that this children's centre may have it. It does not receive NHS number."
        ),
        "{sentence}"
    );
    assert!(
        sentence.contains("It would be shared if a person with parental responsibility agrees"),
        "{sentence}"
    );
}

#[test]
fn the_sender_reads_of_what_its_message_holds_and_of_nothing_else() {
    let decision = World::to_centre().with(&[first_visit()]).decide();
    let held = ["identity/name", "feeding"].map(|item| item.parse().unwrap()).into();
    let sentence = decision.sentence_about(&held, &BTreeMap::new(), None);
    assert!(sentence.contains("It receives name. ") && sentence.contains("It does not receive feeding. "));
    assert!(!sentence.contains("birth date") && !sentence.contains("household"), "{sentence}");
    let not_sent = decision.sentence_about(&held, &BTreeMap::new(), Some(Dataset::Safeguarding));
    assert!(!not_sent.contains("It receives"), "{not_sent}");
    assert!(not_sent.contains("It might receive name, but the message makes no sense without safeguarding"));
}

#[test]
fn a_recipient_reads_why_it_is_told_and_nothing_of_what_is_withheld() {
    let why = World::to_centre().with(&[first_visit()]).decide().why(Ground::Consent);
    assert_eq!(why, "A person with parental responsibility agreed that this children's centre may have it.");
}

#[test]
fn what_would_change_a_refusal_is_true() {
    let ways = |world: World, item: &str| world.outcome(item).sentence;
    let none = ways(World::to(Role::LocalAuthority, &[Relation::InReach]), "identity/name");
    assert!(none.contains("No policy shares it with such a recipient"), "{none}");
    let gp = ways(World::to(Role::Gp, &[]), "feeding");
    assert!(gp.contains("shown to care for this child") && !gp.contains("agrees"), "{gp}");
    let centre = ways(World::to_centre(), "safeguarding");
    assert!(centre.contains("claims the safeguarding duty") && !centre.contains("agrees"), "{centre}");
    let far = ways(World::to(Role::ChildrensCentre, &[]), "safeguarding");
    assert!(far.contains("is around this child and the sender claims the safeguarding duty"), "{far}");
}

#[test]
fn the_journals_lines_name_item_outcome_ground_policies_and_consents() {
    let lines = World::to_centre().with(&[first_visit()]).decide().decided().decisions;
    assert_eq!(lines.len(), Item::all().count());
    let line = &lines[0];
    assert_eq!((line.item.as_str(), line.outcome.as_str()), ("identity/name", "permit"));
    assert_eq!(line.ground.as_deref(), Some("consent"));
    assert_eq!((line.policies.len(), line.consents.len()), (1, 1));
    let withheld = lines.iter().find(|line| line.item == "feeding").unwrap();
    assert_eq!((withheld.outcome.as_str(), withheld.ground.as_deref()), ("withhold", None));
}

#[test]
fn each_line_of_the_journal_finds_its_own_reason_and_each_reason_stands_there_once() {
    let decision = World::to_centre().with(&[first_visit()]).decide();
    let decided = decision.decided();
    for (line, outcome) in decided.decisions.iter().zip(decision.outcomes()) {
        let reason = &decided.reasons[line.reason.unwrap()];
        assert_eq!(
            (&line.item, &reason.sentence, &reason.law),
            (&outcome.item.to_string(), &outcome.sentence, &outcome.law)
        );
    }
    for (place, reason) in decided.reasons.iter().enumerate() {
        let first =
            decided.reasons.iter().position(|one| one.sentence == reason.sentence && one.law == reason.law);
        assert_eq!(first, Some(place), "{}", reason.sentence);
    }
    assert!(decided.reasons.len() > 1);
}

#[test]
fn no_decision_prints_a_childs_number() {
    let world = World::to_centre().with(&[first_visit(), refusal_of_all()]);
    let decision = world.decide();
    let text = format!("{decision:?} {} {:?} {:?}", decision.sentence(), decision.decided(), world.consents);
    assert!(!text.contains(CHILD));
    let agreements = facts::Agreements::read(&world.consents, &world.child.nhs_number);
    assert!(!format!("{agreements:?}").contains(CHILD));
}
