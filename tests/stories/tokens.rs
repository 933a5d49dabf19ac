//! Tokens of callers, against a real OpenID provider: what counts, what is refused and why, and when it is down.

mod down;

use crate::world::op::{AUDIENCE, Client, OpenIdProvider};
use chrono::{DateTime, TimeDelta, Utc};
use kith::deliver::token::AssertionAlgorithm;
use kith::problem::Problem;
use kith::receive::caller::{
    Algorithm, BadIssuer, IssuerSettings, Issuers, Reason, Refusal, Verb, VerifiedToken, bearer,
};
use serde_json::{Value, json};

/// A time of the tests' own: the claims are made for it, so nothing depends on the clock on the wall.
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

fn provider() -> OpenIdProvider {
    OpenIdProvider::start(&[
        Client::new("gp", "system/Flag.cu system/Bundle.c"),
        Client::new("nurse", "system/Patient.rs").signing_with(AssertionAlgorithm::RS384),
        Client::new("no-scope", ""),
        Client::new("elsewhere", "system/Flag.cu").for_audience("https://elsewhere.test/fhir"),
    ])
}

fn gateway(settings: Vec<IssuerSettings>) -> Issuers {
    Issuers::new(settings, http()).unwrap()
}

fn http() -> reqwest::Client {
    kith::tls::http_client(None, None, true).unwrap()
}

/// Claims of a good token.
fn claims(provider: &OpenIdProvider) -> Value {
    json!({
        "iss": provider.issuer(), "aud": AUDIENCE, "sub": "gp", "client_id": "gp", "jti": "1",
        "iat": NOW.timestamp(), "exp": NOW.timestamp() + 300, "scope": "system/Flag.cu",
    })
}

/// The good claims with one changed; `null` takes it away.
fn but(provider: &OpenIdProvider, name: &str, value: Value) -> Value {
    let mut changed = claims(provider);
    let object = changed.as_object_mut().unwrap();
    object.insert(name.to_owned(), value);
    object.retain(|_, value| !value.is_null());
    changed
}

async fn verify(issuers: &Issuers, token: &str) -> Result<VerifiedToken, Refusal> {
    issuers.verify(token, NOW).await
}

#[tokio::test]
async fn a_token_that_a_client_really_got_is_accepted() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let now = kith::clock::now();
    let token = issuers.verify(&op.token("gp").await, now).await.unwrap();
    assert_eq!((token.client_id.as_str(), token.subject.as_str()), ("gp", "gp"));
    assert_eq!(token.issuer, op.issuer());
    assert!(token.scopes.allows("Flag", Verb::Update) && !token.scopes.allows("Flag", Verb::Read));
    assert!(token.expires > now);

    let nurse = issuers.verify(&op.token("nurse").await, now).await.unwrap();
    assert!(nurse.scopes.allows("Patient", Verb::Search) && !nurse.scopes.allows("Bundle", Verb::Create));

    let nothing = issuers.verify(&op.token("no-scope").await, now).await.unwrap();
    assert!(nothing.scopes.is_empty(), "a token without scope gives no access");

    let elsewhere = issuers.verify(&op.token("elsewhere").await, now).await;
    assert_eq!(elsewhere, Err(Reason::Audience.into()));
}

#[tokio::test]
async fn every_allowed_algorithm_of_the_provider_is_understood_and_no_other() {
    for (name, algorithm) in [
        ("RS256", Algorithm::RS256),
        ("PS256", Algorithm::PS256),
        ("ES256", Algorithm::ES256),
        ("ES384", Algorithm::ES384),
    ] {
        let op = OpenIdProvider::start_with(&[], &json!({ "algorithm": name }));
        let token = op.sign(json!({}), claims(&op)).await;
        let only = |algorithms| gateway(vec![IssuerSettings { algorithms, ..op.issuer_settings() }]);
        assert!(verify(&only(vec![algorithm]), &token).await.is_ok(), "{name}");
        let others = Algorithm::ALL.iter().copied().filter(|other| *other != algorithm).collect();
        assert_eq!(verify(&only(others), &token).await, Err(Reason::Algorithm.into()), "{name}");
    }
}

