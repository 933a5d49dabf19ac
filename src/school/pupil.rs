//! A child as a file or record names it: enough to tell who it is, and nothing else. It does not print itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{NhsNumber, Postcode, Upn};

/// Who a row is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Pupil {
    /// The NHS number, where the source knows it.
    pub nhs_number: Option<NhsNumber>,
    /// The pupil number, where the source knows it.
    pub upn: Option<Upn>,
    /// Given names, the first as it is used.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Family names that it had before.
    pub former: Vec<String>,
    /// Birth date.
    pub born: Option<NaiveDate>,
    /// Where it lives.
    pub postcode: Option<Postcode>,
}

impl std::fmt::Debug for Pupil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pupil(..)")
    }
}

/// As it is sealed.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    nhs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    upn: Option<String>,
    given: String,
    family: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    former: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    born: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    postcode: Option<String>,
}

impl Pupil {
    /// The text that is sealed; the same pupil gives the same text.
    pub fn to_text(&self) -> String {
        let written = Written {
            nhs: self.nhs_number.as_ref().map(|number| number.reveal().to_owned()),
            upn: self.upn.as_ref().map(|upn| upn.reveal().to_owned()),
            given: self.given.clone(),
            family: self.family.clone(),
            former: self.former.clone(),
            born: self.born,
            postcode: self.postcode.as_ref().map(|postcode| postcode.reveal().to_owned()),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// The pupil that was sealed as this text.
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(text).ok()?;
        Some(Self {
            nhs_number: written.nhs.and_then(|number| number.parse().ok()),
            upn: written.upn.and_then(|upn| upn.parse().ok()),
            given: written.given,
            family: written.family,
            former: written.former,
            born: written.born,
            postcode: written.postcode.and_then(|postcode| postcode.parse().ok()),
        })
    }
}
