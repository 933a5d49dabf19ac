//! `/school/needs`: a school nurse passes on to the school what teachers must know. Written, shown as the school will see it, then sent.
//!
//! Which child and which school is carried from step to step sealed, bound to the person: nobody can put another child there.

mod record;

use actix_web::http::StatusCode;
use actix_web::web::Form;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use record::{fault, record};

use super::page::{Question, look_up, typed_number};
use crate::clock;
use crate::domain::{Private, SchoolUrn};
use crate::message::{Content, Received};
use crate::page::needs::{Preview, Shown, Typed, html};
use crate::page::record::groups;
use crate::pipeline::{Extras, Previewed, Reply, Sought, carry, preview};
use crate::problem::{Category, Problem};
use crate::receive::access::{Door, sender};
use crate::receive::doors::AtDoor;
use crate::receive::follow;
use crate::receive::pages::{RefusedPage, page};
use crate::receive::session::Person;
use crate::route::Partner;
use crate::school::Attended;
use crate::store::Sealed;

/// What is sent.
const KIND: &str = "school-health-needs";

/// What the forms send.
#[derive(Deserialize)]
pub struct Written {
    #[serde(default)]
    token: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    born: String,
    #[serde(default)]
    context: String,
    #[serde(default)]
    step: String,
    #[serde(default)]
    given: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    trained: String,
    #[serde(default)]
    review: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    relationship: String,
}

/// Which child, which school, and the id of the message: the same however often it is sent.
#[derive(Serialize, Deserialize)]
struct Context {
    number: String,
    born: NaiveDate,
    urn: String,
    school: String,
    message: Uuid,
}

/// Begins, shows, changes or sends.
pub async fn post_needs(
    person: Person,
    door: AtDoor,
    request: HttpRequest,
    written: Form<Written>,
) -> Result<HttpResponse, RefusedPage> {
    person.sent(&door, &written.token)?;
    let own = partner(&door, &person)?;
    let context = if written.context.is_empty() {
        begin(&person, &door, &request, &written).await?
    } else {
        open(&door, &person, &written.context)?
    };
    let mut shown = Shown {
        school: context.school.clone(),
        context: seal(&door, &person, &context)?,
        typed: typed(&written),
        faults: vec![],
        preview: None,
        is_sent: false,
        token: person.token.clone(),
        organisation: own.name.clone(),
    };
    let mut status = StatusCode::OK;
    if matches!(written.step.as_str(), "preview" | "send") {
        let record = record(&context, own, &shown.typed, clock::now().date_naive());
        match record {
            Err(faults) => shown.faults = faults,
            Ok(record) if written.step == "send" => {
                send(&door, own, &context, record).await?;
                shown.is_sent = true;
            }
            Ok(record) => match previewed(&door, own, &context, record).await {
                Ok(preview) => shown.preview = Some(preview),
                Err(problem) if problem.category == Category::Invalid => {
                    shown.faults = problem
                        .issues
                        .iter()
                        .map(|issue| fault(issue.expression.as_deref(), &issue.text))
                        .collect();
                }
                Err(problem) => return Err(problem.into()),
            },
        }
        if !shown.faults.is_empty() {
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
    }
    person.seen(&door, page(status, html(&shown)?))
}

fn partner<'d>(door: &'d Door, person: &Person) -> Result<&'d Partner, Problem> {
    let partner = door.house.directory.partner(&person.partner);
    partner.filter(|partner| partner.sends.iter().any(|kind| kind == KIND)).ok_or_else(|| {
        let text = format!("Your organisation is not registered to send '{KIND}'. Ask the operator to add it to the directory.");
        Problem::new(Category::Forbidden, text)
    })
}

/// The child is looked up again: only a child whose school the person may know, at a school that reads what it is sent.
async fn begin(
    person: &Person,
    door: &Door,
    request: &HttpRequest,
    written: &Written,
) -> Result<Context, Problem> {
    let unknown = || Problem::new(Category::BadCall, "Look the child up first, on the page Which school.");
    let number = typed_number(&written.number).map_err(|_| unknown())?;
    let born: NaiveDate = written.born.parse().map_err(|_| unknown())?;
    let context = (number.reveal().to_owned(), born);
    let question = Question { protects: false, reason_given: false };
    let found = look_up(person, door, request, &question, Sought { number, born }).await?;
    let urn = found.answer.place.as_ref().and_then(|place| match &place.attended {
        Attended::School(urn) => Some(urn.clone()),
        _ => None,
    });
    let school = urn.and_then(|urn| Some((reads(door, &urn)?.name.clone(), urn)));
    let (school, urn) = school.ok_or_else(|| {
        let text = "Kith cannot pass anything on to the school of this child: no school is known, or it does not read messages in Kith.";
        Problem::new(Category::BusinessRule, text)
    })?;
    Ok(Context {
        number: context.0,
        born: context.1,
        urn: urn.as_str().to_owned(),
        school,
        message: Uuid::new_v4(),
    })
}

