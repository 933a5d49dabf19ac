//! What is remembered of rulings never changes one.

use std::sync::OnceLock;

use super::*;

#[test]
fn a_ruling_for_a_partner_that_a_policy_names_is_not_taken_for_another_of_its_role() {
    let text = r#"
@id("westgate-alone")
@ground("direct-care")
@law("law")
@sentence("It may.")
permit (principal == Kith::Partner::"westgate", action == Kith::Action::"share", resource in Kith::Dataset::"feeding");
"#;
    let policies = Policies::load(SCHEMA, &[("one.cedar", text)]).unwrap();
    let mut world = World::to_centre();
    let permitted = |world: &World| decide(&policies, &world.question()).permitted().len();
    assert_eq!(permitted(&world), 1);
    world.recipient.partner = PartnerId("eastgate".into());
    assert_eq!(permitted(&world), 0);
    world.recipient.partner = PartnerId("westgate".into());
    assert_eq!(permitted(&world), 1);
}

#[test]
fn nor_is_one_for_either_of_two_that_policies_name() {
    let one = |name: &str| {
        format!(
            "@id(\"{name}-alone\") @ground(\"direct-care\") @law(\"law\") @sentence(\"It may.\")
             permit (principal == Kith::Partner::\"{name}\", action == Kith::Action::\"share\", resource in Kith::Dataset::\"feeding\");\n"
        )
    };
    let text = one("eastgate") + &one("westgate");
    let policies = Policies::load(SCHEMA, &[("two.cedar", &text)]).unwrap();
    let mut world = World::to_centre();
    for (name, released) in
        [("eastgate", 1), ("westgate", 1), ("northgate", 0), ("southgate", 0), ("westgate", 1)]
    {
        world.recipient.partner = PartnerId(name.into());
        assert_eq!(decide(&policies, &world.question()).permitted().len(), released, "{name}");
    }
}

#[test]
fn every_fact_that_policies_may_look_at_tells_rulings_apart() {
    static POLICIES: OnceLock<Policies> = OnceLock::new();
    let fresh = || Policies::load(SCHEMA, &FILES).unwrap();
    let remembering = POLICIES.get_or_init(fresh);
    let plain = World::to_centre().with(&[first_visit()]);
    let changes: [fn(&mut World); 12] = [
        |_| {},
        |world| world.child.restricted = true,
        |world| world.child.sealed = true,
        |world| world.child.deceased = true,
        |world| world.claimed = Some(Ground::SafeguardingDuty),
        |world| world.reason_given = true,
        |world| world.duty_in_force = true,
        |world| world.recipient.relations.clear(),
        |world| world.recipient.relations = vec![Relation::OnFile, Relation::School],
        |world| world.recipient.role = Role::Gp,
        |world| world.sender.role = Role::ChildrensCentre,
        |world| world.consents = vec![refusal_of_all()],
    ];
    // Every pair of changes, so that no two facts can be taken for each other; twice, so that the second is remembered.
    for (first, second) in changes.iter().flat_map(|first| changes.iter().map(move |second| (first, second)))
    {
        let mut world = plain.clone();
        first(&mut world);
        second(&mut world);
        let _ = decide(remembering, &world.question());
        let remembered = decide(remembering, &world.question()).decided();
        assert_eq!(remembered, decide(&fresh(), &world.question()).decided(), "{world:?}");
    }
}
