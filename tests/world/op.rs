//! A real OpenID provider for tests: `tests/world/op/op.mjs` in a process of its own, ended with the test.
#![allow(dead_code)] // Each test file uses the part that it needs.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kith::deliver::token::{AssertionAlgorithm, PartnerTokens, TokenSettings};
use kith::domain::{PartnerId, Private};
use kith::receive::caller::IssuerSettings;
use serde::Deserialize;
use serde_json::{Value, json};

/// What tokens are for unless a client says otherwise.
pub const AUDIENCE: &str = "https://kith.test/fhir";

/// A client that the provider knows; its key is made by the provider.
#[derive(Debug, Clone)]
pub struct Client {
    pub id: String,
    pub algorithm: AssertionAlgorithm,
    /// What it is registered for, and asks for.
    pub scope: String,
    /// What its tokens are for.
    pub audience: String,
}

impl Client {
    /// A client that signs with ES384 and wants tokens for Kith.
    pub fn new(id: &str, scope: &str) -> Self {
        let (id, scope, audience) = (id.to_owned(), scope.to_owned(), AUDIENCE.to_owned());
        Self { id, algorithm: AssertionAlgorithm::ES384, scope, audience }
    }

    #[must_use]
    pub fn signing_with(mut self, algorithm: AssertionAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    #[must_use]
    pub fn for_audience(mut self, audience: &str) -> Self {
        audience.clone_into(&mut self.audience);
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    issuer: String,
    admin: String,
    private_keys: HashMap<String, String>,
}

/// The running provider; ended on drop.
pub struct OpenIdProvider {
    process: Child,
    ready: Ready,
    clients: Vec<Client>,
    http: reqwest::Client,
}

impl OpenIdProvider {
    /// Starts it with these clients; tokens are signed with ES384 and live five minutes.
    pub fn start(clients: &[Client]) -> Self {
        Self::start_with(clients, &json!({}))
    }

    /// Starts it with other settings, such as `{"algorithm": "RS256", "ttl": 40}`.
    pub fn start_with(clients: &[Client], settings: &Value) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world/op");
        let missing = "run tests/run once, it installs them (npm ci in tests/world/op)";
        assert!(folder.join("node_modules/oidc-provider").is_dir(), "{missing}");
        let mut process = Command::new("node")
            .arg(folder.join("op.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|_| panic!("{missing}"));
        let mut config = json!({ "audience": AUDIENCE, "clients": clients.iter().map(|client| json!({
            "id": client.id,
            "algorithm": client.algorithm.name(),
            "scope": client.scope,
            "audience": client.audience,
        })).collect::<Vec<_>>() });
        for (name, value) in settings.as_object().expect("settings are an object") {
            config[name] = value.clone();
        }
        writeln!(process.stdin.as_mut().expect("stdin is piped"), "{config}").expect("the provider reads");
        // The provider's library prints advice before the line that we wait for.
        let line = BufReader::new(process.stdout.take().expect("stdout is piped"))
            .lines()
            .map_while(Result::ok)
            .find(|line| line.starts_with('{'))
            .unwrap_or_else(|| {
                panic!("the OpenID provider did not start; try: node tests/world/op/op.mjs FILE")
            });
        let ready = serde_json::from_str(&line).expect("the line of a provider that is ready");
        let http = kith::tls::http_client(None, None, true).expect("a client");
        Self { process, ready, clients: clients.to_vec(), http }
    }

    /// The issuer as its tokens name it.
    pub fn issuer(&self) -> &str {
        &self.ready.issuer
    }

    /// Settings of a gateway that accepts this issuer's tokens.
    pub fn issuer_settings(&self) -> IssuerSettings {
        IssuerSettings { allow_http: true, ..IssuerSettings::new(self.issuer(), AUDIENCE) }
    }

    /// What a client needs to get tokens here.
    pub fn credentials(&self, client: &str) -> TokenSettings {
        let known = self.clients.iter().find(|known| known.id == client).expect("a client of this provider");
        TokenSettings {
            token_endpoint: format!("{}/token", self.issuer()),
            client_id: known.id.clone(),
            key_pem: Private::new(self.ready.private_keys[client].clone()),
            kid: format!("client-{client}"),
            algorithm: known.algorithm,
            scope: Some(known.scope.clone()).filter(|scope| !scope.is_empty()),
            resource: None,
            allow_http: true,
        }
    }

    /// A token that this client gets by client credentials, as its system would.
    pub async fn token(&self, client: &str) -> String {
        let partner = PartnerId(client.to_owned());
        let logins = [(partner.clone(), self.credentials(client))];
        let tokens = PartnerTokens::new(logins, self.http.clone()).expect("good credentials");
        tokens.token(&partner, kith::clock::now()).await.expect("a token").into_inner()
    }

    /// These very claims, signed with the provider's key. The header is an access token's; `header` changes it, `null`
    /// takes away.
    pub async fn sign(&self, header: Value, claims: Value) -> String {
        self.signed(json!({ "header": header, "claims": claims })).await
    }

    /// The same, signed with a key that the provider does not publish, of this algorithm.
    pub async fn sign_with_other_key(&self, algorithm: &str, header: Value, claims: Value) -> String {
        self.signed(json!({ "header": header, "claims": claims, "otherKey": algorithm })).await
    }

    async fn signed(&self, what: Value) -> String {
        self.admin("sign", what).await["token"].as_str().expect("a token").to_owned()
    }

    /// Takes a new key and publishes it alone; answers its `kid`.
    pub async fn rotate(&self) -> String {
        self.admin("rotate", json!({})).await["kid"].as_str().expect("a kid").to_owned()
    }

    /// How often a path of the provider was asked, such as `/jwks` or `/token`.
    pub async fn count(&self, path: &str) -> u64 {
        self.admin("counts", json!({})).await[path].as_u64().unwrap_or(0)
    }

    /// The provider goes down for good; dropping it does the same.
    pub fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    async fn admin(&self, action: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}/{action}", self.ready.admin)).json(&body);
        let answer = request.send().await.expect("the provider runs");
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
        answer.json().await.expect("JSON")
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        self.stop();
    }
}
