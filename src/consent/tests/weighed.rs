//! What may be kept of what was told when consents change: it is not there any more, but what limits said of it is.

use proptest::prelude::*;

use super::limits::{agreed, feeding, limited, of};
use super::properties::{consents_strategy, world_strategy};
use super::*;

/// Whether what was told may be kept under these consents, by what was said of it when it was told.
fn kept(told: &Weighed, consents: &[ConsentOnFile]) -> bool {
    let world = World::to_centre().with(consents);
    let name = |limits: &str| format!("the limits {}", limits.len());
    let read = Weighed::read(&told.to_text(name), consents, &world.child.nhs_number, name);
    let contents = Contents::Told(&read);
    !decide(policies(), &Question { contents, ..world.question() }).permitted().is_empty()
}

/// What these consents say of what is told while they are on file.
fn told(resources: &[Value], consents: &[ConsentOnFile]) -> Weighed {
    let World { child, sender, .. } = World::to_centre();
    Weighed::of(consents, &child.nhs_number, &sender.organisation, &of(resources))
}

#[test]
fn what_was_told_may_be_kept_as_far_as_what_is_on_file_speaks_for_it() {
    let limit = |from: &str| json!({ "dataPeriod": { "start": from } });
    let (covers, apart) = (limit("2026"), limit("2026-08-01"));
    let day = [feeding("1", "2026-06-10")];
    let (permit, other) = (limited("permit", &covers), limited("permit", &apart));
    // What it covered when it was told, it covers, in whichever version and wherever else the same limits stand.
    let by_permit = told(&day, std::slice::from_ref(&permit));
    assert!(kept(&by_permit, std::slice::from_ref(&permit)));
    assert!(kept(&by_permit, &[ConsentOnFile { id: "new".into(), version: 7, ..permit.clone() }]));
    // That it was on file does not make it cover what it does not mean, which was told on another.
    let by_another = told(&day, &[agreed(), other.clone()]);
    assert!(kept(&by_another, &[agreed(), other.clone()]));
    assert!(!kept(&by_another, std::slice::from_ref(&other)));
    // A refusal that did not mean it does not ask it back; one that does, or that nobody asked then, does.
    let refused = |limit: &Value| [agreed(), limited("deny", limit)];
    assert!(kept(&told(&day, &refused(&apart)), &refused(&apart)));
    assert!(!kept(&told(&day, &refused(&covers)), &refused(&covers)), "it had been asked and was withdrawn");
    assert!(!kept(&told(&day, &[agreed()]), &refused(&apart)));
    assert!(!kept(&told(&day, &[]), std::slice::from_ref(&permit)), "nobody asked this agreement");
}

#[test]
fn of_what_is_told_together_limits_say_what_they_say_of_all() {
    let period = |from: &str| [limited("permit", &json!({ "dataPeriod": { "start": from } }))];
    let refusal = [agreed(), limited("deny", &json!({ "dataPeriod": { "start": "2026-06-15" } }))];
    let (early, late) = (feeding("1", "2026-06-10"), feeding("2", "2026-06-20"));
    let both = |consents: &[ConsentOnFile]| {
        let mut all = told(std::slice::from_ref(&early), consents);
        all.add(told(std::slice::from_ref(&late), consents));
        assert_eq!(all, told(&[early.clone(), late.clone()], consents));
        kept(&all, consents)
    };
    assert!(both(&period("2026-06-01")), "it covers both");
    assert!(!both(&period("2026-06-15")), "it covers one of them");
    assert!(!both(&refusal), "it means one of them");
}

#[test]
fn what_is_kept_of_limits_does_not_name_anybody() {
    let at = json!({ "identifier": { "system": "https://hv.example/ids", "value": "obs-1" } });
    let consents = [limited("permit", &json!({ "data": [{ "meaning": "instance", "reference": at }] }))];
    let weighed = told(&[feeding("1", "2026-06-10")], &consents);
    assert_eq!(weighed.to_text(|_| "7f".to_owned()), r#"{"7f":{"feeding":"all"}}"#);
    assert_eq!(told(&[feeding("1", "2026-06-10")], &[agreed()]).to_text(|_| "7f".to_owned()), "{}");
    assert!(!kept(&Weighed::default(), &consents));
}

/// What may be told under these consents of what a message holds.
fn permitted(world: &World, contents: Contents<'_>) -> BTreeSet<Item> {
    let held: BTreeSet<Item> =
        world.pieces.iter().flatten().flat_map(|piece| &piece.items).copied().collect();
    &decide(policies(), &Question { contents, ..world.question() }).permitted() & &held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_was_told_is_judged_as_if_it_were_still_there_and_never_more_kindly(world in world_strategy(), later in consents_strategy()) {
        let pieces = world.pieces.clone().unwrap_or_default();
        let told = |consents: &[ConsentOnFile]| Weighed::of(consents, &world.child.nhs_number, &world.sender.organisation, &pieces);
        let (before, after) = (told(&world.consents), world.clone().with(&later));
        let now = told(&later);
        prop_assert_eq!(permitted(&after, Contents::Told(&now)), permitted(&after, Contents::Known(&pieces)));
        prop_assert!(permitted(&after, Contents::Told(&before)).is_subset(&permitted(&after, Contents::Known(&pieces))));
    }
}