#[tokio::test]
async fn a_token_with_wrong_claims_is_refused() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let at = |seconds: i64| json!(NOW.timestamp() + seconds);
    for (name, value, reason) in [
        ("exp", at(0), Reason::Expired),
        ("exp", at(-3600), Reason::Expired),
        ("exp", Value::Null, Reason::Expired),
        ("exp", json!("tomorrow"), Reason::Expired),
        ("exp", json!(1e300), Reason::Expired),
        ("nbf", at(61), Reason::NotYet),
        ("iat", at(61), Reason::NotYet),
        ("iat", json!("now"), Reason::NotYet),
        ("aud", json!("https://elsewhere.test/fhir"), Reason::Audience),
        ("aud", json!(["https://elsewhere.test/fhir"]), Reason::Audience),
        ("aud", json!(format!("{AUDIENCE}/")), Reason::Audience),
        ("aud", Value::Null, Reason::Audience),
        ("iss", json!("https://elsewhere.test"), Reason::Issuer),
        ("iss", json!(format!("{}/", op.issuer())), Reason::Issuer),
        ("iss", Value::Null, Reason::Issuer),
        ("sub", Value::Null, Reason::Client),
        ("client_id", Value::Null, Reason::Client),
        ("client_id", json!(""), Reason::Client),
        ("client_id", json!(["gp"]), Reason::Client),
        ("scope", json!(["system/Flag.cu"]), Reason::Scope),
        ("cnf", json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }), Reason::Proof),
    ] {
        let token = op.sign(json!({}), but(&op, name, value.clone())).await;
        assert_eq!(verify(&issuers, &token).await, Err(reason.into()), "{name}: {value}");
    }
    for (name, value) in [
        ("nbf", at(60)),
        ("iat", at(60)),
        ("iat", Value::Null),
        ("exp", json!(1_800_000_001.5)),
        ("aud", json!(["https://elsewhere.test/fhir", AUDIENCE])),
    ] {
        let token = op.sign(json!({}), but(&op, name, value.clone())).await;
        assert!(verify(&issuers, &token).await.is_ok(), "{name}: {value}");
    }
    for scope in [Value::Null, json!(""), json!("system/Flag.read openid")] {
        let token = op.sign(json!({}), but(&op, "scope", scope)).await;
        assert!(verify(&issuers, &token).await.unwrap().scopes.is_empty());
    }
}

