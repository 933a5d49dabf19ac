//! An issuer's keys of one fetch, and the tokens whose signatures they were found to have made: a system sends its token with each
//! message, and checking a signature on P-384 takes longer than everything else at the door.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use openidconnect::core::CoreJsonWebKey;
use ring::digest::{SHA256, digest};

/// How many tokens are known at most.
const TOKENS_MAX: usize = 1024;

/// Keys of one name. What they signed is known as long as nobody fetched keys again: whatever an issuer takes back ends then.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) keys: Vec<CoreJsonWebKey>,
    pub(super) signed: Arc<Signed>,
}

/// The digests of tokens with a good signature. Nothing else of a token is remembered: its time, its audience and what it allows are
/// looked at every time it comes.
#[derive(Debug, Default)]
pub(super) struct Signed(Mutex<HashSet<[u8; 32]>>);

impl Signed {
    /// Whether a token's signature is good: as it was found before, or as it is found now.
    pub(super) fn is_good(&self, token: &[&[u8]], check: impl FnOnce() -> bool) -> bool {
        let Ok(name) = <[u8; 32]>::try_from(digest(&SHA256, &token.concat()).as_ref()) else {
            return check();
        };
        if self.known().contains(&name) {
            return true;
        }
        let good = check();
        if good {
            let mut known = self.known();
            if known.len() >= TOKENS_MAX {
                known.clear();
            }
            known.insert(name);
        }
        good
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashSet<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_signature_is_checked_once_and_a_bad_one_each_time() {
        let signed = Signed::default();
        assert!(signed.is_good(&[b"a", b"1"], || true));
        assert!(signed.is_good(&[b"a", b"1"], || panic!("it is known")));
        assert!(!signed.is_good(&[b"a", b"2"], || false), "another signature of the same claims");
        assert!(signed.is_good(&[b"a", b"2"], || true), "a bad one is not remembered");
    }

    #[test]
    fn so_many_are_known_and_no_more() {
        let signed = Signed::default();
        for number in 0..=TOKENS_MAX {
            assert!(signed.is_good(&[&number.to_be_bytes()], || true));
        }
        assert_eq!(signed.known().len(), 1);
    }
}
