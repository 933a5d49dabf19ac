//! What holds for any consents at all: more refusals, fewer permits and another order never release more.

use proptest::prelude::*;

use super::*;

const CLASSES: [&str; 7] =
    ["identity", "identity/name", "identity/address", "feeding", "needs", "safeguarding", "no-such"];

fn class_strategy() -> impl Strategy<Value = Value> {
    proptest::collection::vec(proptest::sample::select(&CLASSES[..]), 0..4).prop_map(|names| {
        match names.as_slice() {
            [] => Value::Null,
            names => classes(names),
        }
    })
}

fn actor_strategy() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!([actor(SCHOOL_URN_SYSTEM, CENTRE)])),
        1 => Just(json!([actor(SCHOOL_URN_SYSTEM, OTHER_CENTRE)])),
        1 => Just(json!([actor(ODS_SYSTEM, "A81001"), actor(SCHOOL_URN_SYSTEM, OTHER_CENTRE)])),
        1 => Just(json!([{ "reference": { "display": "somebody" } }])),
        2 => Just(Value::Null),
    ]
}

fn period_strategy() -> impl Strategy<Value = Value> {
    let bound = || {
        proptest::sample::select(
            &[None, Some("2026-06-30"), Some("2026-07-01"), Some("2027"), Some("soon")][..],
        )
    };
    (bound(), bound()).prop_map(|(start, end)| json!({ "start": start, "end": end }))
}

/// Sometimes about what some organisations wrote; the sender of every message here is RYG.
fn data_strategy() -> impl Strategy<Value = Value> {
    let by = |code: &str| json!({ "meaning": "authoredby", "reference": { "identifier": { "system": ODS_SYSTEM, "value": code } } });
    prop_oneof![
        6 => Just(Value::Null),
        1 => Just(json!([by("RYG")])),
        1 => Just(json!([by("A81009")])),
        1 => Just(json!([by("A81009"), by("RYG")])),
        1 => Just(json!([by("A81009"), { "meaning": "instance" }])),
    ]
}

