//! A school, nursery or children's centre as Get Information about Schools (GIAS) lists it. All of it is public.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::SchoolUrn;

/// GIAS type codes of children's centres and of their linked sites.
const CHILDRENS_CENTRES: [u16; 2] = [47, 48];

/// Whether it is open, as GIAS says (`EstablishmentStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openness {
    /// 1.
    Open,
    /// 2.
    Closed,
    /// 3: open, but proposed to close.
    ToClose,
    /// 4: proposed to open.
    ToOpen,
}

/// One establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Establishment {
    /// Its unique reference number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Whether it is open.
    pub openness: Openness,
    /// `TypeOfEstablishment`, a code; 47 and 48 are children's centres.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kind: Option<u16>,
    /// `PhaseOfEducation`, a code from 0 to 7.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phase: Option<u8>,
    /// The local authority's code, without leading zeros.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub authority: Option<u16>,
    /// `EstablishmentNumber`: with the authority's code it is the LAESTAB, by which other files name the school.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub number: Option<u16>,
    /// The lowest age of its pupils.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low_age: Option<u8>,
    /// The highest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high_age: Option<u8>,
    /// Lines of its address, the town last.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub address: Vec<String>,
    /// Its postcode.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub postcode: Option<String>,
    /// Since when it is open.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub opened: Option<NaiveDate>,
    /// Since when it is closed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<NaiveDate>,
}

impl Establishment {
    /// Whether it is a children's centre.
    pub fn is_childrens_centre(&self) -> bool {
        self.kind.is_some_and(|kind| CHILDRENS_CENTRES.contains(&kind))
    }

    /// The local authority's and the establishment's code, where both are known: `820 9001`.
    pub fn laestab(&self) -> Option<String> {
        Some(laestab(self.authority?, self.number?))
    }
}

/// Both codes in one text.
pub(super) fn laestab(authority: u16, number: u16) -> String {
    format!("{authority:03} {number:04}")
}

/// One establishment took another's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The one that closed.
    pub urn: SchoolUrn,
    /// The one that took its place.
    pub successor: SchoolUrn,
    /// When.
    pub since: Option<NaiveDate>,
}
