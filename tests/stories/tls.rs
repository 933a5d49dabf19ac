//! The HTTP client over real TLS: whom it trusts, and that it shows its certificate to those who ask.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use kith::domain::Private;
use kith::tls::{http_client, install_crypto};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// A certificate authority of the test's own.
struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Self { pem, der, issuer: Issuer::new(params, key) }
    }

    fn certify(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A server of this authority that takes only callers with a certificate of it; answers its address.
    fn serve(&self) -> String {
        install_crypto();
        let mut callers = RootCertStore::empty();
        callers.add(self.der.clone()).unwrap();
        let (certificate, key) = self.certify("localhost");
        let config = ServerConfig::builder()
            .with_client_cert_verifier(WebPkiClientVerifier::builder(callers.into()).build().unwrap())
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
                if tls.read(&mut [0; 4096]).is_ok() {
                    let _ = tls.write_all(b"HTTP/1.1 204 Good\r\nconnection: close\r\n\r\n");
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                }
            }
        });
        address
    }
}

#[tokio::test]
async fn the_client_trusts_the_extra_roots_and_shows_its_certificate() {
    let ours = Authority::new();
    let address = ours.serve();
    let (certificate, key) = ours.certify("kith.test");
    let identity = Private::new(format!("{}{}", certificate.pem(), key.serialize_pem()).into_bytes());
    let roots = Some(ours.pem.as_bytes());

    let known = http_client(roots, Some(&identity), false).unwrap();
    assert_eq!(known.get(&address).send().await.unwrap().status(), 204);
    let nameless = http_client(roots, None, false).unwrap();
    assert!(nameless.get(&address).send().await.is_err(), "the server asks for a certificate");
    let strangers = Authority::new();
    let wary = http_client(Some(strangers.pem.as_bytes()), Some(&identity), false).unwrap();
    assert!(wary.get(&address).send().await.is_err(), "the server is of another authority");
}

#[tokio::test]
async fn plain_http_is_not_spoken_unless_allowed() {
    let error = http_client(None, None, false).unwrap().get("http://127.0.0.1:1/").send().await.unwrap_err();
    assert!(error.is_builder(), "refused before any connection: {error:?}");
}