/// Sometimes about some data only.
fn limit_strategy() -> impl Strategy<Value = Value> {
    let about = |reference: &str| json!([{ "meaning": "instance", "reference": { "reference": reference } }]);
    prop_oneof![
        4 => Just(json!({})),
        1 => period_strategy().prop_map(|period| json!({ "dataPeriod": period })),
        1 => Just(json!({ "code": [{ "coding": [{ "system": "http://loinc.org", "code": "1" }] }] })),
        1 => Just(json!({ "securityLabel": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY" }] })),
        1 => Just(json!({ "data": about("https://hv.example/Observation/1") })),
        1 => Just(json!({ "data": about("Observation/1") })),
    ]
}

/// One that can be read: a refusal with one that cannot is one of everything, whatever other limits it has.
fn readable_limit_strategy() -> impl Strategy<Value = Value> {
    limit_strategy().prop_filter("it can be read", |limit| {
        let bounds = [&limit["dataPeriod"]["start"], &limit["dataPeriod"]["end"]];
        limit.get("dataPeriod").is_none()
            || (bounds.iter().any(|bound| bound.is_string()) && !bounds.iter().any(|bound| **bound == "soon"))
    })
}

/// What is known of the message: nothing, or some resources that say something of these items.
fn pieces_strategy() -> impl Strategy<Value = Option<Vec<Piece>>> {
    let names = proptest::sample::subsequence(
        vec!["identity/name", "identity/address", "feeding", "needs", "safeguarding"],
        1..=3,
    );
    let day = proptest::sample::select(&[None, Some("2026-06-29"), Some("2026-07-01")][..]);
    let resource = (names, day, any::<[bool; 3]>()).prop_map(|(names, day, [coded, labelled, named])| {
        let resource = json!({
            "resourceType": "Observation", "effectiveDateTime": day, "id": if named { "1" } else { "2" },
            "code": { "coding": [{ "system": "http://loinc.org", "code": if coded { "1" } else { "2" } }] },
            "meta": { "security": if labelled { json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY" }]) } else { Value::Null } },
        });
        (resource, names)
    });
    proptest::option::of(proptest::collection::vec(resource, 0..4)).prop_map(|found| {
        let found = found?;
        let urls: Vec<String> = found
            .iter()
            .map(|(resource, _)| {
                format!("https://hv.example/Observation/{}", resource["id"].as_str().unwrap())
            })
            .collect();
        let held: Vec<Held<'_>> = found
            .iter()
            .zip(&urls)
            .map(|((resource, names), url)| Held {
                url,
                resource,
                items: names.iter().map(|name| name.parse().unwrap()).collect(),
            })
            .collect();
        Some(pieces(&held, None, "2026-07-01T12:00:00Z".parse().unwrap()))
    })
}

/// A provision with a limit; one of its own stays.
fn limited(mut provision: Value, limit: &Value) -> Value {
    for (key, value) in limit.as_object().into_iter().flatten() {
        if provision[key].is_null() {
            provision[key] = value.clone();
        }
    }
    provision
}

fn provision_strategy() -> impl Strategy<Value = Value> {
    let flat = (
        proptest::sample::select(&["permit", "permit", "deny", "other"][..]),
        class_strategy(),
        actor_strategy(),
        proptest::option::weighted(0.3, period_strategy()),
        proptest::option::weighted(0.3, any::<bool>()),
        (data_strategy(), limit_strategy()),
    )
        .prop_map(|(kind, class, actor, period, local, (data, limit))| {
            let extension = local.map(|local| json!([{ "url": LOCAL_CENTRES, "valueBoolean": local }]));
            let flat = json!({ "type": kind, "class": class, "actor": actor, "period": period, "extension": extension, "data": data });
            limited(flat, &limit)
        });
    flat.prop_recursive(2, 6, 2, |inner| {
        (inner.clone(), proptest::collection::vec(inner, 0..3)).prop_map(|(mut outer, exceptions)| {
            outer["provision"] = Value::Array(exceptions);
            outer
        })
    })
}

pub(super) fn consents_strategy() -> impl Strategy<Value = Vec<ConsentOnFile>> {
    let status = proptest::sample::select(&["active", "active", "active", "inactive", "draft", "odd"][..]);
    proptest::collection::vec((status, provision_strategy()), 0..4).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered.map(|(at, (status, provision))| consent(&format!("c{at}"), status, provision)).collect()
    })
}

pub(super) fn world_strategy() -> impl Strategy<Value = World> {
    let role = proptest::sample::select(
        &[Role::ChildrensCentre, Role::ChildrensCentre, Role::Gp, Role::SchoolNurse][..],
    );
    let relations = proptest::sample::subsequence(
        vec![Relation::InReach, Relation::Practice, Relation::School, Relation::OnFile],
        0..=4,
    );
    let flags = any::<(bool, bool, bool)>();
    let facts = (role, relations, consents_strategy(), pieces_strategy(), flags);
    facts.prop_map(|(role, relations, consents, pieces, flags)| {
        let mut world = World::to(role, &relations).with(&consents);
        world.pieces = pieces;
        let mut world = if flags.0 { world.claiming_duty() } else { world };
        (world.child.restricted, world.child.deceased) = (flags.1, flags.2);
        world
    })
}

/// A provision with every deny taken out, and one with every permit turned into nothing.
fn without(kind: &str, provision: &Value) -> Value {
    let mut kept = provision.clone();
    if kept["type"] == kind {
        kept["type"] = json!("other");
    }
    if let Some(exceptions) = kept["provision"].as_array_mut() {
        let inner: Vec<Value> = exceptions
            .iter()
            .filter(|inner| inner["type"] != kind)
            .map(|inner| without(kind, inner))
            .collect();
        *exceptions = inner;
    }
    kept
}

fn permitted(world: &World, consents: &[ConsentOnFile]) -> BTreeSet<Item> {
    world.clone().with(consents).decide().permitted()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn adding_a_deny_never_releases_more(world in world_strategy(), provision in provision_strategy(), at in 0_usize..4) {
        let mut denial = without("permit", &provision);
        denial["type"] = json!("deny");
        let before = permitted(&world, &world.consents);
        let mut consents = world.consents.clone();
        consents.insert(at.min(consents.len()), consent("new", "active", denial));
        prop_assert!(permitted(&world, &consents).is_subset(&before));
    }

    #[test]
    fn adding_a_deny_inside_a_consent_never_releases_more(world in world_strategy(), provision in provision_strategy()) {
        let mut denial = without("permit", &provision);
        denial["type"] = json!("deny");
        let before = permitted(&world, &world.consents);
        let narrowed: Vec<ConsentOnFile> = world.consents.iter().map(|consent| changed(consent, |resource| {
            let inner = resource["provision"]["provision"].as_array().cloned().unwrap_or_default();
            resource["provision"]["provision"] = inner.into_iter().chain([denial.clone()]).collect();
        })).collect();
        prop_assert!(permitted(&world, &narrowed).is_subset(&before));
    }

    #[test]
    fn removing_a_permit_never_releases_more(world in world_strategy(), which in 0_usize..4) {
        let before = permitted(&world, &world.consents);
        let is_removed = |at: usize, consent: &ConsentOnFile| {
            at == which && consent.resource.reveal()["provision"]["type"] == "permit"
        };
        // What a removed permit refused inside itself goes with it, so only permits without such are removed.
        let refuses = |consent: &ConsentOnFile| consent.resource.reveal()["provision"].to_string().contains("\"deny\"");
        let consents: Vec<ConsentOnFile> = world.consents.iter().enumerate()
            .filter(|(at, consent)| !is_removed(*at, consent) || refuses(consent))
            .map(|(_, consent)| consent.clone()).collect();
        prop_assert!(permitted(&world, &consents).is_subset(&before));
    }

    #[test]
    fn withdrawing_or_spoiling_all_permits_leaves_only_what_needs_no_consent(world in world_strategy()) {
        let spoilt: Vec<ConsentOnFile> = world.consents.iter().map(|consent| changed(consent, |resource| {
            resource["modifierExtension"] = json!([{ "url": "https://example.org/not" }]);
        })).collect();
        let decision = world.clone().with(&spoilt).decide();
        prop_assert!(decision.outcomes().iter().all(|outcome| outcome.ground() != Some(Ground::Consent)));
        prop_assert!(decision.permitted().is_subset(&permitted(&world, &[])));
    }

    #[test]
    fn limiting_an_agreement_never_releases_more_and_limiting_a_refusal_never_less(world in world_strategy(), limit in readable_limit_strategy()) {
        let before = permitted(&world, &world.consents);
        // One without exceptions, which would be limited with it.
        let plain = |consent: &&ConsentOnFile, kind: &str| {
            let provision = &consent.resource.reveal()["provision"];
            provision["type"] == kind && provision["provision"].as_array().is_none_or(Vec::is_empty)
        };
        let limiting = |kind: &str| -> Vec<ConsentOnFile> {
            world.consents.iter().map(|consent| match plain(&consent, kind) {
                true => changed(consent, |resource| resource["provision"] = limited(resource["provision"].take(), &limit)),
                false => consent.clone(),
            }).collect()
        };
        prop_assert!(permitted(&world, &limiting("permit")).is_subset(&before));
        prop_assert!(before.is_subset(&permitted(&world, &limiting("deny"))));
    }

    #[test]
    fn the_order_of_consents_changes_nothing(world in world_strategy(), turn in 0_usize..4) {
        let mut turned = world.consents.clone();
        turned.reverse();
        let by = turn.min(turned.len());
        turned.rotate_left(by);
        let decision = world.decide();
        let again = world.clone().with(&turned).decide();
        prop_assert_eq!(decision.outcomes(), again.outcomes());
        prop_assert_eq!(decision.sentence(), again.sentence());
    }

    #[test]
    fn consent_releases_to_a_centre_only_what_some_active_consent_names(world in world_strategy()) {
        let named: String = world.consents.iter()
            .filter(|consent| consent.resource.reveal()["status"] == "active")
            .map(|consent| consent.resource.reveal()["provision"].to_string()).collect();
        for outcome in world.decide().outcomes().iter().filter(|outcome| outcome.ground() == Some(Ground::Consent)) {
            prop_assert!(named.contains(outcome.item.dataset.name()));
            prop_assert!(!outcome.consents.is_empty());
        }
    }
}
