//! A certificate authority of the tests' own: partners' server certificates, and Kith's client certificate.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// The one authority of a test file.
pub static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);

pub struct Authority {
    /// Its certificate, for those who are to trust it.
    pub pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no names are good names");
        // Named otherwise than what it certifies: OpenSSL takes a certificate whose issuer has its own name for self-signed.
        params.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Self { pem, der, issuer: Issuer::new(params, key) }
    }

    fn certify(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.extended_key_usages = vec![usage];
        (params.signed_by(&key, &self.issuer).expect("a certificate"), key)
    }

    /// A client's certificate and key, in PEM.
    pub fn client(&self, name: &str) -> (String, String) {
        let (certificate, key) = self.certify(name, ExtendedKeyUsagePurpose::ClientAuth);
        (certificate.pem(), key.serialize_pem())
    }

    /// The same for a server on this machine.
    pub fn server_pem(&self) -> (String, String) {
        let (certificate, key) = self.certify("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        (certificate.pem(), key.serialize_pem())
    }

    /// What a server on this machine needs; it may ask its callers for a certificate of this authority.
    pub fn server(&self, asks_certificate: bool) -> ServerConfig {
        let (certificate, key) = self.certify("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let builder = ServerConfig::builder();
        let builder = if asks_certificate {
            let mut callers = RootCertStore::empty();
            callers.add(self.der.clone()).expect("a root");
            let verifier = WebPkiClientVerifier::builder(Arc::new(callers)).build().expect("a verifier");
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        builder.with_single_cert(vec![certificate.der().clone()], key).expect("a server's certificate")
    }
}
