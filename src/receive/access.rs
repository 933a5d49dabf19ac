//! Who is at the door: a bearer token becomes a `Caller`, a registered partner with its scopes, or the request ends here.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use tokio::sync::Semaphore;

use super::caller::{Issuers, Refusal, Scopes, Verb, bearer};
use super::doors::AtDoor;
use super::outcome::Refused;
use super::school::LookUps;
use super::session::SignIn;
use crate::catalogue::Kind;
use crate::clock;
use crate::config::Settings;
use crate::domain::PartnerId;
use crate::message::Sender;
use crate::pipeline::{House, Sources};
use crate::problem::{Category, Problem};
use crate::route::Partner;

/// Wakes the workers of these recipients. The door does not know who delivers.
pub type Wake = Box<dyn Fn(&[PartnerId]) + Send + Sync>;

/// What every handler works with.
pub struct Door {
    /// What messages are judged by.
    pub house: Arc<House>,
    /// Identity providers.
    pub issuers: Arc<Issuers>,
    /// Settings.
    pub settings: Settings,
    /// Where people sign in.
    pub sign_in: SignIn,
    /// Partners that can be asked for what they hold.
    pub sources: Arc<dyn Sources>,
    /// How many children each caller asked about.
    pub look_ups: Arc<LookUps>,
    /// Called after a message was accepted.
    pub wake: Wake,
    /// Turns for checks that were asked for by themselves: they must not keep messages waiting.
    pub validations: Semaphore,
}

/// A caller whose token was checked and who is in the directory.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As the pipeline knows it.
    pub sender: Sender,
    /// The kinds it may send.
    pub sends: Vec<String>,
    /// The resources it may put on file.
    pub keeps: Vec<String>,
    /// The partner, and those whose part it took over.
    writes_as: Vec<PartnerId>,
    scopes: Scopes,
}

/// The caller of a request that came as a part of another, whose token was checked there. No header can say it.
pub(super) struct Known(pub Rc<Caller>);

impl FromRequest for Caller {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        let known = request.extensions().get::<Known>().map(|known| Self::clone(&known.0));
        Box::pin(async move {
            if let Some(known) = known {
                return Ok(known);
            }
            let door = AtDoor::of(&request);
            let door = door.ok_or_else(|| Problem::internal("find its own parts", &"no door"))?;
            let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
            let token = bearer(header).map_err(refuse)?;
            let token = door.issuers.verify(token, clock::now()).await.map_err(refuse)?;
            let Some(partner) = door.house.directory.by_client(&token.issuer, &token.client_id) else {
                let text = "The token is good, but its client is not a partner in Kith's directory. Ask the operator to register it.";
                return Err(Problem::new(Category::Forbidden, text).into());
            };
            let (sends, keeps) = (partner.sends.clone(), partner.keeps.clone());
            let writes_as = door.house.directory.acts_for(&partner.id);
            Ok(Self { sender: sender(partner), sends, keeps, writes_as, scopes: token.scopes })
        })
    }
}

/// A partner as the pipeline knows it.
pub(super) fn sender(partner: &Partner) -> Sender {
    Sender {
        partner: partner.id.clone(),
        role: partner.role,
        organisation: partner.ods.clone(),
        name: partner.name.clone(),
    }
}

fn refuse(refusal: Refusal) -> Refused {
    let challenge = refusal.www_authenticate();
    Refused { problem: refusal.into(), challenge }
}

impl Caller {
    /// Goes on only when the token's scopes cover this.
    pub fn may(&self, resource_type: &str, verb: Verb) -> Result<(), Refused> {
        if self.scopes.allows(resource_type, verb) {
            return Ok(());
        }
        let scope = format!("system/{resource_type}.{}", verb.letter());
        let text = format!(
            "The token's scope does not allow this; it needs {scope}. Ask the identity provider for a token with that scope."
        );
        let problem = Problem::new(Category::Forbidden, text);
        Err(Refused { problem, challenge: Some(Scopes::challenge(resource_type, verb)) })
    }

    /// Whether something on file is its own, or was of a partner whose part it took over.
    pub fn wrote(&self, author: &PartnerId) -> bool {
        self.writes_as.contains(author)
    }

    /// The partner, and those whose part it took over.
    pub fn writes_as(&self) -> &[PartnerId] {
        &self.writes_as
    }

    /// Goes on only when the directory lets the partner send this kind.
    pub fn may_send(&self, kind: &str) -> Result<(), Refused> {
        if self.sends.iter().any(|known| known == kind) {
            return Ok(());
        }
        let text = format!(
            "This partner is not registered to send '{kind}'. Ask the operator to add it to the directory."
        );
        Err(Problem::new(Category::Forbidden, text).into())
    }

    /// Goes on only when token and directory let the partner send this kind: to those around a child, or onto a register.
    pub fn may_submit(&self, kind: &Kind) -> Result<(), Refused> {
        if let Some(register) = kind.mapping.register {
            self.may("Patient", Verb::Update)?;
            return self.may_keep(register.name());
        }
        self.may("Bundle", Verb::Create)?;
        self.may_send(&kind.name)
    }

    /// Goes on only when the directory lets the partner put this resource on file: a recipient must not be able to write
    /// the consent by which it receives.
    pub fn may_keep(&self, resource_type: &str) -> Result<(), Refused> {
        if self.keeps.iter().any(|known| known == resource_type) {
            return Ok(());
        }
        let text = format!(
            "This partner is not registered to keep '{resource_type}'. Ask the operator to add it to 'keeps' in the directory."
        );
        Err(Problem::new(Category::Forbidden, text).into())
    }
}
