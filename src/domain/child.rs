//! What the pipeline must know of a child to decide and to route; and the name the journal gives a child.

use serde::{Deserialize, Serialize};

use super::{NhsNumber, OdsCode, Postcode, SchoolUrn};

/// The keyed hash by which store and journal name a child: the same child, never the NHS number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChildKey(pub String);

impl ChildKey {
    /// What stands in the place of a child in an entry about none.
    pub fn of_nobody() -> Self {
        Self("-".to_owned())
    }

    /// The hash as lower-case hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The facts about a child that routing and consent need, read from a mapped message.
#[derive(Debug, Clone)]
pub struct Demographics {
    /// Who it is.
    pub nhs_number: NhsNumber,
    /// Where the child lives, if the message says so.
    pub postcode: Option<Postcode>,
    /// Practices that the message names.
    pub practices: Vec<OdsCode>,
    /// Schools or nurseries that the message names.
    pub schools: Vec<SchoolUrn>,
    /// Whether the child's record says it has died.
    pub deceased: bool,
    /// Whether the record is marked restricted (PDS confidentiality `R`): address and school are withheld.
    pub restricted: bool,
    /// Whether the record is closed to everybody, as after an adoption: nothing of it is shared with anyone.
    pub sealed: bool,
}

impl Demographics {
    /// Whether nobody may learn from Kith where the child lives, or who is around it.
    pub fn hides_where(&self) -> bool {
        self.restricted || self.sealed
    }

    /// A child of whom nothing is known but the number.
    pub fn only(nhs_number: NhsNumber) -> Self {
        Self {
            nhs_number,
            postcode: None,
            practices: vec![],
            schools: vec![],
            deceased: false,
            restricted: false,
            sealed: false,
        }
    }
}
