//! The identity provider at which people sign in: authorisation code with PKCE
//! (<https://openid.net/specs/openid-connect-core-1_0.html>, RFC 7636), by the `openidconnect` crate.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::config;
use crate::domain::Private;
use crate::problem::{Category, Problem};
use crate::receive::caller::call;

/// How long what the provider says of itself is taken for true.
const FRESH: Duration = Duration::from_secs(60);

/// Where people sign in; what it says of itself is asked when the first does.
pub struct SignIn {
    settings: config::SignIn,
    secret: Option<Private<String>>,
    redirect: String,
    http: reqwest::Client,
    allow_http: bool,
    metadata: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// What is kept of signing in until the person comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    /// Comes back with the person.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves that who brings the code is who asked for it.
    pub verifier: String,
}

impl SignIn {
    /// Signs people in as the settings say; `public_url` is where they come back to.
    pub fn new(
        settings: &config::SignIn,
        secret: Option<Private<String>>,
        public_url: &str,
        http: reqwest::Client,
        allow_http: bool,
    ) -> Self {
        let redirect = format!("{public_url}/signed-in");
        Self { settings: settings.clone(), secret, redirect, http, allow_http, metadata: Mutex::default() }
    }

    /// Whether people can sign in at all.
    pub fn is_offered(&self) -> bool {
        !self.settings.issuer.is_empty()
    }

    /// What the provider says of itself, its keys too; asked again after a minute, for keys change. Whoever asks at the same time waits
    /// for the one answer.
    async fn metadata(&self) -> Result<CoreProviderMetadata, Problem> {
        let mut known = self.metadata.lock().await;
        if let Some((asked, metadata)) = known.as_ref()
            && asked.elapsed() < FRESH
        {
            return Ok(metadata.clone());
        }
        let unavailable =
            |error: &dyn std::fmt::Display| Problem::unavailable("ask the identity provider", error);
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| unavailable(&error))?;
        let client = |request: HttpRequest| self.call(request);
        let asked = CoreProviderMetadata::discover_async(issuer, &client).await;
        let metadata = asked.map_err(|error| unavailable(&error))?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn call(
        &self,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpResponse, crate::tls::HttpError>> + use<> {
        call(self.http.clone(), self.allow_http, request)
    }

    fn redirect(&self) -> Result<RedirectUrl, Problem> {
        RedirectUrl::new(self.redirect.clone())
            .map_err(|error| Problem::internal("name its own address", &error))
    }

    fn secret(&self) -> Option<ClientSecret> {
        self.secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().clone()))
    }

    /// The address at which the person signs in, and what must be kept until they come back.
    ///
    /// # Errors
    /// The provider cannot be asked.
    pub async fn begin(&self) -> Result<(String, Begun), Problem> {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(self.metadata().await?, id, self.secret())
            .set_redirect_uri(self.redirect()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut asked = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge);
        for scope in &self.settings.scopes {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = asked.url();
        let begun = Begun {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok((url.to_string(), begun))
    }

    /// The claims of the person who came back with this code: their ID token was asked for, and its signature, issuer, audience, time and
    /// nonce checked.
    ///
    /// # Errors
    /// The provider cannot be asked, refuses the code, or gives a token that does not hold.
    pub async fn finish(&self, code: &str, begun: &Begun) -> Result<Value, Problem> {
        let id = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(self.metadata().await?, id, self.secret())
            .set_redirect_uri(self.redirect()?);
        let refused = |cause: &dyn std::fmt::Display| {
            tracing::warn!(%cause, "signing in failed");
            Problem::new(
                Category::Login,
                "Signing in failed at the identity provider. Try again from the page that you wanted.",
            )
        };
        let exchange =
            client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|error| refused(&error))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        let http = |request: HttpRequest| self.call(request);
        let answer = exchange.request_async(&http).await.map_err(|error| refused(&error))?;
        let token: &CoreIdToken = answer.id_token().ok_or_else(|| refused(&"there is no ID token"))?;
        token
            .claims(&client.id_token_verifier(), &Nonce::new(begun.nonce.clone()))
            .map_err(|error| refused(&error))?;
        // The library knows the standard claims only; the token's text is what was just checked.
        let text = token.to_string();
        let claims = text.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let claims = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        claims.ok_or_else(|| refused(&"the ID token cannot be read"))
    }
}
