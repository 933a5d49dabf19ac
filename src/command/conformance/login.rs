//! A token for the system under test, got as Kith gets it: client credentials with a signed assertion.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, from_value};

use super::read;
use crate::clock;
use crate::deliver::token::{PartnerTokens, TokenSettings};
use crate::domain::{PartnerId, Private};
use crate::tls;

#[derive(Args)]
pub(super) struct Login {
    /// The token endpoint at which to get a token that the system takes, as Kith does
    #[arg(long, value_name = "URL", requires_all = ["client_id", "client_key", "kid"], conflicts_with = "token_file")]
    token_url: Option<String>,
    /// The client id by which its provider knows Kith
    #[arg(long, value_name = "ID", requires = "token_url")]
    client_id: Option<String>,
    /// A file with the private key that signs for this client (PEM)
    #[arg(long, value_name = "FILE", requires = "token_url")]
    client_key: Option<PathBuf>,
    /// The name by which the provider finds the public half of the key
    #[arg(long, value_name = "NAME", requires = "token_url")]
    kid: Option<String>,
    /// What to sign with
    #[arg(long, value_parser = ["ES384", "RS384", "RS512"], default_value = "ES384")]
    algorithm: String,
    /// The scope to ask for
    #[arg(long, requires = "token_url")]
    scope: Option<String>,
}

impl Login {
    /// A token, where one is to be got; `roots` are certificate authorities to trust beside the machine's.
    pub(super) async fn token(&self, roots: Option<&[u8]>) -> Result<Option<Private<String>>, String> {
        let (Some(token_endpoint), Some(client_id), Some(key), Some(kid)) =
            (&self.token_url, &self.client_id, &self.client_key, &self.kid)
        else {
            return Ok(None);
        };
        let key_pem =
            String::from_utf8(read(key)?).map_err(|_| format!("{}: it holds no text", key.display()))?;
        let algorithm =
            from_value(Value::String(self.algorithm.clone())).map_err(|error| error.to_string())?;
        let settings = TokenSettings {
            token_endpoint: token_endpoint.clone(),
            client_id: client_id.clone(),
            key_pem: Private::new(key_pem),
            kid: kid.clone(),
            algorithm,
            scope: self.scope.clone(),
            resource: None,
            allow_http: true,
        };
        let http = tls::http_client(roots, None, true).map_err(|error| error.to_string())?;
        let system = PartnerId("the system under test".to_owned());
        let tokens = PartnerTokens::new([(system.clone(), settings)], http).map_err(|bad| bad.to_string())?;
        let token = tokens.token(&system, clock::now()).await;
        token.map(Some).map_err(|error| format!("{token_endpoint}: no token: {error}"))
    }
}
