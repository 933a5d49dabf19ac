//! Webhooks, signed as <https://www.standardwebhooks.com> says: whoever knows the secret can check that an event is Kith's, and fresh.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ring::hmac;
use serde_json::Value;
use uuid::Uuid;

use super::HeraldError;
use crate::domain::Private;

/// The longest time for one event.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What Kith and a partner's system both know.
pub struct Secret(hmac::Key);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Reads `whsec_` and base64.
    ///
    /// # Errors
    /// When it is not that, or not of 24 to 64 bytes.
    pub fn read(text: &Private<String>) -> Result<Self, HeraldError> {
        let coded = text.reveal().trim().strip_prefix("whsec_").ok_or(HeraldError::Secret)?;
        let bytes = STANDARD.decode(coded).map_err(|_| HeraldError::Secret)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(HeraldError::Secret);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The signature of an event: `v1,` and base64.
    fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let tag = hmac::sign(&self.0, format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

/// Posts an event. Any 2xx is a yes.
pub(super) async fn post(
    http: &reqwest::Client,
    url: &str,
    secret: &Secret,
    event: &Value,
    now: DateTime<Utc>,
) -> Result<(), HeraldError> {
    let (id, seconds, body) =
        (format!("msg_{}", Uuid::new_v4().simple()), now.timestamp(), event.to_string());
    let request = http
        .post(url)
        .timeout(TIMEOUT)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", secret.sign(&id, seconds, &body));
    let why = |text: &str| HeraldError::Webhook(text.to_owned());
    match request.body(body).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(why(&format!("it answered {}", answer.status().as_u16()))),
        Err(error) if error.is_timeout() => Err(why("it did not answer in time")),
        Err(error) if error.is_connect() => Err(why("it cannot be reached")),
        Err(_) => Err(why("the connection broke off")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own documentation.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let text = Private::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let secret = Secret::read(&text).unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_long_enough_and_marked_as_one() {
        for bad in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8G", "whsec_?"] {
            assert!(Secret::read(&Private::new(bad.to_owned())).is_err(), "{bad}");
        }
    }
}