/// The school, if it reads health needs in Kith or by its own system.
pub(super) fn reads<'d>(door: &'d Door, urn: &SchoolUrn) -> Option<&'d Partner> {
    let school = door.house.directory.school(urn)?;
    let receives = school.receiving()?.receives;
    (receives.is_empty() || receives.iter().any(|kind| kind == KIND)).then_some(school)
}

fn seal(door: &Door, person: &Person, context: &Context) -> Result<String, Problem> {
    let plain = serde_json::to_vec(context).map_err(|error| Problem::internal("write a form", &error))?;
    let sealed = door.house.vault.seal(&place(person), &plain);
    Ok(URL_SAFE_NO_PAD.encode(sealed.map_err(|error| Problem::internal("seal a form", &error))?.0))
}

fn open(door: &Door, person: &Person, text: &str) -> Result<Context, Problem> {
    let opened = URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| door.house.vault.open(&place(person), &Sealed(bytes)).ok());
    opened.and_then(|plain| serde_json::from_slice(&plain).ok()).ok_or_else(|| {
        Problem::new(
            Category::BadCall,
            "The form was changed on its way. Look the child up again, and write it anew.",
        )
    })
}

/// The token is new with each session, so that a form of an earlier one counts no more.
fn place(person: &Person) -> String {
    format!("school-needs/{}/{}", person.partner, person.token)
}

fn typed(written: &Written) -> Typed {
    let cut = |text: &str| text.trim().chars().take(4_000).collect::<String>();
    Typed {
        given: cut(&written.given),
        family: cut(&written.family),
        condition: cut(&written.condition),
        what: cut(&written.what),
        trained: cut(&written.trained),
        review: cut(&written.review),
        contact: cut(&written.contact),
        agreed: cut(&written.agreed),
        by: cut(&written.by),
        relationship: cut(&written.relationship),
    }
}

fn received(own: &Partner, context: &Context, record: Value) -> Received {
    Received {
        sender: sender(own),
        message_id: context.message,
        at: clock::now(),
        kind: KIND.to_owned(),
        content: Content::Record(Private::new(record)),
    }
}

async fn previewed(door: &Door, own: &Partner, context: &Context, record: Value) -> Result<Preview, Problem> {
    let all = preview(&door.house, received(own, context, record)).await?;
    let is_school = |one: &Previewed| {
        let partner = door.house.directory.partner(&one.recipient);
        partner.and_then(|partner| partner.urn.as_ref()).is_some_and(|urn| urn.as_str() == context.urn)
    };
    let school = all.iter().find(|one| is_school(one));
    let seen =
        school.and_then(|one| Some((one.body.as_ref()?, one.form.as_deref().unwrap_or(KIND), &one.sentence)));
    let Some((body, form, sentence)) = seen else {
        let why = school.map(|one| one.sentence.clone()).unwrap_or_default();
        let text = format!("The school may not be told this. {why}");
        return Err(Problem::new(Category::BusinessRule, text));
    };
    let kind = door.house.kind(form)?;
    let others =
        all.iter().filter(|one| !is_school(one) && one.body.is_some()).map(|one| one.name.clone()).collect();
    Ok(Preview { groups: groups(kind.schema.json(), body.reveal()), why: sentence.clone(), others })
}

async fn send(door: &Door, own: &Partner, context: &Context, record: Value) -> Result<(), Problem> {
    let body_hash = door.house.vault.digest("body/school/needs", record.to_string().as_bytes());
    let answer =
        Box::new(|_: &[crate::problem::Issue]| Reply { status: 200, headers: vec![], body: Value::Null });
    let extras = Extras { body_hash, flag: None, answer };
    match carry(&door.house, received(own, context, record), extras).await {
        Ok(accepted) => {
            (door.wake)(&accepted.recipients);
            if let Some(child) = &accepted.changed {
                follow::up(door, child, &own.id, None).await;
            }
            Ok(())
        }
        // Sent twice by a hasty finger: it was sent.
        Err(problem) if problem.category == Category::Duplicate => Ok(()),
        Err(problem) => Err(problem),
    }
}
