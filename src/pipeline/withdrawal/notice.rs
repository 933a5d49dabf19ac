//! The recall notice as its recipient reads it.

use serde_json::Value;

use super::recall::RECALL;
use crate::domain::{Ground, Private};
use crate::journal::Decided;
use crate::json::Tree;
use crate::map::{self, Envelope};
use crate::pipeline::{House, Outgoing, Release};
use crate::problem::Problem;
use crate::route::Partner;
use crate::store::Delivery;

/// Why, for whoever is asked to delete something.
pub(super) const REASON: &str = "The consent on which you were sent these messages was withdrawn or changed, so you may not keep the parts named here. \
    Delete them, wherever you put them, and acknowledge this notice.";

/// The notice as the recipient reads it: FHIR, or the record. It discloses nothing about the child beyond what was decided when it was
/// made, so it goes out whatever the recipient may have today.
pub fn notice(house: &House, delivery: &Delivery, record: &Value) -> Result<Release, Problem> {
    let partner = house.directory.partner(&delivery.recipient);
    let Some(receiving) = partner.and_then(Partner::receiving) else {
        return Ok(Release::Impossible(
            "The recipient has left the directory, or receives nothing any more.".to_owned(),
        ));
    };
    let url = receiving.url.map(str::to_owned);
    let outgoing = if receiving.form == "fhir" {
        let sender = house.directory.partner(&delivery.sender).filter(|_| !delivery.concealed);
        let envelope = Envelope {
            message_id: delivery.id,
            at: Some(delivery.created),
            ground: Some((Ground::Consent, REASON.to_owned())),
            sender: sender.map(|sender| (sender.ods.clone(), sender.name.clone())),
        };
        let (kind, record) = (house.kind(RECALL)?, Tree::of(record));
        let (bundle, _) = map::to_fhir(&kind.mapping, &record, &envelope);
        let body = Private::new(bundle.to_value());
        Outgoing {
            url,
            media_type: "application/fhir+json",
            form: None,
            body,
            family: None,
            told: None,
            weighed: String::new(),
            decided: Decided::default(),
        }
    } else {
        let body = Private::new(record.clone());
        let form = Some(RECALL.to_owned());
        Outgoing {
            url,
            media_type: "application/json",
            form,
            body,
            family: None,
            told: None,
            weighed: String::new(),
            decided: Decided::default(),
        }
    };
    Ok(Release::Send(Box::new(outgoing)))
}
