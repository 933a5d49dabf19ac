//! The unit of consent: a named set of fields, and for identity its single items.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A dataset: what consent and policy speak of. Every mapping row belongs to exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dataset {
    /// Name, birth date, address, NHS number, sex: see [`Item`].
    Identity,
    /// Birth: gestation, weight, place, delivery.
    Birth,
    /// How the baby is fed.
    Feeding,
    /// Weight, length, head circumference.
    Measurements,
    /// Hearing, blood spot, physical examination.
    Screening,
    /// The mother's mood and well-being.
    MaternalWellbeing,
    /// Parents, household, habits, language, safe sleep.
    Household,
    /// Vulnerability, level of service, plans.
    Needs,
    /// Register entries, concerns, social work.
    Safeguarding,
    /// Development reviews.
    Development,
    /// Nursery or school.
    School,
    /// What teachers must know of a child's health.
    HealthAtSchool,
    /// Which services the child is registered with: practice, health visitor, centre; and the consents given.
    Registration,
}

/// A word that is not the name of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no dataset '{0}'; the datasets are: {1}")]
pub struct UnknownDataset(pub String, pub String);

impl Dataset {
    /// All of them, in the order in which people are told of them.
    pub const ALL: [Self; 13] = [
        Self::Identity,
        Self::Birth,
        Self::Feeding,
        Self::Measurements,
        Self::Screening,
        Self::MaternalWellbeing,
        Self::Household,
        Self::Needs,
        Self::Safeguarding,
        Self::Development,
        Self::School,
        Self::HealthAtSchool,
        Self::Registration,
    ];

    /// The name used in mappings, policies, consents and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Birth => "birth",
            Self::Feeding => "feeding",
            Self::Measurements => "measurements",
            Self::Screening => "screening",
            Self::MaternalWellbeing => "maternal-wellbeing",
            Self::Household => "household",
            Self::Needs => "needs",
            Self::Safeguarding => "safeguarding",
            Self::Development => "development",
            Self::School => "school",
            Self::HealthAtSchool => "health-at-school",
            Self::Registration => "registration",
        }
    }

    /// The items that may be agreed to one by one; empty when the dataset is one whole.
    pub fn items(self) -> &'static [&'static str] {
        match self {
            Self::Identity => &["name", "birth-date", "address", "nhs-number", "sex"],
            _ => &[],
        }
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dataset {
    type Err = UnknownDataset;

    fn from_str(text: &str) -> Result<Self, UnknownDataset> {
        Self::ALL.into_iter().find(|dataset| dataset.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|dataset| dataset.name()).collect();
            UnknownDataset(text.to_owned(), names.join(", "))
        })
    }
}

/// What a decision is made about: a dataset, or one item of `identity` (`identity/nhs-number`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Item {
    /// The dataset it belongs to.
    pub dataset: Dataset,
    /// The item's name within the dataset; `None` where the dataset is one whole.
    pub part: Option<&'static str>,
}

impl Item {
    /// Every item there is: one a dataset, and `identity` in its parts.
    pub fn all() -> impl Iterator<Item = Self> {
        Dataset::ALL.into_iter().flat_map(|dataset| {
            let parts = dataset.items();
            let whole = parts.is_empty().then_some(Self { dataset, part: None });
            whole.into_iter().chain(parts.iter().map(move |part| Self { dataset, part: Some(part) }))
        })
    }

    /// Whether it shows where a child may be found: the policies give it to nobody where that may not be known.
    pub fn shows_where(self) -> bool {
        match self.dataset {
            Dataset::Household | Dataset::School | Dataset::Registration => true,
            Dataset::Identity => self.part == Some("address"),
            _ => false,
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Some(part) => write!(f, "{}/{part}", self.dataset),
            None => write!(f, "{}", self.dataset),
        }
    }
}

impl FromStr for Item {
    type Err = UnknownDataset;

    fn from_str(text: &str) -> Result<Self, UnknownDataset> {
        Self::all().find(|item| item.to_string() == text).ok_or_else(|| {
            let names: Vec<String> = Self::all().map(|item| item.to_string()).collect();
            UnknownDataset(text.to_owned(), names.join(", "))
        })
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
