//! The one real OpenID provider of a test file, and every kind of token that a caller may come with.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::cast::CAST;
use super::op::{AUDIENCE, Client, OpenIdProvider};

/// What a partner's system is allowed; which kinds it sends is in the directory.
const PARTNER: &str = "system/Bundle.c system/Flag.cus system/Consent.crus system/Task.rus system/Observation.s system/CareTeam.s \
                       system/Patient.ru system/Organization.u system/Bundle.r";

/// The provider, started once. It ends with the process of the test.
pub fn provider() -> &'static OpenIdProvider {
    static PROVIDER: OnceLock<OpenIdProvider> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let mut clients = vec![
            Client::new("governance", "system/Consent.rs system/Task.rs system/AuditEvent.rs"),
            Client::new("stranger", PARTNER),
            Client::new("astray", PARTNER).for_audience("https://elsewhere.test/fhir"),
        ];
        for member in CAST {
            if let Some(client) = member.client.filter(|client| *client != "governance") {
                clients.push(Client::new(client, PARTNER));
            }
            if member.form.is_some() {
                let client = Client::new(&member.kith(), "system/Bundle.c").for_audience(&member.audience());
                clients.push(client.signing_with(member.algorithm));
            }
        }
        OpenIdProvider::start_with(&clients, &json!({ "ttl": 3600, "clockTolerance": 3600 }))
    })
}

/// How long a token is kept, of the hour for which it holds: what is measured may take longer.
const KEPT_FOR: Duration = Duration::from_secs(1_200);

/// A good token that this client really got, kept for the next calls.
pub async fn token(client: &str) -> String {
    static KEPT: OnceLock<Mutex<HashMap<String, (String, Instant)>>> = OnceLock::new();
    let mut kept = KEPT.get_or_init(Mutex::default).lock().await;
    if let Some((token, since)) = kept.get(client)
        && since.elapsed() < KEPT_FOR
    {
        return token.clone();
    }
    let token = provider().token(client).await;
    kept.insert(client.to_owned(), (token.clone(), Instant::now()));
    token
}

/// The value of the Authorization header for a kind of token of this client; `None` sends none.
pub async fn authorization(client: &str, kind: &str) -> Option<String> {
    let good = claims(client);
    let but = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed
    };
    let now = kith::clock::now().timestamp();
    let token = match kind {
        "missing" => return None,
        "basic" => return Some("Basic aGVhbHRoLXZpc2l0b3I6c2VjcmV0".to_owned()),
        "good" => token(client).await,
        "expired" => signed(json!({}), but("exp", json!(now - 120))).await,
        "wrong-audience" => token("astray").await,
        "wrong-issuer" => signed(json!({}), but("iss", json!("https://elsewhere.test"))).await,
        "no-scope" => signed(json!({}), but("scope", json!(""))).await,
        "other-scope" => signed(json!({}), but("scope", json!("system/Task.rs system/Bundle.r"))).await,
        "alg-none" => signed(json!({ "alg": "none" }), good).await,
        "symmetric" => signed(json!({ "alg": "HS256" }), good).await,
        "id-token" => signed(json!({ "typ": "JWT" }), good).await,
        "forged" => provider().sign_with_other_key("ES384", json!({}), good).await,
        "unknown-client" => token("stranger").await,
        other => panic!("there is no kind of token '{other}'"),
    };
    Some(format!("Bearer {token}"))
}

async fn signed(header: Value, claims: Value) -> String {
    provider().sign(header, claims).await
}

fn claims(client: &str) -> Value {
    let now = kith::clock::now().timestamp();
    json!({
        "iss": provider().issuer(), "aud": AUDIENCE, "sub": client, "client_id": client, "jti": "1",
        "iat": now - 300, "exp": now + 300, "scope": PARTNER,
    })
}
