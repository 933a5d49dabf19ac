//! Signs the journal's head once a day.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::{House, unavailable};
use crate::domain::to_hex;
use crate::journal::SignedHead;
use crate::problem::Problem;

/// Signs the head when the last one is a day old and there are entries after it; gives it then.
///
/// # Errors
/// The store or the key cannot be used.
pub async fn sign_head(house: &House, at: DateTime<Utc>) -> Result<Option<SignedHead>, Problem> {
    let head = house.store.journal_head().await.map_err(|error| unavailable(&error))?;
    let signed = house.store.signed_heads().await.map_err(|error| unavailable(&error))?;
    if let Some(last) = signed.last() {
        let then = DateTime::parse_from_rfc3339(&last.at).map(|then| then.with_timezone(&Utc));
        let recent = then.is_ok_and(|then| at - then < TimeDelta::days(1));
        if recent || last.count >= head.count {
            return Ok(None);
        }
    }
    if head.count == 0 {
        return Ok(None);
    }
    let signer = house.vault.signer().map_err(|error| Problem::internal("sign its journal", &error))?;
    let signed = SignedHead {
        count: head.count,
        hash: head.hash.clone(),
        at: at.to_rfc3339_opts(SecondsFormat::Secs, true),
        key: to_hex(&signer.public_key()),
        signature: to_hex(&signer.sign(SignedHead::text(&head, at).as_bytes())),
    };
    house.store.keep_head(&signed).await.map_err(|error| unavailable(&error))?;
    Ok(Some(signed))
}
