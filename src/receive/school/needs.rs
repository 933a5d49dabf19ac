//! `/school/needs`: a school nurse passes on to the school what teachers must know. Written, shown as the school will see it, then sent.
//!
//! Which child and which school is carried from step to step sealed, bound to the person: nobody can put another child there.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::{Question, look_up, typed_number};
use crate::clock;
use crate::domain::{Private, SchoolUrn};
use crate::message::{Content, Received};
use crate::page::needs::{Preview, Shown, Typed, html};
use crate::page::record::groups;
use crate::page::school::Fault;
use crate::pipeline::{Extras, Previewed, Reply, Sought, carry, preview};
use crate::problem::{Category, Problem};
use crate::receive::access::{Door, sender};
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
    door: Data<Door>,
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

/// The record, or what is wrong with what was typed.
fn record(context: &Context, own: &Partner, typed: &Typed, today: NaiveDate) -> Result<Value, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut need = |id: &'static str, text: &str, says: &str| {
        if text.is_empty() {
            faults.push(Fault { id, text: says.to_owned() });
        }
    };
    need("family", &typed.family, "Enter the family name.");
    need("condition", &typed.condition, "Enter the condition.");
    need("what", &typed.what, "Say what to do.");
    match typed.agreed.as_str() {
        "agreed" => need("by", &typed.by, "Say who agreed."),
        "nobody" => need(
            "agreed",
            "",
            "Without it nothing can be passed on. Ask the family first. If the child could come to harm, use your safeguarding form; in an emergency call 999.",
        ),
        _ => need("agreed", "", "Say whether the family has agreed."),
    }
    let review = match typed.review.as_str() {
        "" => None,
        text => match typed_day(text).filter(|day| *day >= today) {
            Some(day) => Some(day.to_string()),
            None => {
                faults.push(Fault {
                    id: "review",
                    text: "This is no day to come, such as 1 7 2027.".to_owned(),
                });
                None
            }
        },
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    let name = |given: &str, family: &str| {
        let given: Vec<&str> = given.split_whitespace().collect();
        if given.is_empty() {
            json!({ "family": family })
        } else {
            json!({ "given": given, "family": family })
        }
    };
    let (by_given, by_family) = typed.by.rsplit_once(' ').unwrap_or(("", &typed.by));
    let mut giver = json!({ "name": name(by_given, by_family), "parentalResponsibility": true });
    let mut need = json!({ "condition": typed.condition, "whatToDo": typed.what.replace("\r\n", "\n") });
    let trained: Vec<&str> = typed.trained.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if !trained.is_empty() {
        need["trained"] = json!(trained);
    }
    if let Some(review) = review {
        need["reviewOn"] = json!(review);
    }
    if !typed.contact.is_empty() {
        need["contact"] = json!(typed.contact);
    }
    if !typed.relationship.is_empty() {
        giver["relationship"] = json!(typed.relationship);
    }
    Ok(json!({
        "child": { "nhsNumber": context.number, "name": name(&typed.given, &typed.family), "birthDate": context.born.to_string() },
        "from": { "odsCode": own.ods.as_str(), "name": own.name },
        "needs": [need],
        "consent": {
            "decision": "agreed",
            "givenBy": giver,
            "givenAt": today.to_string(),
            "for": ["name", "birth-date", "health-at-school"],
            "school": { "urn": context.urn, "name": context.school },
        },
    }))
}

/// A day as people type it in one field.
fn typed_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        [day, month, year] => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
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
                follow::up(door, child, &own.id).await;
            }
            Ok(())
        }
        // Sent twice by a hasty finger: it was sent.
        Err(problem) if problem.category == Category::Duplicate => Ok(()),
        Err(problem) => Err(problem),
    }
}

/// The field that a fault of the record leads to.
fn fault(expression: Option<&str>, text: &str) -> Fault {
    let path = expression.unwrap_or_default();
    let fields = [
        ("name.given", "given"),
        ("child.name", "family"),
        ("whatToDo", "what"),
        ("trained", "trained"),
        ("reviewOn", "review"),
        ("contact", "contact"),
        ("relationship", "relationship"),
        ("consent", "by"),
    ];
    let id = fields.iter().find(|(part, _)| path.contains(part)).map_or("condition", |(_, id)| *id);
    Fault { id, text: text.to_owned() }
}
