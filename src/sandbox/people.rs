//! The people of the sandbox: whoever opens the provider's page chooses who to be, and comes back to Kith signed in
//! (OpenID Connect, authorisation code with PKCE). No password: nothing here is anybody's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// How long a code counts.
const CODE_LIFE: TimeDelta = TimeDelta::minutes(1);
/// How long an ID token counts.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(5);

/// Kith's pages as a client of the provider.
pub(super) const PAGES: &str = "kith-pages";

/// Somebody whom one can be.
#[derive(Debug)]
pub(super) struct Somebody {
    /// Their name at the provider.
    pub(super) id: &'static str,
    /// Who they are.
    pub(super) name: &'static str,
    /// Their organisation's ODS code.
    ods: &'static str,
    /// What they are there.
    role: &'static str,
}

/// Everybody.
pub(super) const PEOPLE: [Somebody; 5] = [
    Somebody {
        id: "nurse",
        name: "Priya Nair, school nurse at Kenford School Nursing",
        ods: "RZ997",
        role: "school-nurse",
    },
    Somebody {
        id: "senco",
        name: "Joan Ellery, special educational needs co-ordinator at Kenford Primary School",
        ods: "KP101",
        role: "school",
    },
    Somebody {
        id: "lead",
        name: "Sam Ferris, data lead at Kenfordshire Council",
        ods: "KC820",
        role: "local-authority",
    },
    Somebody {
        id: "officer",
        name: "Ade Bello, information governance at Kenfordshire Council",
        ods: "KC821",
        role: "information-governance",
    },
    Somebody { id: "operator", name: "Sam Okafor, who runs Kith", ods: "KC822", role: "operator" },
];

/// What Kith's pages ask for (OpenID Connect Core, section 3.1.2.1).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Wish {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
    /// Who was chosen, when somebody was.
    #[serde(rename = "as")]
    chosen: Option<String>,
}

/// A code that was given and not taken back yet.
struct Given {
    person: &'static Somebody,
    nonce: String,
    challenge: String,
    until: DateTime<Utc>,
}

/// Who is signing in.
pub(super) struct SigningIn {
    /// The one address that people come back to.
    redirect: String,
    codes: Mutex<HashMap<String, Given>>,
}

/// What the provider answers to a wish.
pub(super) enum Answer {
    /// The page on which one chooses.
    Choose(String),
    /// Back to Kith.
    Back(String),
    /// This is not Kith, or not what it asks.
    Refused,
}

impl SigningIn {
    pub(super) fn new(kith: &str) -> Self {
        Self { redirect: format!("{kith}/signed-in"), codes: Mutex::default() }
    }

    /// The page, or the way back with a code. `query` is the wish as it came, for the page's links.
    pub(super) fn answer(&self, wish: &Wish, query: &str, now: DateTime<Utc>) -> Answer {
        let is_kith = wish.client_id == PAGES
            && wish.redirect_uri == self.redirect
            && wish.response_type == "code"
            && wish.code_challenge_method == "S256";
        if !is_kith {
            return Answer::Refused;
        }
        let chosen = wish.chosen.as_deref().and_then(|id| PEOPLE.iter().find(|person| person.id == id));
        let Some(person) = chosen else { return Answer::Choose(page(query)) };
        let code = Uuid::new_v4().simple().to_string();
        let given = Given {
            person,
            nonce: wish.nonce.clone(),
            challenge: wish.code_challenge.clone(),
            until: now + CODE_LIFE,
        };
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, given| given.until > now);
        codes.insert(code.clone(), given);
        let state: String = wish
            .state
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || "-_.~".contains(*letter))
            .collect();
        Answer::Back(format!("{}?code={code}&state={state}", self.redirect))
    }

    /// The claims of the ID token for a code, once, for whoever knows what its challenge was made of (RFC 7636, section 4.6).
    pub(super) fn claims(
        &self,
        issuer: &str,
        code: &str,
        verifier: &str,
        now: DateTime<Utc>,
    ) -> Option<Value> {
        let given = self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        (given.until > now && challenge == given.challenge).then(|| {
            json!({
                "iss": issuer,
                "sub": given.person.id,
                "aud": PAGES,
                "nonce": given.nonce,
                "iat": now.timestamp(),
                "exp": (now + TOKEN_LIFE).timestamp(),
                "ods_code": given.person.ods,
                "role": given.person.role,
            })
        })
    }
}

/// The page on which one chooses who to be. The query is Kith's own; only what may stand in an address is repeated.
fn page(query: &str) -> String {
    let safe = |letter: &char| letter.is_ascii_alphanumeric() || "-_.~%=&+:/".contains(*letter);
    let query: String = query.chars().filter(safe).collect::<String>().replace('&', "&amp;");
    let links: String = PEOPLE
        .iter()
        .map(|person| format!("<li><a href=\"/auth?{query}&amp;as={}\">{}</a></li>", person.id, person.name))
        .collect();
    format!(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Sign in to the sandbox</title></head><body><main><h1>Who are you today?</h1>\
         <p>This is the sandbox's identity provider. None of these people exists.</p><ul>{links}</ul></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(change: impl FnOnce(&mut Wish)) -> Wish {
        let mut wish = Wish {
            client_id: PAGES.to_owned(),
            redirect_uri: "http://k/signed-in".to_owned(),
            response_type: "code".to_owned(),
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            code_challenge: URL_SAFE_NO_PAD.encode(digest(&SHA256, b"verifier")),
            code_challenge_method: "S256".to_owned(),
            chosen: Some("nurse".to_owned()),
        };
        change(&mut wish);
        wish
    }

    fn code(signing_in: &SigningIn, now: DateTime<Utc>) -> String {
        match signing_in.answer(&wish(|_| {}), "", now) {
            Answer::Back(url) => url.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned(),
            _ => panic!("no code"),
        }
    }

    #[test]
    fn a_code_counts_once_for_whoever_asked_for_it() {
        let (signing_in, now) = (SigningIn::new("http://k"), crate::clock::now());
        let claims = |code: &str, verifier: &str| signing_in.claims("http://p", code, verifier, now);
        let good = code(&signing_in, now);
        assert_eq!(claims(&good, "verifier").unwrap()["ods_code"], "RZ997");
        assert!(claims(&good, "verifier").is_none(), "a second time");
        assert!(claims(&code(&signing_in, now), "guess").is_none());
        let late = code(&signing_in, now - TimeDelta::minutes(2));
        assert!(claims(&late, "verifier").is_none());
    }

    #[test]
    fn nobody_but_kith_gets_a_code() {
        let signing_in = SigningIn::new("http://k");
        let refused =
            |wish: Wish| matches!(signing_in.answer(&wish, "", crate::clock::now()), Answer::Refused);
        assert!(refused(wish(|wish| wish.redirect_uri = "http://elsewhere/signed-in".to_owned())));
        assert!(refused(wish(|wish| wish.client_id = "other".to_owned())));
        assert!(refused(wish(|wish| wish.code_challenge_method = "plain".to_owned())));
        let page = signing_in.answer(&wish(|wish| wish.chosen = None), "a=b&c=<script>", crate::clock::now());
        assert!(
            matches!(page, Answer::Choose(html) if html.contains("Who are you") && !html.contains("<script>"))
        );
    }
}