#[tokio::test]
async fn a_token_with_a_wrong_header_or_signature_is_refused() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    assert!(
        verify(&issuers, &op.sign(json!({ "typ": "application/at+jwt" }), claims(&op)).await).await.is_ok()
    );
    for (header, reason) in [
        (json!({ "alg": "none" }), Reason::Algorithm),
        (json!({ "alg": "None" }), Reason::Algorithm),
        (json!({ "alg": null }), Reason::Algorithm),
        (json!({ "alg": "HS256" }), Reason::Algorithm),
        (json!({ "alg": "HS384" }), Reason::Algorithm),
        (json!({ "typ": "JWT" }), Reason::Type),
        (json!({ "typ": "AT+JWT" }), Reason::Type),
        (json!({ "typ": null }), Reason::Type),
        (json!({ "crit": ["exp"] }), Reason::Critical),
        (json!({ "crit": [] }), Reason::Critical),
        (json!({ "kid": null }), Reason::NoKeyId),
        (json!({ "kid": 7 }), Reason::NoKeyId),
        (json!({ "kid": "../../op-1" }), Reason::UnknownKey),
    ] {
        let token = op.sign(header.clone(), claims(&op)).await;
        assert_eq!(verify(&issuers, &token).await, Err(reason.into()), "{header}");
    }
    // Another key under a published name: of the same kind, and of a kind that is allowed but is not the key's.
    for algorithm in ["ES384", "RS256", "ES256"] {
        let token = op.sign_with_other_key(algorithm, json!({ "alg": algorithm }), claims(&op)).await;
        assert_eq!(verify(&issuers, &token).await, Err(Reason::Signature.into()), "{algorithm}");
    }
    // A key that the token brings or points at is not looked at: nobody is asked, and the signature does not fit.
    let brought =
        json!({ "jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/x", "jwk": { "kty": "EC" } });
    let token = op.sign_with_other_key("ES384", brought.clone(), claims(&op)).await;
    assert_eq!(verify(&issuers, &token).await, Err(Reason::Signature.into()));
    assert!(verify(&issuers, &op.sign(brought, claims(&op)).await).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_no_token_is_refused() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let good = op.sign(json!({}), claims(&op)).await;
    let parts: Vec<&str> = good.split('.').collect();
    let stripped = format!("{}.{}.", parts[0], parts[1]);
    assert_eq!(verify(&issuers, &stripped).await, Err(Reason::Signature.into()));
    let (last, rest) = (parts[2], format!("{}.{}", parts[0], parts[1]));
    for text in [
        String::new(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        rest.clone(),
        format!("{good}.{last}"),
        format!("{good}="),
        format!("{rest}.{last}\n"),
        format!("{}.W10.{last}", parts[0]),
    ] {
        assert_eq!(verify(&issuers, &text).await, Err(Reason::Malformed.into()), "{text:?}");
    }
    let long = format!("{good}{}", "A".repeat(8 * 1024));
    assert_eq!(verify(&issuers, &long).await, Err(Reason::TooLong.into()));
    assert_eq!(bearer(Some(&format!("bearer {good}"))), Ok(good.as_str()));
    for none in [None, Some("Bearer"), Some("Bearer "), Some("Basic Zm9vOmJhcg=="), Some("DPoP x")] {
        assert_eq!(bearer(none), Err(Refusal::Missing), "{none:?}");
    }
}

#[tokio::test]
async fn two_issuers_are_kept_apart() {
    let (one, two) = (provider(), provider());
    let issuers = gateway(vec![one.issuer_settings(), two.issuer_settings()]);
    let token = two.sign(json!({}), claims(&two)).await;
    assert_eq!(verify(&issuers, &token).await.unwrap().issuer, two.issuer());
    // Both providers name their key alike; the one may still not sign for the other.
    let forged = two.sign(json!({}), claims(&one)).await;
    assert_eq!(verify(&issuers, &forged).await, Err(Reason::Signature.into()));
    let twice = Issuers::new(vec![one.issuer_settings(), one.issuer_settings()], http());
    assert_eq!(twice.unwrap_err(), BadIssuer::Twice(one.issuer().to_owned()));
}

#[tokio::test]
async fn a_refusal_says_why_and_never_repeats_the_token() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let secret = "0f7c1e9d-subject";
    let token = op.sign(json!({ "kid": secret }), but(&op, "sub", json!(secret))).await;
    let refusal = verify(&issuers, &token).await.unwrap_err();
    let challenge = refusal.www_authenticate().unwrap();
    assert!(challenge.starts_with("Bearer error=\"invalid_token\", error_description=\""), "{challenge}");
    let told = format!("{refusal} {refusal:?} {challenge} {}", Problem::from(refusal).operation_outcome());
    assert!(!told.contains(secret) && !told.contains(token.split('.').next().unwrap()), "{told}");
}

#[tokio::test]
async fn keys_are_fetched_once_for_all_and_again_when_the_provider_takes_a_new_one() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let old = op.sign(json!({}), claims(&op)).await;
    let many = (0..20).map(|_| verify(&issuers, &old));
    assert!(futures_util::future::join_all(many).await.iter().all(Result::is_ok));
    assert_eq!(op.count("/jwks").await, 1, "one call for all");

    op.rotate().await;
    let new = op.sign(json!({}), claims(&op)).await;
    let soon = NOW + TimeDelta::seconds(9);
    assert_eq!(issuers.verify(&new, soon).await, Err(Reason::UnknownKey.into()));
    assert_eq!(op.count("/jwks").await, 1, "not again within ten seconds");

    let later = NOW + TimeDelta::seconds(10);
    let many = (0..20).map(|_| issuers.verify(&new, later));
    assert!(futures_util::future::join_all(many).await.iter().all(Result::is_ok));
    assert_eq!(op.count("/jwks").await, 2);
    assert_eq!(issuers.verify(&old, later).await, Err(Reason::UnknownKey.into()), "the old key is gone");

    // Keys are fetched again when they age, so that a key taken back does not count for long.
    let aged = later + TimeDelta::minutes(6);
    let token = op.sign(json!({}), but(&op, "exp", json!(aged.timestamp() + 60))).await;
    assert!(issuers.verify(&token, aged).await.is_ok());
    assert_eq!(op.count("/jwks").await, 3);
}

#[tokio::test]
async fn made_up_key_names_cannot_flood_the_provider() {
    let op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    for name in 0..30 {
        let token = op.sign(json!({ "kid": format!("made-up-{name}") }), claims(&op)).await;
        assert_eq!(verify(&issuers, &token).await, Err(Reason::UnknownKey.into()));
    }
    assert_eq!(op.count("/jwks").await, 1);
}
