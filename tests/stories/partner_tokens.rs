//! Tokens for partners, got from a real OpenID provider: kept, never mixed up, and what a failure is called.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::world::op::{Client, OpenIdProvider};
use chrono::TimeDelta;
use kith::deliver::token::{AssertionAlgorithm, BadCredentials, PartnerTokens, TokenError, TokenSettings};
use kith::domain::{PartnerId, Private};
use kith::receive::caller::Issuers;

fn provider() -> OpenIdProvider {
    OpenIdProvider::start(&[
        Client::new("gp", "system/Flag.cu"),
        Client::new("nurse", "system/Patient.rs").signing_with(AssertionAlgorithm::RS384),
        Client::new("platform", "system/Flag.cu").signing_with(AssertionAlgorithm::RS512),
    ])
}

fn http() -> reqwest::Client {
    kith::tls::http_client(None, None, true).unwrap()
}

fn partner(name: &str) -> PartnerId {
    PartnerId(name.to_owned())
}

fn tokens(op: &OpenIdProvider, clients: &[&str]) -> PartnerTokens {
    let credentials = clients.iter().map(|client| (partner(client), op.credentials(client)));
    PartnerTokens::new(credentials, http()).unwrap()
}

#[tokio::test]
async fn a_partners_token_is_fetched_once_kept_and_never_given_for_another() {
    let op = provider();
    let tokens = tokens(&op, &["gp", "nurse"]); // ES384 and RS384
    let issuers = Issuers::new(vec![op.issuer_settings()], http()).unwrap();
    let now = kith::clock::now();
    let (gp, nurse) = (partner("gp"), partner("nurse"));

    let many = (0..10).map(|n| tokens.token(if n % 2 == 0 { &gp } else { &nurse }, now));
    let all: Vec<Private<String>> =
        futures_util::future::join_all(many).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(op.count("/token").await, 2, "one call a partner");
    for (n, token) in all.iter().enumerate() {
        let of = issuers.verify(token.reveal(), now).await.unwrap().client_id;
        assert_eq!(of, if n % 2 == 0 { "gp" } else { "nurse" });
    }

    let nearly = now + TimeDelta::seconds(269);
    assert!(tokens.token(&gp, nearly).await.unwrap() == all[0], "kept until shortly before its end");
    let soon_over = now + TimeDelta::seconds(271);
    assert!(tokens.token(&gp, soon_over).await.is_ok_and(|token| token != all[0]));

    tokens.invalidate(&nurse);
    assert!(tokens.token(&nurse, now).await.is_ok_and(|token| token != all[1]));
    assert_eq!(op.count("/token").await, 4);
    assert_eq!(tokens.token(&partner("stranger"), now).await.unwrap_err(), TokenError::UnknownPartner);
}

#[tokio::test]
async fn a_wrong_key_is_a_lasting_failure_and_an_outage_is_not() {
    let mut op = provider();
    let now = kith::clock::now();
    let other = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap().serialize_pem();
    let wrong_key = TokenSettings { key_pem: Private::new(other), ..op.credentials("gp") };
    let stolen = TokenSettings { client_id: "nurse".to_owned(), ..op.credentials("gp") };
    let unknown_scope = TokenSettings { scope: Some("system/Patient.rs".to_owned()), ..op.credentials("gp") };
    for (settings, code) in
        [(wrong_key, "invalid_client"), (stolen, "invalid_client"), (unknown_scope, "invalid_scope")]
    {
        let tokens = PartnerTokens::new([(partner("p"), settings)], http()).unwrap();
        let error = tokens.token(&partner("p"), now).await.unwrap_err();
        assert!(matches!(error, TokenError::Refused { code: said, .. } if said == code), "{error:?}");
        assert!(!error.is_retryable());
    }
    let resource = TokenSettings { resource: Some("https://else.test".to_owned()), ..op.credentials("gp") };
    let tokens_for = PartnerTokens::new([(partner("p"), resource)], http()).unwrap();
    let error = tokens_for.token(&partner("p"), now).await.unwrap_err();
    assert!(matches!(error, TokenError::Refused { code: "invalid_target", .. }), "{error:?}");

    let tokens = tokens(&op, &["gp", "platform"]); // ES384 and RS512
    assert!(tokens.token(&partner("platform"), now).await.is_ok());
    op.stop();
    let error = tokens.token(&partner("gp"), now).await.unwrap_err();
    assert_eq!(error, TokenError::Unreachable);
    assert!(error.is_retryable());
    let printed = format!("{error} {error:?} {tokens:?} {:?}", op.credentials("gp"));
    assert!(!printed.contains("PRIVATE KEY") && !printed.contains("eyJ"), "{printed}");
}

/// A token endpoint that answers every call with these bytes, and its address.
fn endpoint(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/token", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 16 * 1024]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[tokio::test]
async fn a_token_endpoint_cannot_send_the_assertion_elsewhere_or_flood_kith() {
    let op = provider();
    let redirect = format!(
        "HTTP/1.1 307 Elsewhere\r\nlocation: {}/token\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        op.issuer()
    );
    let huge = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", " ".repeat(80_000));
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{".to_owned();
    for (answer, expected) in [
        (redirect, TokenError::Refused { status: 307, code: "(no known error code)" }),
        (huge, TokenError::BadAnswer),
        (cut, TokenError::Unreachable),
    ] {
        let settings = TokenSettings { token_endpoint: endpoint(answer), ..op.credentials("gp") };
        let tokens = PartnerTokens::new([(partner("p"), settings)], http()).unwrap();
        assert_eq!(tokens.token(&partner("p"), kith::clock::now()).await.unwrap_err(), expected);
    }
    assert_eq!(op.count("/token").await, 0, "the redirect was not followed");
}

#[tokio::test]
async fn credentials_that_cannot_work_are_named_at_the_start() {
    let op = provider();
    let refused = |settings| PartnerTokens::new([(partner("p"), settings)], http()).unwrap_err();
    let good = || op.credentials("gp");
    let plain = TokenSettings { allow_http: false, ..good() };
    assert_eq!(refused(plain), BadCredentials::Endpoint(partner("p")));
    assert_eq!(refused(TokenSettings { kid: String::new(), ..good() }), BadCredentials::Empty(partner("p")));
    let unfit = refused(TokenSettings { algorithm: AssertionAlgorithm::RS384, ..good() });
    assert!(matches!(unfit, BadCredentials::Key(..)));
    assert!(!unfit.to_string().contains("BEGIN PRIVATE"), "{unfit}");
    let twice = PartnerTokens::new([(partner("p"), good()), (partner("p"), good())], http());
    assert_eq!(twice.unwrap_err(), BadCredentials::Twice(partner("p")));
}
