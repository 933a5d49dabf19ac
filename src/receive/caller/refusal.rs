//! Why a token does not count, and how the caller is told: never with the token's own words.

use crate::problem::{Category, Problem};

/// What is wrong with a token. A closed list of sentences, so that nothing of the token can be in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Longer than Kith reads.
    TooLong,
    /// Not three base64url parts, two of them JSON objects.
    Malformed,
    /// Signed in a way that is not allowed for this issuer, or not at all.
    Algorithm,
    /// Not an access token by its `typ`.
    Type,
    /// Carries a critical header extension.
    Critical,
    /// Does not say which key signed it.
    NoKeyId,
    /// Signed with a key that the issuer does not publish.
    UnknownKey,
    /// The signature does not fit.
    Signature,
    /// From an issuer that is not configured.
    Issuer,
    /// For somebody else.
    Audience,
    /// Past its time, or without one.
    Expired,
    /// Its time has not come.
    NotYet,
    /// Does not say which client or subject it is for.
    Client,
    /// Its scopes are not a list in one text.
    Scope,
    /// Bound to a key (`cnf`), whose proof Kith cannot check yet.
    Proof,
}

impl Reason {
    /// The reason in a sentence for the caller's developer; fit for a quoted header value.
    pub fn text(self) -> &'static str {
        match self {
            Self::TooLong => "the token is too long",
            Self::Malformed => "the token is not a signed JWT",
            Self::Algorithm => "the token's signature algorithm is not allowed for this issuer",
            Self::Type => "the token is not an access token (typ must be at+jwt)",
            Self::Critical => "the token has a critical header that is not supported",
            Self::NoKeyId => "the token does not name its key (kid)",
            Self::UnknownKey => "the issuer does not publish the key that the token names",
            Self::Signature => "the token's signature is not valid",
            Self::Issuer => "the token's issuer is not accepted here",
            Self::Audience => "the token is for another audience",
            Self::Expired => "the token has expired or has no expiry",
            Self::NotYet => "the token is not valid yet; check the clocks",
            Self::Client => "the token does not name its client and subject",
            Self::Scope => "the token's scope claim is not a text",
            Self::Proof => "the token is bound to a key; such tokens are not supported",
        }
    }
}

/// A caller whose token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no bearer token.
    #[error("a bearer token is required")]
    Missing,
    /// There is one, and it does not count.
    #[error("{}", .0.text())]
    Login(Reason),
    /// Whether it counts cannot be found out now: the issuer's keys are not to be had.
    #[error("the issuer's keys cannot be fetched")]
    Unavailable,
}

impl Refusal {
    /// The `WWW-Authenticate` value of the 401 (RFC 6750, section 3); none for what is no fault of the caller.
    pub fn www_authenticate(&self) -> Option<String> {
        match self {
            // RFC 6750: a call without any token is told the scheme only.
            Self::Missing => Some("Bearer".to_owned()),
            Self::Login(reason) => {
                Some(format!("Bearer error=\"invalid_token\", error_description=\"{}\"", reason.text()))
            }
            Self::Unavailable => None,
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::Login(reason)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing | Refusal::Login(_) => {
                Problem::new(Category::Login, format!("Not logged in: {refusal}."))
            }
            Refusal::Unavailable => Problem::unavailable("check who is calling", &refusal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_login_problem_and_an_outage_is_not() {
        let refusal = Refusal::from(Reason::Audience);
        assert_eq!(
            refusal.www_authenticate().unwrap(),
            "Bearer error=\"invalid_token\", error_description=\"the token is for another audience\""
        );
        assert_eq!(Problem::from(refusal).category, Category::Login);
        assert_eq!(Problem::from(Refusal::Unavailable).category, Category::Unavailable);
        assert_eq!(Refusal::Unavailable.www_authenticate(), None);
        assert_eq!(Refusal::Missing.www_authenticate().unwrap(), "Bearer");
    }
}
