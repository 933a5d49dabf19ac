//! E-mail by SMTP, with TLS and a time-out.

use std::fmt;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::HeraldError;
use crate::domain::Private;

/// The longest time for one letter.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// STARTTLS, required.
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// None.
    Plain,
}

/// A mail server.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

impl Mail {
    /// A mail server at a host and port, and from whom what it sends is. `roots` are authorities that are trusted besides the system's
    /// (PEM); `login` is a user and password.
    ///
    /// # Errors
    /// When the address or the authorities cannot be read.
    pub fn new(
        (host, port): (&str, u16),
        security: Security,
        roots: Option<&[u8]>,
        login: Option<(String, Private<String>)>,
        from: &str,
    ) -> Result<Self, HeraldError> {
        let from = from.parse().map_err(|_| HeraldError::Address)?;
        let tls = match security {
            Security::Plain => Tls::None,
            Security::Starttls => Tls::Required(parameters(host, roots)?),
            Security::Implicit => Tls::Wrapper(parameters(host, roots)?),
        };
        // "Dangerous" is only that TLS is not chosen by it: it is chosen above.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.into_inner()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Whether that is an address to which a letter can be sent.
    pub fn can_send_to(address: &Private<String>) -> bool {
        mailbox(address).is_ok()
    }

    /// Sends a letter to several at once; it is taken for all of them or for none.
    pub(super) async fn send(
        &self,
        to: &[Private<String>],
        subject: &str,
        text: String,
    ) -> Result<(), HeraldError> {
        let mut builder: MessageBuilder = Message::builder().from(self.from.clone()).subject(subject);
        for address in to {
            builder = builder.to(mailbox(address)?);
        }
        let message = builder.header(ContentType::TEXT_PLAIN).body(text).map_err(|_| HeraldError::Address)?;
        let sending = self.transport.send(message);
        match tokio::time::timeout(TIMEOUT, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(HeraldError::Mail(reason(&error))),
            Err(_) => Err(HeraldError::Mail("it did not answer in time")),
        }
    }
}

/// An address as the mail server is given it.
fn mailbox(address: &Private<String>) -> Result<Mailbox, HeraldError> {
    address.reveal().parse().map_err(|_| HeraldError::Address)
}

fn parameters(host: &str, roots: Option<&[u8]>) -> Result<TlsParameters, HeraldError> {
    let tls = |error: lettre::transport::smtp::Error| HeraldError::Tls(error.to_string());
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = roots {
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(tls)?);
    }
    builder.build_rustls().map_err(tls)
}

fn reason(error: &lettre::transport::smtp::Error) -> &'static str {
    if error.is_permanent() {
        "it refused it for good"
    } else if error.is_transient() {
        "it refused it for now"
    } else if error.is_tls() {
        "TLS failed"
    } else if error.is_timeout() {
        "it did not answer in time"
    } else {
        "it cannot be reached"
    }
}
