//! How Kith speaks to others: one TLS library, one HTTP client, and the rule for which addresses may be called.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, Response, Url};

use crate::domain::Private;

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest wait for a whole answer; callers may set a shorter one for each request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Longest idleness after which a connection is used again. Many servers close one that was idle for 5 seconds (Node.js, Apache), and a
/// request that meets that moment is lost: whether it arrived nobody knows.
const IDLE: Duration = Duration::from_secs(4);

/// Why a call outwards could not be prepared or read.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address may not be called.
    #[error("the address must be https (http is for a loopback host, and only when allowed)")]
    Address,
    /// The file holds no certificate, or one that cannot be read.
    #[error("the extra root certificates are not PEM certificates")]
    Roots,
    /// The client certificate and its key cannot be read together.
    #[error("the client certificate for mTLS is not a PEM certificate chain with its PKCS#8 key")]
    Identity,
    /// The answer is larger than Kith reads.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The call failed: no connection, a timeout, a broken answer.
    #[error("the call failed: {0}")]
    Failed(#[from] reqwest::Error),
}

/// Makes ring the process's provider of cryptography for rustls. Call it once at the start; a second call does nothing.
///
/// Without it the first TLS connection fails: rustls takes no provider by itself when a program could have several.
pub fn install_crypto() {
    // The error says only that a provider is installed already, which is what we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The HTTP client for calls to identity providers and partners.
///
/// It follows no redirects (a redirect would take a credential elsewhere), waits within limits and, unless
/// `allow_http`, refuses plain http altogether. Which host may be called by http is held by [`check_address`].
///
/// `extra_roots_pem` are certificate authorities trusted beside the system's; `identity` is the certificate chain and
/// PKCS#8 key that Kith shows to those who ask for one (mTLS), in one PEM text.
///
/// # Errors
/// When a PEM text cannot be read, or TLS cannot be set up.
pub fn http_client(
    extra_roots_pem: Option<&[u8]>,
    identity: Option<&Private<Vec<u8>>>,
    allow_http: bool,
) -> Result<Client, HttpError> {
    install_crypto();
    #[allow(clippy::disallowed_methods)] // The one place that makes clients.
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .pool_idle_timeout(IDLE)
        .https_only(!allow_http)
        .user_agent(concat!("kith/", env!("CARGO_PKG_VERSION")));
    if let Some(pem) = extra_roots_pem {
        let roots = Certificate::from_pem_bundle(pem).map_err(|_| HttpError::Roots)?;
        if roots.is_empty() {
            return Err(HttpError::Roots);
        }
        builder = builder.tls_certs_merge(roots);
    }
    if let Some(pem) = identity {
        builder = builder.identity(Identity::from_pem(pem.reveal()).map_err(|_| HttpError::Identity)?);
    }
    Ok(builder.build()?)
}

/// Parses an address and checks that it may be called: https, or http to a loopback host when that is allowed.
///
/// # Errors
/// When it is not an address, carries a user name, or is plain http to anywhere else.
pub fn check_address(address: &str, allow_http: bool) -> Result<Url, HttpError> {
    let url = Url::parse(address).map_err(|_| HttpError::Address)?;
    let plain = match url.scheme() {
        "https" => false,
        "http" => true,
        _ => return Err(HttpError::Address),
    };
    if !url.username().is_empty() || url.password().is_some() || (plain && !(allow_http && is_loopback(&url)))
    {
        return Err(HttpError::Address);
    }
    Ok(url)
}

/// Whether a PostgreSQL database may be used at this address: on this machine, or over TLS with a server that is known
/// (`sslmode=verify-full`, <https://www.postgresql.org/docs/current/libpq-ssl.html>).
pub fn is_safe_database(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let says = |name: &str, value: &dyn Fn(&str) -> bool| {
        url.query_pairs().any(|(key, said)| key == name && value(&said))
    };
    let is_socket = says("host", &|host| host.starts_with('/'));
    is_socket || is_loopback(&url) || says("sslmode", &|mode| mode == "verify-full")
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Reads an answer to its end, but never more than `limit` bytes, whatever the other side says its length is.
///
/// # Errors
/// When the answer is larger, or breaks off.
pub async fn read_bounded(mut response: Response, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_and_only_when_allowed() {
        for good in
            ["https://login.example/realm", "http://127.0.0.1:9", "http://[::1]:9/x", "http://localhost"]
        {
            assert!(check_address(good, true).is_ok(), "{good}");
        }
        for bad in [
            "http://login.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "https://user@login.example",
            "file:///etc/hosts",
            "login.example",
        ] {
            assert!(check_address(bad, true).is_err(), "{bad}");
        }
        assert!(check_address("http://127.0.0.1:9", false).is_err());
    }

    #[test]
    fn a_database_elsewhere_is_spoken_to_over_tls_and_must_be_known() {
        for good in [
            "postgres://kith@127.0.0.1:5432/kith",
            "postgres://kith@localhost/kith",
            "postgres://kith@db.example/kith?sslmode=verify-full",
            "postgres:///kith?host=/run/postgresql",
        ] {
            assert!(is_safe_database(good), "{good}");
        }
        for bad in [
            "postgres://kith@db.example/kith",
            "postgres://kith@db.example/kith?sslmode=require",
            "postgres://kith@10.0.0.1/kith?sslmode=prefer",
            "kith",
        ] {
            assert!(!is_safe_database(bad), "{bad}");
        }
    }

    #[test]
    fn a_client_is_built_with_roots_and_an_identity_or_says_what_is_wrong() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let roots = made.cert.pem();
        let identity = Private::new(format!("{roots}{}", made.signing_key.serialize_pem()).into_bytes());
        assert!(http_client(Some(roots.as_bytes()), Some(&identity), false).is_ok());
        assert!(matches!(http_client(Some(b"no certificate"), None, false), Err(HttpError::Roots)));
        let half = Private::new(roots.clone().into_bytes());
        assert!(matches!(http_client(None, Some(&half), false), Err(HttpError::Identity)));
    }
}
