//! The policies and the schema as Kith ships them, and the stores of entities that Kith never makes.

use std::fmt::Write as _;

use cedar_policy::{PolicySet, Schema};

use crate::Failure;

const SCHEMA: &str = include_str!("../../config/policies/kith.cedarschema");
const FILES: [&str; 4] = [
    include_str!("../../config/policies/consent.cedar"),
    include_str!("../../config/policies/direct-care.cedar"),
    include_str!("../../config/policies/refusals.cedar"),
    include_str!("../../config/policies/safeguarding-duty.cedar"),
];

pub fn schema() -> Result<Schema, Failure> {
    Ok(Schema::from_cedarschema_str(SCHEMA)?.0)
}

/// All policies.
pub fn policies() -> Result<PolicySet, Failure> {
    Ok(FILES.concat().parse()?)
}

/// All policies with `context.dutyInForce` settled.
pub fn annotated(duty_in_force: &str) -> Result<PolicySet, Failure> {
    Ok(FILES.concat().replace("context.dutyInForce", duty_in_force).parse()?)
}

/// The words of an enumeration of the schema.
fn words(name: &str) -> Vec<&'static str> {
    let after = SCHEMA.split(&format!("entity {name} enum [")).nth(1).unwrap_or_default();
    after
        .split(']')
        .next()
        .unwrap_or_default()
        .split(',')
        .map(|word| word.trim().trim_matches('"'))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Policies that permit whatever happens in a store that Kith never makes, so that a bound says nothing of it: a partner of two roles, an
/// item of two datasets, or an item that is not in its own.
pub fn unreal() -> String {
    let mut text = String::new();
    let pairs = |all: &[&'static str]| -> Vec<(&'static str, &'static str)> {
        all.iter()
            .enumerate()
            .flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (*one, *other)))
            .collect()
    };
    let mut add = |condition: String| {
        let _ = writeln!(text, "permit (principal, action, resource) when {{ {condition} }};");
    };
    for (one, other) in pairs(&words("Role")) {
        add(format!("principal in Kith::Role::\"{one}\" && principal in Kith::Role::\"{other}\""));
    }
    for (one, other) in pairs(&words("Dataset")) {
        add(format!("resource in Kith::Dataset::\"{one}\" && resource in Kith::Dataset::\"{other}\""));
    }
    let parts = ["name", "birth-date", "address", "nhs-number", "sex"]
        .map(|part| (format!("identity/{part}"), "identity"));
    let wholes =
        words("Dataset").into_iter().filter(|name| *name != "identity").map(|name| (name.to_owned(), name));
    for (item, dataset) in parts.into_iter().chain(wholes) {
        add(format!("resource == Kith::Item::\"{item}\" && !(resource in Kith::Dataset::\"{dataset}\")"));
    }
    text
}
