//! The check of a whole journal as a store holds it, page by page.

use super::{Store, StoreError};
use crate::domain::from_hex;
use crate::journal::{Break, Head, SignedHead, verify_after};
use crate::secrecy::is_signed;

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

/// What is wrong with a signed head.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    /// Its signature is not one of its key over its text.
    #[error("the head at entry {0} is not signed as it says")]
    Signature(u64),
    /// It is signed, but with a key that is not this Kith's.
    #[error("the head at entry {0} is signed with another key than this store's")]
    Key(u64),
    /// The journal does not go so far any more.
    #[error("the journal was cut: there was an entry {0} when a head was signed, and there is none now")]
    Cut(u64),
    /// The entry has another hash.
    #[error("the journal was rewritten at or before entry {0}: its hash is not the one that was signed")]
    Rewritten(u64),
}

/// Holds signed heads, those in the store or others that were kept elsewhere, against the journal; `key` is the public key that
/// must have signed them, where it is known.
pub async fn verify_heads(
    store: &dyn Store,
    heads: &[SignedHead],
    key: Option<&[u8]>,
) -> Result<Vec<HeadFault>, StoreError> {
    let mut faults = Vec::new();
    for head in heads {
        let signer = from_hex(&head.key).unwrap_or_default();
        let signature = from_hex(&head.signature).unwrap_or_default();
        if !is_signed(&signer, head.own_text().as_bytes(), &signature) {
            faults.push(HeadFault::Signature(head.count));
        } else if key.is_some_and(|key| key != signer) {
            faults.push(HeadFault::Key(head.count));
        }
        let entry =
            store.journal(head.count, 1).await?.into_iter().find(|(number, _, _)| *number == head.count);
        match entry {
            None => faults.push(HeadFault::Cut(head.count)),
            Some((_, _, hash)) if hash != head.hash => faults.push(HeadFault::Rewritten(head.count)),
            Some(_) => {}
        }
    }
    Ok(faults)
}
