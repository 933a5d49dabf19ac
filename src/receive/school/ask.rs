//! `GET|POST /fhir/Patient/$school`: which school does this child attend? One child, or a list of up to five hundred.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::parts;
use crate::clock;
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber, Purpose};
use crate::message::Sender;
use crate::pipeline::{Asking, FoundSchool, Sought, which_school};
use crate::problem::{Category, Issue, Problem};
use crate::receive::access::Caller;
use crate::receive::body;
use crate::receive::caller::Verb;
use crate::receive::doors::AtDoor;
use crate::receive::headers;
use crate::receive::outcome::{FHIR_JSON, Refused, fhir};
use crate::receive::search;
use crate::school::Status;

/// The most children in one list.
const CHILDREN_MAX: usize = 500;
/// So many of a list are decided, journalled and answered at a time.
const AT_ONCE: usize = 50;

/// What was asked.
struct Question {
    children: Vec<Sought>,
    /// Whether they came as a list, and are answered as one.
    is_list: bool,
    purpose: Purpose,
    reason_given: bool,
}

/// One child, in the query.
pub async fn get_school(caller: Caller, door: AtDoor, request: HttpRequest) -> Result<HttpResponse, Refused> {
    caller.may("Patient", Verb::Read)?;
    let parameters = search::parameters(&request, &["nhs-number", "birthdate", "purpose", "reason"])?;
    let value =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let wrong = |text: String| Problem::new(Category::BadSearch, text);
    let question = Question {
        children: vec![sought(value("nhs-number"), value("birthdate")).map_err(wrong)?],
        is_list: false,
        purpose: purpose(value("purpose")).map_err(wrong)?,
        reason_given: value("reason").is_some_and(|reason| !reason.trim().is_empty()),
    };
    answer(&caller, door, &request, question).await
}

/// One child or a list of them, in Parameters.
pub async fn post_school(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Patient", Verb::Read)?;
    let body = body::read(&door, &request, payload).await?;
    let question = read(&body.value)?;
    answer(&caller, door, &request, question).await
}

fn sought(number: Option<&str>, born: Option<&str>) -> Result<Sought, String> {
    let number = number.ok_or("Say whose: nhs-number is missing.")?;
    let number: NhsNumber = number.parse().map_err(|error| format!("nhs-number: {error}."))?;
    let born = born.ok_or("Say whose: birthdate is missing; both must be right.")?;
    let born: NaiveDate = born.parse().map_err(|_| "birthdate is a day, such as 2020-03-02.")?;
    Ok(Sought { number, born })
}

fn purpose(text: Option<&str>) -> Result<Purpose, String> {
    text.map_or(Ok(Purpose::DirectCare), |text| {
        text.parse().map_err(|_| "purpose is direct-care or safeguarding.".to_owned())
    })
}

/// Parameters: `nhs-number` and `birthdate`, or several `child` with these as parts.
fn read(body: &Value) -> Result<Question, Problem> {
    let mut issues = Vec::new();
    if body["resourceType"] != "Parameters" {
        issues.push(Issue::error("structure", "This address takes Parameters.").at("resourceType"));
    }
    let empty = Vec::new();
    let given = body["parameter"].as_array().unwrap_or(&empty);
    let named = |name: &'static str| given.iter().filter(move |one| one["name"] == name);
    let known = ["nhs-number", "birthdate", "child", "purpose", "reason"];
    for (index, one) in given.iter().enumerate() {
        if !one["name"].as_str().is_some_and(|name| known.contains(&name)) {
            let text = format!("There is no such parameter here. Known: {}.", known.join(", "));
            issues.push(Issue::error("value", text).at(format!("Parameters.parameter[{index}].name")));
        }
    }
    let list: Vec<&Value> = named("child").collect();
    if list.len() > CHILDREN_MAX {
        let text = format!("At most {CHILDREN_MAX} children can be asked about at once. Send several lists.");
        return Err(Problem::new(Category::TooLarge, text));
    }
    let mut children = Vec::new();
    let mut take = |parts: &[Value], place: String| match child(parts) {
        Ok(child) => children.push(child),
        Err(text) => issues.push(Issue::error("value", text).at(place)),
    };
    if list.is_empty() {
        take(given, "Parameters.parameter".to_owned());
    }
    for (index, one) in given.iter().enumerate().filter(|(_, one)| one["name"] == "child") {
        take(one["part"].as_array().unwrap_or(&empty), format!("Parameters.parameter[{index}]"));
    }
    let text = |name: &'static str| named(name).next().and_then(text);
    let purpose = purpose(text("purpose").as_deref()).map_err(|text| {
        issues.push(Issue::error("value", text).at("Parameters.parameter"));
    });
    let reason_given = text("reason").is_some_and(|reason| !reason.trim().is_empty());
    match purpose {
        Ok(purpose) if issues.is_empty() => {
            Ok(Question { children, is_list: !list.is_empty(), purpose, reason_given })
        }
        _ => Err(Problem::with(Category::Invalid, issues)),
    }
}

