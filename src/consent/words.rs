//! How a decision is put to people: plain sentences that hold no value from any record.

use crate::domain::{Dataset, Item, Role};

/// What people call an item.
pub(super) fn item(item: Item) -> &'static str {
    match (item.dataset, item.part) {
        (Dataset::Identity, Some("name")) => "name",
        (Dataset::Identity, Some("birth-date")) => "birth date",
        (Dataset::Identity, Some("address")) => "address",
        (Dataset::Identity, Some("nhs-number")) => "NHS number",
        (Dataset::Identity, Some("sex")) => "sex",
        (Dataset::Identity, _) => "identity",
        (Dataset::Birth, _) => "birth",
        (Dataset::Feeding, _) => "feeding",
        (Dataset::Measurements, _) => "measurements",
        (Dataset::Screening, _) => "screening",
        (Dataset::MaternalWellbeing, _) => "the mother's well-being",
        (Dataset::Household, _) => "household",
        (Dataset::Needs, _) => "needs and plans",
        (Dataset::Safeguarding, _) => "safeguarding",
        (Dataset::Development, _) => "development",
        (Dataset::School, _) => "nursery or school",
        (Dataset::HealthAtSchool, _) => "health at school",
        (Dataset::Registration, _) => "registration with services",
    }
}

/// What people call a whole dataset.
pub(super) fn dataset(dataset: Dataset) -> &'static str {
    item(Item { dataset, part: None })
}

/// What people call a role, with its article.
pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::HealthVisitor => "a health visiting service",
        Role::Gp => "a GP practice",
        Role::Maternity => "a maternity service",
        Role::ChildHealthInformation => "a child health information service",
        Role::ChildrensCentre => "a children's centre",
        Role::SchoolNurse => "a school nursing service",
        Role::School => "a school or nursery",
        Role::LocalAuthority => "a local authority",
        Role::Vendor => "a system's developer",
        Role::InformationGovernance => "information governance",
        Role::Operator => "an operator of Kith",
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
