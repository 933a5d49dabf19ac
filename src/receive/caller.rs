//! Who is calling: a bearer token (RFC 9068) from a configured issuer becomes a client with scopes, or is refused.
//!
//! Discovery, keys and signature checks are those of the `openidconnect` crate: it fetches the keys anyway, knows which
//! key fits which algorithm, and so no second JOSE library is needed. What it has no code for, the profile of access
//! tokens, is here. The time is an argument; nothing in this room reads a clock.

mod claims;
mod issuer;
mod refusal;
mod scope;
mod settings;
mod signatures;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

pub use refusal::{Reason, Refusal};
pub use scope::{RECORDS, Scopes, Verb};
pub use settings::{Algorithm, BadIssuer, IssuerSettings};

use claims::Unverified;
pub use issuer::Provider;
pub(super) use issuer::call;

use issuer::Issuer;

/// A token that passed every check of [`Issuers::verify`]. What it allows is for `scopes` to say: they may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// The issuer, exactly as configured. A client id means something only together with it.
    pub issuer: String,
    /// The client that the token was issued to: the partner is looked up by issuer and client.
    pub client_id: String,
    /// Whom the token speaks for; the client itself under client credentials.
    pub subject: String,
    /// What the token allows.
    pub scopes: Scopes,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// The issuers whose tokens count, each with its cached keys.
#[derive(Debug)]
pub struct Issuers {
    by_name: HashMap<String, Issuer>,
    first: String,
}

impl Issuers {
    /// The issuers of these settings, checked whole. Nothing is fetched before the first token comes.
    /// `http` is the client of `tls::http_client`, which follows no redirects.
    ///
    /// # Errors
    /// When an issuer is not an https address, has no audience or no algorithm, or is there twice.
    pub fn new(settings: Vec<IssuerSettings>, http: reqwest::Client) -> Result<Self, BadIssuer> {
        let mut by_name = HashMap::new();
        let first = settings.first().map(|one| one.issuer.clone()).unwrap_or_default();
        for one in settings {
            let url = one.check()?;
            let name = one.issuer.clone();
            if by_name.insert(name.clone(), Issuer::new(one, url, http.clone())).is_some() {
                return Err(BadIssuer::Twice(name));
            }
        }
        Ok(Self { by_name, first })
    }

    /// Takes over what is known of the keys of issuers that were there before.
    pub fn go_on_from(&self, before: &Self) {
        for (name, issuer) in &self.by_name {
            if let Some(known) = before.by_name.get(name) {
                issuer.go_on_from(known);
            }
        }
    }

    /// Where the first configured issuer gives tokens: for partners' systems that ask how to log in.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] when the issuer was never reached.
    pub async fn first_provider(&self, now: DateTime<Utc>) -> Result<Provider, Refusal> {
        self.by_name.get(&self.first).ok_or(Refusal::Unavailable)?.provider(now).await
    }

    /// Which issuers' keys are at hand and count, by the issuer's name; those of none are fetched first, not more often than every ten
    /// seconds, so that one that came back is found without a caller.
    pub async fn at_hand(&self, now: DateTime<Utc>) -> BTreeMap<&str, bool> {
        let asked = self
            .by_name
            .iter()
            .map(|(name, issuer)| async move { (name.as_str(), issuer.is_at_hand(now).await) });
        join_all(asked).await.into_iter().collect()
    }

    /// Checks a bearer token as RFC 9068, section 4, and RFC 8725 ask (<https://www.rfc-editor.org/rfc/rfc9068#section-4>).
    ///
    /// The token's own words choose nothing but among what is configured: its issuer must be one of ours to the letter,
    /// its algorithm one that is allowed for that issuer, its key one that the issuer publishes. Headers that bring or
    /// point at a key (`jku`, `jwk`, `x5u`, `x5c`) are not read.
    ///
    /// # Errors
    /// [`Refusal::Login`] with the reason when the token does not count, [`Refusal::Unavailable`] when that cannot be
    /// found out because the issuer's keys are not to be had.
    pub async fn verify(&self, bearer: &str, now: DateTime<Utc>) -> Result<VerifiedToken, Refusal> {
        let token = Unverified::parse(bearer)?;
        let issuer = self.by_name.get(token.issuer()?).ok_or(Reason::Issuer)?;
        let algorithm = token.algorithm(&issuer.settings().algorithms)?;
        token.check_header()?;
        let keys = issuer.keys(token.key_id()?, now).await?;
        token.check_signature(&keys, algorithm)?;
        token.check_claims(issuer.settings(), now)
    }
}

/// The token in an `Authorization` header (RFC 6750, section 2.1); the scheme's letters may be of either case.
///
/// # Errors
/// When there is no header, or it is of another scheme.
pub fn bearer(authorization: Option<&str>) -> Result<&str, Refusal> {
    let (scheme, token) = authorization.and_then(|value| value.split_once(' ')).ok_or(Refusal::Missing)?;
    let token = token.trim_matches(' ');
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() { Ok(token) } else { Err(Refusal::Missing) }
}
