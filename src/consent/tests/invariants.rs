//! The sentences of config/policies/README.md, "What always holds", each checked over every combination of facts.

use std::thread;

use super::super::policy::{Asker, Ruling};
use super::super::ruled::chosen;
use super::*;
use crate::consent::Facts;

/// One combination: to whom, what, under which facts; and the ground on which it is released, if it is.
struct Case {
    to: Role,
    item: Item,
    facts: Facts,
    released: Option<Ground>,
}

const CARE: [Role; 3] = [Role::HealthVisitor, Role::Gp, Role::SchoolNurse];
const NEVER: [Role; 3] = [Role::Vendor, Role::Operator, Role::InformationGovernance];

/// Every combination of roles, items, standings, grounds, reasons, restrictions and relations, asked once for all tests.
///
/// All flags are combined with no relation and with all relations; each relation alone, and a sender who does not care
/// for the child, with those facts that a policy could join to them. The whole product takes minutes and says no more.
fn every_case() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        thread::scope(|scope| {
            let halves = [&Role::ALL[..4], &Role::ALL[4..]];
            let workers =
                halves.map(|roles| scope.spawn(move || roles.iter().flat_map(|to| cases_to(*to)).collect()));
            workers.into_iter().flat_map(|worker| -> Vec<Case> { worker.join().unwrap() }).collect()
        })
    })
}

fn cases_to(to: Role) -> Vec<Case> {
    let asker = policies().asker(&PartnerId("westgate".into()), to).unwrap();
    let every = every_facts();
    every.iter().flat_map(|facts| Item::all().map(|item| case(&asker, to, item, facts))).collect()
}

fn case(asker: &Asker<'_>, to: Role, item: Item, facts: &Facts) -> Case {
    let released = match asker.ask(item, facts) {
        Ruling::Permitted(notes) => Some(chosen(&notes, facts.claimed).unwrap().0),
        Ruling::Forbidden(_) | Ruling::NoBasis => None,
        Ruling::Broken(policies) => panic!("{policies:?} cannot be evaluated"),
    };
    Case { to, item, facts: facts.clone(), released }
}

fn every_facts() -> Vec<Facts> {
    use Relation::{InReach, OnFile, Practice, School};
    let all = [InReach, Practice, School, OnFile];
    let claims: Vec<Option<Ground>> = Ground::ALL.iter().copied().map(Some).chain([None]).collect();
    let mut every = Vec::new();
    for (consent, claimed) in
        Standing::ALL.into_iter().flat_map(|said| claims.iter().map(move |claim| (said, *claim)))
    {
        let mut add = |relations: &[Relation], sender: Role, flags: u8| {
            let flag = |bit: u8| flags & (1 << bit) != 0;
            let relations = relations.iter().copied().collect();
            let (reason_given, duty_in_force) = (flag(0), flag(1));
            let (restricted, deceased) = (flag(2), flag(3));
            let (sealed, detriment) = (flag(4), flag(5));
            every.push(Facts {
                consent,
                claimed,
                reason_given,
                duty_in_force,
                relations,
                sender,
                restricted,
                deceased,
                sealed,
                detriment,
            });
        };
        for flags in 0..16 {
            add(&[], Role::Gp, flags);
            add(&all, Role::Gp, flags);
        }
        for flags in [0b1000, 0b1001, 0b1100, 0b1111] {
            add(&all, Role::ChildrensCentre, flags);
        }
        for relation in all {
            add(&[relation], Role::HealthVisitor, 0b0001);
            add(&[relation], Role::Operator, 0b1011);
        }
        for flags in [0b01_0001, 0b01_0011, 0b10_0001, 0b10_0011, 0b11_0001, 0b11_0011] {
            add(&all, Role::Gp, flags);
        }
    }
    every
}

/// Fails on the first release that the sentence rules out; refuses to pass when there was no release to look at.
#[track_caller]
fn no_release(sentence: &str, ruled_out: impl Fn(&Case) -> bool) {
    let mut looked_at = 0;
    for case in every_case().iter().filter(|case| case.released.is_some()) {
        looked_at += 1;
        let Case { to, item, facts, released } = case;
        assert!(!ruled_out(case), "{sentence}: {item} goes to {to} on {released:?} where {facts:?}");
    }
    assert!(looked_at > 1000, "only {looked_at} releases were looked at");
}

fn duty_is_claimed(facts: &Facts) -> bool {
    facts.claimed == Some(Ground::SafeguardingDuty) && facts.reason_given
}

fn in_minimum(to: Role, item: Item) -> bool {
    let name = item.to_string();
    MINIMUM.contains(&name.as_str()) || (name == "school" && [Role::School, Role::SchoolNurse].contains(&to))
}

fn items_of(datasets: &[Dataset]) -> impl Fn(Item) -> bool {
    move |item| datasets.contains(&item.dataset)
}

#[test]
fn those_who_build_run_or_oversee_systems_receive_nothing() {
    no_release("never", |case| NEVER.contains(&case.to));
}

#[test]
fn local_authorities_receive_nothing() {
    no_release("never", |case| case.to == Role::LocalAuthority);
}

#[test]
fn nothing_is_released_without_consent_a_claimed_duty_or_care_for_the_child() {
    no_release("no ground", |case| {
        let agreed = case.facts.consent == Standing::Permit
            && [Role::ChildrensCentre, Role::School].contains(&case.to);
        let cares = CARE.contains(&case.to) && !case.facts.relations.is_empty();
        !(agreed || cares || duty_is_claimed(&case.facts))
    });
}

#[test]
fn a_childrens_centre_receives_without_the_duty_only_what_a_consent_permits_today() {
    no_release("consent", |case| {
        case.to == Role::ChildrensCentre
            && !duty_is_claimed(&case.facts)
            && case.facts.consent != Standing::Permit
    });
}

