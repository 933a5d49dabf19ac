//! The check of a whole journal as a store holds it, page by page.

use super::{Store, StoreError};
use crate::journal::{Break, Head, verify_after};

/// How many entries are looked at at once.
const PAGE: u32 = 1000;

/// Verifies the journal from its first entry; the inner result is the chain's own, its head or where it breaks.
pub async fn verify_journal(store: &dyn Store) -> Result<Result<Head, Break>, StoreError> {
    let mut head = Head::default();
    loop {
        // The last page is empty, and verifying nothing after a head gives that head.
        let page = store.journal(head.count + 1, PAGE).await?;
        if page.is_empty() {
            return Ok(Ok(head));
        }
        match verify_after(head, page) {
            Ok(verified) => head = verified,
            Err(broken) => return Ok(Err(broken)),
        }
    }
}
