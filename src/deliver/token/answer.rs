//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2): a token, or why not, in words of ours.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::domain::Private;

/// The longest token that is used, in bytes; most servers take no longer header line.
const MAX_TOKEN: usize = 8 * 1024;
/// How long before its end a token is no longer used, so that it does not end on its way.
const MARGIN: TimeDelta = TimeDelta::seconds(30);
/// The life of a token whose answer does not tell it (RFC 6749 only recommends to).
const UNTOLD: u64 = 60;
/// The longest life that is believed, so that a wrong number cannot keep a token for ever.
const LONGEST: u64 = 60 * 60;

/// Error codes that a token endpoint may give; others are not repeated, since a stranger chose the text.
const CODES: [&str; 9] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "server_error",
    "temporarily_unavailable",
];

/// Why there is no access token. None of the texts holds the assertion, a token, or a word of the other side's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The partner has no credentials configured.
    #[error("no credentials are configured for this partner")]
    UnknownPartner,
    /// The assertion could not be signed.
    #[error("the assertion could not be signed")]
    Signing,
    /// The token endpoint cannot be reached, or its answer broke off.
    #[error("the partner's token endpoint cannot be reached")]
    Unreachable,
    /// The token endpoint refused.
    #[error("the partner's token endpoint refused with {status} {code}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The OAuth error code, when it is one that is known.
        code: &'static str,
    },
    /// The token endpoint said yes, but not with a bearer token that can be used.
    #[error("the partner's token endpoint answered without a usable bearer token")]
    BadAnswer,
}

impl TokenError {
    /// Whether trying again later, with nothing changed here, can help.
    ///
    /// An unusable answer counts as passing: a page of maintenance that says 200 is the usual cause.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable | Self::BadAnswer | Self::Signing => true,
            Self::UnknownPartner => false,
            Self::Refused { status, code } => {
                matches!(status, 408 | 425 | 429 | 500..)
                    || matches!(*code, "server_error" | "temporarily_unavailable")
            }
        }
    }
}

/// A token with the time until which it is used.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    pub(super) token: Private<String>,
    pub(super) until: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Success {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
}

/// Reads the answer to a request that was made at `asked`.
pub(super) fn read(status: u16, body: &[u8], asked: DateTime<Utc>) -> Result<Granted, TokenError> {
    if status != 200 {
        let said = serde_json::from_slice::<Failure>(body).map(|failure| failure.error).unwrap_or_default();
        let code = CODES.into_iter().find(|code| *code == said).unwrap_or("(no known error code)");
        return Err(TokenError::Refused { status, code });
    }
    let success: Success = serde_json::from_slice(body).map_err(|_| TokenError::BadAnswer)?;
    // It goes into a header line: nothing but the characters of RFC 6750's b64token may be in it.
    let is_header_safe = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
    let usable = (1..=MAX_TOKEN).contains(&success.access_token.len())
        && success.access_token.bytes().all(is_header_safe)
        && success.token_type.eq_ignore_ascii_case("bearer");
    if !usable {
        return Err(TokenError::BadAnswer);
    }
    let life = success.expires_in.unwrap_or(UNTOLD).min(LONGEST);
    let until = asked + TimeDelta::seconds(i64::try_from(life).unwrap_or(0)) - MARGIN;
    Ok(Granted { token: Private::new(success.access_token), until })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn until(body: &str) -> Result<i64, TokenError> {
        read(200, body.as_bytes(), ASKED).map(|granted| (granted.until - ASKED).num_seconds())
    }

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        assert_eq!(until(r#"{"access_token":"t","token_type":"bearer","expires_in":300}"#), Ok(270));
        assert_eq!(until(r#"{"access_token":"t","token_type":"Bearer"}"#), Ok(30));
        assert_eq!(until(r#"{"access_token":"t","token_type":"Bearer","expires_in":10}"#), Ok(-20));
        let for_ever = format!(r#"{{"access_token":"t","token_type":"Bearer","expires_in":{}}}"#, u64::MAX);
        assert_eq!(until(&for_ever), Ok(3570));
    }

    #[test]
    fn an_answer_that_is_no_bearer_token_is_not_used() {
        for body in [
            r#"{"access_token":"t","token_type":"DPoP"}"#,
            r#"{"access_token":"","token_type":"Bearer"}"#,
            r#"{"access_token":"t\r\nX-Evil: 1","token_type":"Bearer"}"#,
            r#"{"token_type":"Bearer"}"#,
            "<html>We are down for maintenance</html>",
        ] {
            assert_eq!(until(body), Err(TokenError::BadAnswer), "{body}");
        }
    }

    #[test]
    fn a_refusal_is_named_in_our_words_and_lasting_or_not() {
        let refused = |status, body: &str| read(status, body.as_bytes(), ASKED).unwrap_err();
        let lasting = refused(401, r#"{"error":"invalid_client","error_description":"eyJhbGciOi"}"#);
        assert_eq!(lasting.to_string(), "the partner's token endpoint refused with 401 invalid_client");
        assert!(!lasting.is_retryable());
        assert!(!refused(302, "").is_retryable());
        assert!(!refused(400, r#"{"error":"<script>"}"#).to_string().contains("script"));
        assert!(refused(400, r#"{"error":"temporarily_unavailable"}"#).is_retryable());
        assert!(refused(503, "down").is_retryable() && refused(429, "").is_retryable());
    }
}
