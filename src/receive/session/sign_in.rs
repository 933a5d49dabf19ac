//! `GET /sign-in`, `GET /signed-in`, `POST /sign-out`: to the identity provider and back, and away again.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{Form, Query};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::provider::Begun;
use super::{Person, SESSION, SIGNING_IN, Session, gone, read, write};
use crate::clock;
use crate::domain::Role;
use crate::problem::{Category, Problem};
use crate::receive::access::Door;
use crate::receive::doors::AtDoor;
use crate::receive::pages::RefusedPage;
use crate::route::Partner;

/// How long somebody may take at the identity provider.
const SIGNING_IN_MINUTES: i64 = 10;
/// Pages to which signing in leads back; an address from outside is never followed.
const PAGES: &[&str] =
    &["/who-was-told", "/school", "/school/reviews", "/inbox", "/inbox/cards", "/births", "/operations"];

/// Where somebody wanted to go.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    to: String,
}

/// What is kept while somebody is at the identity provider.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    begun: Begun,
    to: String,
}

/// Sends the person to the identity provider.
pub async fn get_sign_in(door: AtDoor, wanted: Query<Wanted>) -> Result<HttpResponse, RefusedPage> {
    if !door.sign_in.is_offered() {
        let text = "Nobody can sign in here: the operator has not set an identity provider for people (sign_in.issuer).";
        return Err(Problem::new(Category::NotFound, text).into());
    }
    let to = PAGES.iter().find(|page| **page == wanted.to).copied().unwrap_or("/");
    let (url, begun) = door.sign_in.begin().await?;
    let kept = Kept { begun, to: to.to_owned() };
    let cookie = write(&door, SIGNING_IN, &kept, TimeDelta::minutes(SIGNING_IN_MINUTES))?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, url)).cookie(cookie).finish())
}

/// With what the identity provider sends the person back.
#[derive(Debug, Deserialize)]
pub struct Back {
    code: Option<String>,
    state: Option<String>,
}

/// The person comes back: who they are is asked, and a session begins.
pub async fn get_signed_in(
    door: AtDoor,
    request: HttpRequest,
    back: Query<Back>,
) -> Result<HttpResponse, RefusedPage> {
    let lost = || {
        let text = "Signing in was not begun here, or took too long. Open the page that you wanted again.";
        Problem::new(Category::Login, text)
    };
    let kept: Kept = read(&door, &request, SIGNING_IN).ok_or_else(lost)?;
    if back.state.as_deref() != Some(kept.begun.state.as_str()) {
        return Err(lost().into());
    }
    let code = back.code.as_deref().ok_or_else(|| {
        Problem::new(
            Category::Login,
            "The identity provider did not let you in. Ask whoever manages your account.",
        )
    })?;
    let claims = door.sign_in.finish(code, &kept.begun).await?;
    let partner = partner(&door, &claims).ok_or_else(|| {
        let text = "You are known to the identity provider, but not to Kith: your organisation, in the part that you have there, is not in \
            Kith's directory. Ask the operator.";
        Problem::new(Category::Forbidden, text)
    })?;
    let now = clock::now();
    let session = Session {
        partner: partner.id.clone(),
        role: partner.role,
        subject: claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned(),
        since: now,
        seen: now,
        token: Uuid::new_v4().simple().to_string(),
    };
    let session = write(&door, SESSION, &session, TimeDelta::hours(door.settings.sign_in.longest_hours))?;
    let mut answer = HttpResponse::SeeOther();
    Ok(answer.insert_header((LOCATION, kept.to)).cookie(session).cookie(gone(&door, SIGNING_IN)).finish())
}

/// The partner of the directory for which the claims say that the person acts: organisation and role must both be there.
fn partner<'d>(door: &'d Door, claims: &Value) -> Option<&'d Partner> {
    let settings = &door.settings.sign_in;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str);
    let organisation = claim(&settings.organisation_claim)?;
    let role: Role = settings.roles.get(claim(&settings.role_claim)?)?.parse().ok()?;
    door.house
        .directory
        .partners()
        .find(|partner| partner.ods.as_str() == organisation && partner.role == role)
}

/// What a form to sign out brings.
#[derive(Debug, Deserialize)]
pub struct Leaving {
    #[serde(default)]
    token: String,
}

/// Ends the session, here and for whoever holds a copy of its cookie.
pub async fn post_sign_out(
    person: Person,
    door: AtDoor,
    form: Form<Leaving>,
) -> Result<HttpResponse, RefusedPage> {
    person.sent(&door, &form.token)?;
    person.leaves(&door).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/")).cookie(gone(&door, SESSION)).finish())
}
