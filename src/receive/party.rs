//! A partner as FHIR names organisations in answers: by its ODS code, and by its name for people.

use serde_json::{Value, json};

use crate::domain::{ODS_SYSTEM, PartnerId};
use crate::route::Directory;

/// A Reference with identifier and display; the display alone when the partner has left the directory.
pub(super) fn party(directory: &Directory, id: &PartnerId) -> Value {
    match directory.partner(id) {
        Some(partner) => {
            json!({ "identifier": { "system": ODS_SYSTEM, "value": partner.ods.as_str() }, "display": partner.name })
        }
        None => json!({ "display": id.as_str() }),
    }
}
