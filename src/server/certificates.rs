//! TLS for the doors and for calls to partners, from the PEM files that the settings name.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};

use super::fault;
use crate::config::{Config, Fault};
use crate::domain::Private;
use crate::tls;

/// The certificate that the doors show, with its key. It can be changed while they are open: whoever is connected stays so, and whoever
/// comes next is shown the new one.
#[derive(Debug)]
pub(super) struct Shown(RwLock<Arc<CertifiedKey>>);

impl Shown {
    /// What the files hold now.
    pub(super) fn read(config: &Config) -> Result<Self, Vec<Fault>> {
        Ok(Self(RwLock::new(Arc::new(certified(config)?))))
    }

    /// Shows another one from now on.
    pub(super) fn show(&self, certified: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certified);
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// The certificate of the doors and its key, which must fit it.
pub(super) fn certified(config: &Config) -> Result<CertifiedKey, Vec<Fault>> {
    let settings = &config.settings.server;
    let chain = certificates("server.tls_certificate", &read(config, &settings.tls_certificate)?)?;
    let key = PrivateKeyDer::from_pem_slice(&read(config, &settings.tls_key)?)
        .map_err(|error| fault("server.tls_key", &error))?;
    CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider())
        .map_err(|error| fault("server.tls_certificate", &error))
}

/// The doors' TLS; with client authorities, a caller must show a certificate of theirs.
pub(super) fn server(config: &Config, shown: Arc<Shown>) -> Result<ServerConfig, Vec<Fault>> {
    let settings = &config.settings.server;
    let builder = ServerConfig::builder();
    let builder = if settings.tls_client_authorities.is_empty() {
        builder.with_no_client_auth()
    } else {
        let mut roots = RootCertStore::empty();
        for authority in
            certificates("server.tls_client_authorities", &read(config, &settings.tls_client_authorities)?)?
        {
            roots.add(authority).map_err(|error| fault("server.tls_client_authorities", &error))?;
        }
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
        builder.with_client_cert_verifier(
            verifier.map_err(|error| fault("server.tls_client_authorities", &error))?,
        )
    };
    Ok(builder.with_cert_resolver(shown))
}

/// The one HTTP client, for identity providers and partners.
pub(super) fn client(config: &Config) -> Result<reqwest::Client, Vec<Fault>> {
    let security = &config.settings.security;
    let roots = if security.trusted_authorities.is_empty() {
        None
    } else {
        Some(read(config, &security.trusted_authorities)?)
    };
    let identity = if security.client_certificate.is_empty() {
        None
    } else {
        let mut pem = read(config, &security.client_certificate)?;
        pem.push(b'\n');
        pem.extend(read(config, &security.client_key)?);
        Some(Private::new(pem))
    };
    let client = tls::http_client(roots.as_deref(), identity.as_ref(), security.allow_http_loopback);
    client.map_err(|error| fault("security", &error))
}

fn read(config: &Config, setting: &str) -> Result<Vec<u8>, Vec<Fault>> {
    let path = config.path(setting);
    std::fs::read(&path).map_err(|error| {
        vec![Fault { file: path.display().to_string(), line: 0, text: format!("cannot be read: {error}") }]
    })
}

fn certificates(setting: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Vec<Fault>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|error| fault(setting, &error))?;
    if chain.is_empty() { Err(fault(setting, &"the file holds no certificate")) } else { Ok(chain) }
}
