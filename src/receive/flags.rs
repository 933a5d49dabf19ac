//! `POST /fhir/Flag` and `PUT /fhir/Flag/{id}`: push and end a safeguarding flag, by the rules of FGM-IS: a new flag is
//! active; ending it needs If-Match and a reason; only an active flag can be ended; a flag is never deleted.

mod message;
mod said;

use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body::{self, Body};
use super::caller::Verb;
use super::doors::AtDoor;
use super::headers;
use super::outcome::Refused;
use super::submission::{Submission, body_hash, known, submit};
use super::versions::{self, Wanted, etag, in_http};
use crate::clock;
use crate::domain::{ChildKey, NhsNumber, PartnerId, Private};
use crate::message::Content;
use crate::pipeline::{self, Reply};
use crate::problem::{Category, Issue, Problem, Severity};
use crate::store::StoredFlag;
use message::message;
use said::{REMOVAL_REASON, code, gives_reason, subject_numbers};

/// The record kind that a Flag is.
const KIND: &str = "safeguarding-flag";

/// Accepts a new flag: 201 with its id, version 1. `Prefer` asks for the receipt instead, or for nothing.
pub async fn post_flag(
    caller: Caller,
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Flag", Verb::Create)?;
    caller.may_send(KIND)?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    let hash = body_hash(&door, "flag", &body.bytes);
    if let Some(answer) = known(&door, &caller, message_id, &hash).await? {
        return Ok(answer);
    }
    let flag = Flag::read(&door, &caller.sender.partner, &body)?;
    if flag.status != "active" {
        let issue =
            Issue::error("business-rule", "A new flag has the status 'active'. To end a flag, PUT it.");
        return Err(Problem::with(Category::BusinessRule, vec![issue.at("Flag.status")]).into());
    }
    let replaces = replaces(&door, &caller, &flag).await?;
    push(&door, &caller, &request, flag, replaces, Sent { status: 201, message_id, hash }, body).await
}

/// Ends a flag: status `inactive` or `entered-in-error`, with a reason. 200 with the new version.
pub async fn put_flag(
    caller: Caller,
    door: AtDoor,
    id: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Flag", Verb::Update)?;
    caller.may_send(KIND)?;
    let version = versions::if_match(&request)?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    let hash = body_hash(&door, &format!("flag/{id}"), &body.bytes);
    if let Some(answer) = known(&door, &caller, message_id, &hash).await? {
        return Ok(answer);
    }
    let stored = door.house.store.flag(&id).await.map_err(|error| pipeline::unavailable(&error))?;
    // Somebody else's flag is answered like one that does not exist.
    let stored = stored.filter(|stored| caller.wrote(&stored.author));
    let stored = stored.ok_or_else(|| Problem::new(Category::NotFound, "There is no such flag of yours."))?;
    if stored.version != version {
        let text = format!(
            "The flag is at version {}; If-Match names another. Read what changed, then send If-Match: {}.",
            stored.version,
            etag(stored.version)
        );
        return Err(Problem::new(Category::VersionConflict, text).into());
    }
    let mut flag = Flag::read(&door, &stored.author, &body)?;
    // The child may have got another number since.
    let numbers = numbers_of(&door, &flag).await?;
    if numbers.iter().any(|key| flag.id_by(&door, &stored.author, key) == stored.id) {
        flag.id.clone_from(&stored.id);
    }
    may_end(&flag, &stored, &body.value)?;
    push(&door, &caller, &request, flag, Some(stored.version), Sent { status: 200, message_id, hash }, body)
        .await
}

/// All numbers of a flag's child.
async fn numbers_of(door: &Door, flag: &Flag) -> Result<Vec<ChildKey>, Problem> {
    let key = door.house.vault.child_key(&flag.child);
    door.house.numbers.numbers_of(&key).await.map_err(|error| pipeline::unavailable(&error))
}

/// The version of this flag of the caller's that ended before. One that is active, be it of a partner whose part the caller took over, is
/// not set a second time.
async fn replaces(door: &Door, caller: &Caller, flag: &Flag) -> Result<Option<u32>, Problem> {
    let mut ended = None;
    let numbers = numbers_of(door, flag).await?;
    let ids = caller.writes_as().iter().flat_map(|author| numbers.iter().map(move |key| (author, key)));
    for (author, key) in ids {
        let id = flag.id_by(door, author, key);
        let on_file = door.house.store.flag(&id).await.map_err(|error| pipeline::unavailable(&error))?;
        if on_file.as_ref().is_some_and(|stored| stored.status == "active") {
            let text = format!(
                "This child has this flag from you already: it is Flag/{id}. End it with PUT when it no longer holds."
            );
            return Err(Problem::new(Category::BusinessRule, text));
        }
        ended = ended.or(on_file.filter(|_| id == flag.id).map(|stored| stored.version));
    }
    Ok(ended)
}

/// The rules for ending a flag.
fn may_end(flag: &Flag, stored: &StoredFlag, resource: &Value) -> Result<(), Problem> {
    let refuse = |text: &str, at: &str| {
        Err(Problem::with(Category::BusinessRule, vec![Issue::error("business-rule", text).at(at)]))
    };
    if stored.status != "active" {
        return refuse("This flag has ended already; only an active flag can be ended.", "Flag.status");
    }
    if !["inactive", "entered-in-error"].contains(&flag.status.as_str()) {
        return refuse(
            "A flag is ended with the status 'inactive' or 'entered-in-error'; nothing else of it can be changed.",
            "Flag.status",
        );
    }
    if flag.id != stored.id {
        return refuse(
            "The child or the code is not that of this flag. End the flag that was set, and set another if need be.",
            "Flag.subject",
        );
    }
    if !gives_reason(resource) {
        let text =
            format!("Ending a flag needs a reason: add the extension {REMOVAL_REASON} with a valueCoding.");
        return Err(Problem::with(
            Category::BusinessRule,
            vec![Issue::error("required", text).at("Flag.extension")],
        ));
    }
    Ok(())
}