fn child(parts: &[Value]) -> Result<Sought, String> {
    let value = |name: &str| parts.iter().find(|one| one["name"] == name).and_then(text);
    sought(value("nhs-number").as_deref(), value("birthdate").as_deref())
}

/// A parameter's value as text: an Identifier's is its value, with the system of NHS numbers or none.
fn text(parameter: &Value) -> Option<String> {
    let identifier = &parameter["valueIdentifier"];
    let own = identifier["system"].is_null() || identifier["system"] == NHS_NUMBER_SYSTEM;
    let simple = ["valueString", "valueCode", "valueDate"].iter().find_map(|key| parameter[*key].as_str());
    simple.or_else(|| identifier["value"].as_str().filter(|_| own)).map(str::to_owned)
}

async fn answer(
    caller: &Caller,
    door: AtDoor,
    request: &HttpRequest,
    question: Question,
) -> Result<HttpResponse, Refused> {
    let at = clock::now();
    door.look_ups.ask(caller.sender.partner.as_str(), question.children.len(), at)?;
    let lists = Lists {
        sender: caller.sender.clone(),
        purpose: question.purpose,
        reason_given: question.reason_given,
        request_id: headers::of(request).id,
        at,
        door,
    };
    if !question.is_list {
        let found = lists.ask(&question.children).await?;
        let parameters: Vec<Value> = found.iter().flat_map(|one| parts(one, at.date_naive())).collect();
        return Ok(fhir(StatusCode::OK, &json!({ "resourceType": "Parameters", "parameter": parameters })));
    }
    // The first are answered before anything is sent, so that what refuses all of them still has its status.
    let mut children = question.children.into_iter();
    let first = lists.text(&children.by_ref().take(AT_ONCE).collect::<Vec<_>>(), true).await?;
    let rest: Vec<Sought> = children.collect();
    let body =
        stream::unfold((lists, Some(first), rest.into_iter()), |(lists, first, mut rest)| async move {
            if let Some(first) = first {
                let text = format!("{{\"resourceType\":\"Parameters\",\"parameter\":[{first}");
                return Some((Ok(Bytes::from(text)), (lists, None, rest)));
            }
            let next: Vec<Sought> = rest.by_ref().take(AT_ONCE).collect();
            if next.is_empty() {
                return None;
            }
            // What fails here cuts the answer: half a list is no list.
            let text = lists.text(&next, false).await.map_err(actix_web::error::ErrorServiceUnavailable);
            Some((text.map(Bytes::from), (lists, None, rest)))
        });
    let end = stream::once(async { Ok::<_, actix_web::Error>(Bytes::from_static(b"]}")) });
    Ok(HttpResponse::Ok().content_type(FHIR_JSON).streaming(futures_util::StreamExt::chain(body, end)))
}

/// Everything that answering a list needs, part by part.
struct Lists {
    sender: Sender,
    purpose: Purpose,
    reason_given: bool,
    request_id: Uuid,
    at: DateTime<Utc>,
    door: AtDoor,
}

impl Lists {
    async fn ask(&self, children: &[Sought]) -> Result<Vec<FoundSchool>, Problem> {
        let asking = Asking {
            asker: &self.sender,
            person: String::new(),
            purpose: self.purpose,
            reason_given: self.reason_given,
            request_id: self.request_id,
            at: self.at,
        };
        let found = which_school(&self.door.house, &asking, children).await?;
        let unknown = found.iter().filter(|one| one.answer.status == Status::Unknown).count();
        self.door.look_ups.found_nothing(self.sender.partner.as_str(), unknown);
        Ok(found)
    }

    async fn text(&self, children: &[Sought], is_first: bool) -> Result<String, Problem> {
        let found = self.ask(children).await?;
        let mut text = String::new();
        for (index, (child, one)) in children.iter().zip(&found).enumerate() {
            let mut own = vec![
                json!({ "name": "nhs-number", "valueString": child.number.reveal() }),
                json!({ "name": "birthdate", "valueDate": child.born.to_string() }),
            ];
            own.extend(parts(one, self.at.date_naive()));
            if !(is_first && index == 0) {
                text.push(',');
            }
            text.push_str(&json!({ "name": "child", "part": own }).to_string());
        }
        Ok(text)
    }
}
