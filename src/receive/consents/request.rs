//! Which request made which version of a consent, kept inside the sealed resource with each version, so that a request
//! that comes again gets its first answer however the consent changed since.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::pipeline::{duplicate, opened_consents, unavailable};
use crate::receive::access::{Caller, Door};
use crate::receive::outcome::Refused;
use crate::receive::submission::body_hash;
use crate::store::StoredConsent;

/// Where it is kept in the sealed resource; it is taken out before anybody sees it.
const REQUEST: &str = "_kithRequest";

/// A request to keep or change a consent.
pub(super) struct Asked {
    /// The caller's id for it.
    pub(super) message_id: Uuid,
    /// Whose id it is: two partners may by chance use the same.
    id: String,
    /// Keyed hash of its body and address.
    hash: String,
}

impl Asked {
    pub(super) fn of(door: &Door, caller: &Caller, message_id: Uuid, place: &str, body: &[u8]) -> Self {
        let id = format!("{}/{message_id}", caller.sender.partner);
        Self { message_id, id, hash: body_hash(door, place, body) }
    }

    /// The resource with this request inside.
    pub(super) fn kept_with(&self, mut resource: Value) -> Value {
        resource[REQUEST] = json!({ "id": self.id, "hash": self.hash });
        resource
    }

    /// The version that this request made before; 409 when another body came with its id.
    pub(super) async fn answered(&self, door: &Door, id: &str) -> Result<Option<StoredConsent>, Refused> {
        let history = door.house.store.consent_history(id).await.map_err(|error| unavailable(&error))?;
        let opened = opened_consents(&door.house, &history)?;
        // Oldest first: a version that Kith makes itself carries the request of the one before.
        for (stored, opened) in history.into_iter().zip(opened).rev() {
            let request = opened.resource.reveal().get(REQUEST);
            let part = |key: &str| request.and_then(|request| request.get(key)).and_then(Value::as_str);
            if part("id") == Some(&self.id) {
                let same = part("hash") == Some(&self.hash);
                return if same { Ok(Some(stored)) } else { Err(duplicate().into()) };
            }
        }
        Ok(None)
    }
}

/// The resource as others see it.
pub(super) fn public(mut resource: Value) -> Value {
    if let Some(object) = resource.as_object_mut() {
        object.remove(REQUEST);
    }
    resource
}
