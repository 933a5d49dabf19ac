//! People who signed in: a sealed cookie holds who they are, so that every replica knows them and the store need not.
//!
//! A person acts for one partner of the directory. The cookie is bound to Kith by its key, ends when it is not used for a while and at
//! the latest after some hours, or when its person signs out (of that the store knows, so that a copy of it ends too), and is `HttpOnly`, `SameSite=Lax` and, over TLS, `Secure` with the prefix `__Host-`.

mod provider;
mod sign_in;

pub use provider::SignIn;
pub use sign_in::{get_sign_in, get_signed_in, post_sign_out};

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::access::Door;
use super::doors::AtDoor;
use super::pages::RefusedPage;
use crate::clock;
use crate::domain::{PartnerId, Role};
use crate::pipeline::unavailable;
use crate::problem::{Category, Problem};
use crate::store::Sealed;

/// Names of the cookies: of a session, and of signing in while it lasts.
const SESSION: &str = "kith-session";
const SIGNING_IN: &str = "kith-signing-in";

/// What the cookie of a session holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Session {
    partner: PartnerId,
    role: Role,
    /// The person at the identity provider (`sub`), for the journal.
    subject: String,
    since: DateTime<Utc>,
    seen: DateTime<Utc>,
    /// Stands in every form: a page elsewhere that sends a form in the person's name does not know it.
    token: String,
}

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The partner for which they act.
    pub partner: PartnerId,
    /// What that partner is.
    pub role: Role,
    /// What every form must bring along.
    pub token: String,
    session: Session,
}

/// Why nobody is known to be here.
#[derive(Debug)]
pub enum Nobody {
    /// Nobody has signed in, or it was too long ago: the way to sign in, and back.
    Stranger {
        /// The page that was asked for.
        to: String,
    },
    /// Whether they signed out cannot be told.
    Unknown(RefusedPage),
}

impl std::fmt::Display for Nobody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stranger { .. } => f.write_str("nobody has signed in"),
            Self::Unknown(refused) => refused.fmt(f),
        }
    }
}

impl actix_web::ResponseError for Nobody {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Stranger { to } => {
                HttpResponse::SeeOther().insert_header((LOCATION, format!("/sign-in?to={to}"))).finish()
            }
            Self::Unknown(refused) => refused.error_response(),
        }
    }
}

impl FromRequest for Person {
    type Error = Nobody;
    type Future = LocalBoxFuture<'static, Result<Self, Nobody>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let to = request.path().to_owned();
        let known = AtDoor::of(request).and_then(|door| Some((person(&door, request, clock::now())?, door)));
        Box::pin(async move {
            let Some((person, door)) = known else { return Err(Nobody::Stranger { to }) };
            match door.house.sessions.is_signed_out(&person.session.name(&door)).await {
                Ok(false) => Ok(person),
                Ok(true) => Err(Nobody::Stranger { to }),
                Err(error) => Err(Nobody::Unknown(unavailable(&error).into())),
            }
        })
    }
}

impl Session {
    /// By what the store knows it.
    fn name(&self, door: &Door) -> String {
        door.house.vault.digest("session", self.token.as_bytes())
    }
}

/// Who the cookie says that it is, if it still counts and the partner still is what it was.
fn person(door: &Door, request: &HttpRequest, now: DateTime<Utc>) -> Option<Person> {
    let session: Session = read(door, request, SESSION)?;
    let settings = &door.settings.sign_in;
    let idle = TimeDelta::minutes(settings.idle_minutes);
    let longest = TimeDelta::hours(settings.longest_hours);
    let counts =
        |since: DateTime<Utc>, at_most: TimeDelta| (TimeDelta::zero()..=at_most).contains(&(now - since));
    let partner = door.house.directory.partner(&session.partner)?;
    (counts(session.seen, idle) && counts(session.since, longest) && partner.role == session.role).then(
        || Person {
            partner: session.partner.clone(),
            role: session.role,
            token: session.token.clone(),
            session,
        },
    )
}

impl Person {
    /// The person's name at the identity provider (`sub`).
    pub fn subject(&self) -> &str {
        &self.session.subject
    }

    /// For the journal: one at the organisation that the entry names, who is known there.
    pub fn in_words(&self) -> String {
        format!("a person ({} at the identity provider) ", self.subject())
    }

    /// Goes on only when the form came from a page of Kith's that this person saw.
    pub fn sent(&self, door: &Door, token: &str) -> Result<(), RefusedPage> {
        // Hashes are compared, so that the time that it takes tells nothing of the token.
        let hashed = |token: &str| door.house.vault.digest("form-token", token.as_bytes());
        if hashed(token) == hashed(&self.token) {
            return Ok(());
        }
        let text = "The form did not come from a page that you opened here. Open the page again, and send it from there.";
        Err(Problem::new(Category::Forbidden, text).into())
    }

    /// Ends the session, wherever its cookie may have been copied to.
    pub async fn leaves(&self, door: &Door) -> Result<(), RefusedPage> {
        let ended = door.house.sessions.sign_out(&self.session.name(door), clock::now()).await;
        ended.map_err(|error| unavailable(&error).into())
    }

    /// The answer, with the cookie that says that the person was here just now.
    pub fn seen(&self, door: &Door, mut answer: HttpResponse) -> Result<HttpResponse, RefusedPage> {
        let session = Session { seen: clock::now(), ..self.session.clone() };
        let cookie = write(door, SESSION, &session, TimeDelta::hours(door.settings.sign_in.longest_hours))?;
        answer.add_cookie(&cookie).map_err(|error| Problem::internal("set a cookie", &error))?;
        Ok(answer)
    }
}

/// Whether people reach Kith by TLS; without it cookies cannot be kept to it.
fn is_secure(door: &Door) -> bool {
    door.settings.server.public_url.starts_with("https://")
}

fn name(door: &Door, name: &str) -> String {
    if is_secure(door) { format!("__Host-{name}") } else { name.to_owned() }
}

fn read<T: DeserializeOwned>(door: &Door, request: &HttpRequest, kind: &str) -> Option<T> {
    let cookie = request.cookie(&name(door, kind))?;
    let sealed = Sealed(URL_SAFE_NO_PAD.decode(cookie.value()).ok()?);
    serde_json::from_slice(&door.house.vault.open(&format!("cookie/{kind}"), &sealed).ok()?).ok()
}

fn write(
    door: &Door,
    kind: &str,
    value: &impl Serialize,
    lasts: TimeDelta,
) -> Result<Cookie<'static>, Problem> {
    let plain = serde_json::to_vec(value).map_err(|error| Problem::internal("write a cookie", &error))?;
    let sealed = door.house.vault.seal(&format!("cookie/{kind}"), &plain);
    let sealed = sealed.map_err(|error| Problem::internal("seal a cookie", &error))?;
    Ok(cookie(door, kind, URL_SAFE_NO_PAD.encode(sealed.0), lasts))
}

fn cookie(door: &Door, kind: &str, value: String, lasts: TimeDelta) -> Cookie<'static> {
    Cookie::build(name(door, kind), value)
        .path("/")
        .secure(is_secure(door))
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::seconds(lasts.num_seconds()))
        .finish()
}

/// A cookie that takes another's place and ends at once.
fn gone(door: &Door, kind: &str) -> Cookie<'static> {
    cookie(door, kind, String::new(), TimeDelta::zero())
}