/// What Kith must know of a flag to keep it.
struct Flag {
    /// Follows from child, code and author: the same flag has the same id.
    id: String,
    /// Who set it, whoever ends it.
    author: PartnerId,
    status: String,
    /// What it warns of, as it is said.
    warns_of: String,
    /// That, hidden.
    code: String,
    child: NhsNumber,
}

impl Flag {
    fn read(door: &Door, author: &PartnerId, body: &Body) -> Result<Self, Problem> {
        let resource = &body.value;
        if resource.get("resourceType").and_then(Value::as_str) != Some("Flag") {
            return Err(wrong("structure", "This address takes a Flag.", "resourceType"));
        }
        let profile = door.house.conformance.own("pushed-flag");
        let issues = door.house.conformance.issues(&body.text(), resource, profile.as_deref());
        let errors: Vec<Issue> =
            issues.into_iter().filter(|issue| issue.severity == Severity::Error).collect();
        if !errors.is_empty() {
            return Err(Problem::with(Category::Invalid, errors));
        }
        let child = child(resource)?;
        let code = code(resource).ok_or_else(|| {
            wrong(
                "required",
                "The flag does not say what it warns of. Add code.coding or code.text.",
                "Flag.code",
            )
        })?;
        let status = resource.get("status").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !["active", "inactive", "entered-in-error"].contains(&status.as_str()) {
            return Err(wrong(
                "code-invalid",
                "The status is active, inactive or entered-in-error.",
                "Flag.status",
            ));
        }
        let digest = door.house.vault.digest("flag-code", code.as_bytes());
        let mut flag =
            Self { id: String::new(), author: author.clone(), status, warns_of: code, code: digest, child };
        flag.id = flag.id_by(door, author, &door.house.vault.child_key(&flag.child));
        Ok(flag)
    }

    /// The id that this flag has, or had, as an author's, by one of the child's numbers.
    fn id_by(&self, door: &Door, author: &PartnerId, child: &ChildKey) -> String {
        let words = format!("{}|{}|{author}", child.as_str(), self.warns_of);
        let digest = door.house.vault.digest("flag", words.as_bytes());
        Uuid::new_v5(&Uuid::NAMESPACE_OID, digest.as_bytes()).to_string()
    }
}

fn wrong(code: &str, text: &str, at: &str) -> Problem {
    Problem::with(Category::Invalid, vec![Issue::error(code, text).at(at)])
}

/// The child, by the one NHS number that the flag gives.
fn child(resource: &Value) -> Result<NhsNumber, Problem> {
    let numbers = subject_numbers(resource).into_iter().map(str::parse::<NhsNumber>);
    let numbers = numbers.collect::<Result<Vec<_>, _>>();
    let mut numbers = numbers
        .map_err(|error| wrong("value", &format!("The NHS number is wrong: {error}."), "Flag.subject"))?
        .into_iter();
    let Some(child) = numbers.next() else {
        let text = "The flag does not say whose it is. Add subject.identifier with the child's NHS number, or a contained Patient that has it.";
        return Err(wrong("required", text, "Flag.subject"));
    };
    if numbers.any(|other| other != child) {
        let text = "The flag names two children: the NHS numbers in subject.identifier and in the contained Patient are not the same. Send one flag for each child.";
        let issue = Issue::error("business-rule", text).at("Flag.subject");
        return Err(Problem::with(Category::BusinessRule, vec![issue]));
    }
    Ok(child)
}

/// How the flag was sent.
struct Sent {
    status: u16,
    message_id: Uuid,
    hash: String,
}

async fn push(
    door: &Door,
    caller: &Caller,
    request: &HttpRequest,
    flag: Flag,
    replaces: Option<u32>,
    sent: Sent,
    body: Body,
) -> Result<HttpResponse, Refused> {
    let version = replaces.unwrap_or(0) + 1;
    let now = clock::now();
    let bundle = message(door, &body.value, &flag.child, sent.message_id)?;
    let stored = StoredFlag {
        id: flag.id.clone(),
        version,
        child: door.house.vault.child_key(&flag.child),
        author: flag.author,
        status: flag.status,
        code: flag.code,
        updated: now,
    };
    let mut resource = body.value;
    resource["id"] = json!(flag.id);
    resource["meta"] = json!({ "versionId": version.to_string(), "lastUpdated": now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true) });
    let location = format!("{}/fhir/Flag/{}", door.settings.server.public_url, flag.id);
    let receipts = format!(
        "<{}/fhir/Task?group-identifier={}>; rel=\"receipts\"",
        door.settings.server.public_url, sent.message_id
    );
    let wanted = Wanted::by(request);
    let submission = Submission {
        message_id: sent.message_id,
        kind: KIND.to_owned(),
        content: Content::Fhir(Private::new(bundle.into())),
        body_hash: sent.hash,
        flag: Some((stored, replaces)),
        answer: Box::new(move |issues: &[Issue]| Reply {
            status: sent.status,
            headers: vec![
                ("location".to_owned(), location.clone()),
                ("etag".to_owned(), etag(version)),
                ("last-modified".to_owned(), in_http(now)),
                ("link".to_owned(), receipts.clone()),
            ],
            body: wanted.of(&resource, issues),
        }),
    };
    submit(door, caller, submission).await
}