#[test]
fn a_school_receives_on_the_duty_or_what_was_agreed_of_a_child_that_attends_it() {
    no_release("school", |case| {
        let named = ["identity/name", "identity/birth-date", "health-at-school"];
        let agreed = case.facts.consent == Standing::Permit
            && case.facts.relations.contains(&Relation::School)
            && named.contains(&case.item.to_string().as_str());
        case.to == Role::School && !duty_is_claimed(&case.facts) && !agreed
    });
}

#[test]
fn the_mothers_own_information_goes_to_health_visitor_and_practice_alone() {
    no_release("maternal-wellbeing", |case| {
        case.item.dataset == Dataset::MaternalWellbeing && ![Role::HealthVisitor, Role::Gp].contains(&case.to)
    });
}

#[test]
fn a_restricted_childs_address_school_household_and_registration_go_to_nobody() {
    let where_found = items_of(&[Dataset::School, Dataset::Household, Dataset::Registration]);
    let found = |item: Item| where_found(item) || item.to_string() == "identity/address";
    assert!(
        Item::all().all(|item| item.shows_where() == found(item)),
        "what texts of such a child may not say"
    );
    no_release("restricted", |case| case.facts.restricted && found(case.item));
}

#[test]
fn safeguarding_is_never_released_on_the_ground_of_consent() {
    no_release("safeguarding", |case| {
        case.item.dataset == Dataset::Safeguarding && case.released == Some(Ground::Consent)
    });
}

#[test]
fn the_duty_releases_its_minimum_dataset_alone_and_only_to_partners_around_the_child() {
    no_release("duty", |case| {
        case.released == Some(Ground::SafeguardingDuty)
            && (!in_minimum(case.to, case.item)
                || !duty_is_claimed(&case.facts)
                || case.facts.relations.is_empty())
    });
}

#[test]
fn a_refusal_stops_everything_but_the_duty() {
    no_release("refusal", |case| {
        case.facts.consent == Standing::Deny && case.released != Some(Ground::SafeguardingDuty)
    });
}

#[test]
fn for_a_child_who_has_died_only_the_duty_and_care_between_health_roles_go_on() {
    no_release("deceased", |case| {
        let duty = case.released == Some(Ground::SafeguardingDuty);
        let tells = [Role::Maternity, Role::ChildHealthInformation];
        let from_care = CARE.iter().chain(&tells).any(|role| *role == case.facts.sender);
        let care = CARE.contains(&case.to) && from_care;
        case.facts.deceased && !duty && !care
    });
}

#[test]
fn a_school_nurse_receives_identity_needs_health_at_school_school_and_safeguarding_alone() {
    let hers = items_of(&[
        Dataset::Identity,
        Dataset::Needs,
        Dataset::HealthAtSchool,
        Dataset::School,
        Dataset::Safeguarding,
    ]);
    no_release("school nurse", |case| case.to == Role::SchoolNurse && !hers(case.item));
}

#[test]
fn direct_care_asks_for_the_relation_that_fits_the_role() {
    use Relation::{InReach, OnFile, Practice, School};
    no_release("direct care", |case| {
        let fitting: &[Relation] = match case.to {
            Role::Gp => &[Practice, OnFile],
            Role::HealthVisitor => &[InReach, OnFile],
            Role::SchoolNurse => &[School, InReach, OnFile],
            _ => &[],
        };
        case.released == Some(Ground::DirectCare)
            && !fitting.iter().any(|relation| case.facts.relations.contains(relation))
    });
}

#[test]
fn nothing_of_a_sealed_record_is_released() {
    no_release("A sealed record goes to nobody.", |case| case.facts.sealed);
}

#[test]
fn nothing_goes_where_a_professional_recorded_that_it_would_do_harm() {
    no_release("A recorded detriment stops everything.", |case| case.facts.detriment);
}

#[test]
fn a_legal_order_that_is_claimed_releases_nothing_by_itself() {
    no_release("legal order", |case| case.released == Some(Ground::LegalOrder));
}

#[test]
fn whether_the_duty_is_in_force_changes_the_law_that_is_cited_and_not_what_is_released() {
    let by_flag = |wanted: bool| {
        every_case()
            .iter()
            .filter(move |case| case.facts.duty_in_force == wanted && case.facts.sender == Role::Gp)
    };
    let key = |case: &Case| (case.to, case.item, Facts { duty_in_force: false, ..case.facts.clone() });
    let without: std::collections::HashMap<_, _> =
        by_flag(false).map(|case| (key(case), case.released)).collect();
    let mut compared = 0;
    for case in by_flag(true) {
        assert_eq!(without.get(&key(case)), Some(&case.released), "{} to {}", case.item, case.to);
        compared += 1;
    }
    assert_eq!(compared, without.len());
}

#[test]
fn every_sentence_of_the_readme_about_what_always_holds_has_its_test_here() {
    let readme = include_str!("../../../config/policies/README.md");
    let here = include_str!("invariants.rs");
    let section = readme.split("## What always holds").nth(1).unwrap().split("\n## ").next().unwrap();
    let named: Vec<&str> = section.split('`').filter(|word| word.contains('_')).collect();
    let sentences =
        section.lines().filter(|line| line.starts_with("| ") && !line.contains("---")).count() - 1;
    assert_eq!(named.len(), sentences, "every row names one test");
    for test in &named {
        assert!(here.contains(&format!("fn {test}()")), "there is no test {test}");
    }
    let tests = here.matches("#[test]").count() - 1;
    assert_eq!(tests, named.len() + 1, "every test here is a row of the README");
}
