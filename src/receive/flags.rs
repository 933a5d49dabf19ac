//! `POST /fhir/Flag` and `PUT /fhir/Flag/{id}`: push and end a safeguarding flag, by the rules of FGM-IS: a new flag is
//! active; ending it needs If-Match and a reason; only an active flag can be ended; a flag is never deleted.

mod said;

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{Caller, Door};
use super::body::{self, Body};
use super::caller::Verb;
use super::headers::{self, etag};
use super::outcome::Refused;
use super::submission::{Submission, body_hash, known, submit};
use crate::clock;
use crate::domain::{NHS_NUMBER_SYSTEM, NhsNumber, Private};
use crate::message::Content;
use crate::pipeline::{self, Reply};
use crate::problem::{self, Category, Issue, Problem, Severity};
use crate::profile::{Conformance, Structure};
use crate::store::StoredFlag;
use said::{code, patient, subject_number};

/// The record kind that a Flag is.
const KIND: &str = "safeguarding-flag";

/// Why a flag was removed (NHS England, FGM Information Sharing).
const REMOVAL_REASON: &str =
    "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason";

/// Accepts a new flag: 201 with its id, version 1. `Prefer: return=OperationOutcome` asks for the receipt instead.
pub async fn post_flag(
    caller: Caller,
    door: Data<Door>,
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
    let flag = Flag::read(&door, &caller, &body.value)?;
    if flag.status != "active" {
        let issue =
            Issue::error("business-rule", "A new flag has the status 'active'. To end a flag, PUT it.");
        return Err(Problem::with(Category::BusinessRule, vec![issue.at("Flag.status")]).into());
    }
    let id = flag.id.clone();
    let on_file = door.house.store.flag(&id).await.map_err(|error| pipeline::unavailable(&error))?;
    if on_file.as_ref().is_some_and(|stored| stored.status == "active") {
        let text = format!(
            "This child has this flag from you already: it is Flag/{id}. End it with PUT when it no longer holds."
        );
        return Err(Problem::new(Category::BusinessRule, text).into());
    }
    let replaces = on_file.map(|stored| stored.version);
    push(&door, &caller, &request, flag, replaces, Sent { status: 201, message_id, hash }, body).await
}

/// Ends a flag: status `inactive` or `entered-in-error`, with a reason. 200 with the new version.
pub async fn put_flag(
    caller: Caller,
    door: Data<Door>,
    id: Path<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    caller.may("Flag", Verb::Update)?;
    caller.may_send(KIND)?;
    let version = headers::if_match(&request)?;
    let body = body::read(&door, &request, payload).await?;
    let message_id = headers::of(&request).id;
    let hash = body_hash(&door, &format!("flag/{id}"), &body.bytes);
    if let Some(answer) = known(&door, &caller, message_id, &hash).await? {
        return Ok(answer);
    }
    let stored = door.house.store.flag(&id).await.map_err(|error| pipeline::unavailable(&error))?;
    // Somebody else's flag is answered like one that does not exist.
    let stored = stored.filter(|stored| stored.author == caller.sender.partner);
    let stored = stored.ok_or_else(|| Problem::new(Category::NotFound, "There is no such flag of yours."))?;
    if stored.version != version {
        let text = format!(
            "The flag is at version {}; If-Match names another. Read what changed, then send If-Match: {}.",
            stored.version,
            etag(stored.version)
        );
        return Err(Problem::new(Category::VersionConflict, text).into());
    }
    let flag = Flag::read(&door, &caller, &body.value)?;
    may_end(&flag, &stored, &body.value)?;
    push(&door, &caller, &request, flag, Some(stored.version), Sent { status: 200, message_id, hash }, body)
        .await
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
    let reasons = resource.get("extension").and_then(Value::as_array).into_iter().flatten();
    if !reasons
        .into_iter()
        .any(|extension| extension.get("url").and_then(Value::as_str) == Some(REMOVAL_REASON))
    {
        let text = format!("Ending a flag needs a reason: add the extension {REMOVAL_REASON}.");
        return Err(Problem::with(
            Category::BusinessRule,
            vec![Issue::error("required", text).at("Flag.extension")],
        ));
    }
    Ok(())
}

/// What Kith must know of a flag to keep it.
struct Flag {
    /// Follows from child, code and sender: the same flag has the same id.
    id: String,
    status: String,
    code: String,
    child: NhsNumber,
}

impl Flag {
    fn read(door: &Door, caller: &Caller, resource: &Value) -> Result<Self, Problem> {
        let wrong = |code: &str, text: &str, at: &str| {
            Problem::with(Category::Invalid, vec![Issue::error(code, text).at(at)])
        };
        if resource.get("resourceType").and_then(Value::as_str) != Some("Flag") {
            return Err(wrong("structure", "This address takes a Flag.", "resourceType"));
        }
        let issues = Structure.issues(resource);
        if issues.iter().any(|issue| issue.severity == Severity::Error) {
            return Err(Problem::with(Category::Invalid, issues));
        }
        let number = subject_number(resource).ok_or_else(|| {
            let text = "The flag does not say whose it is. Add subject.identifier with the child's NHS number, or a contained Patient that has it.";
            wrong("required", text, "Flag.subject")
        })?;
        let child: NhsNumber = number
            .parse()
            .map_err(|error| wrong("value", &format!("The NHS number is wrong: {error}."), "Flag.subject"))?;
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
        let words =
            format!("{}|{code}|{}", door.house.vault.child_key(&child).as_str(), caller.sender.partner);
        let digest = door.house.vault.digest("flag", words.as_bytes());
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, digest.as_bytes()).to_string();
        let code = door.house.vault.digest("flag-code", code.as_bytes());
        Ok(Self { id, status, code, child })
    }
}

/// The flag as a message Bundle of its kind: the Patient beside it instead of inside it.
fn message(door: &Door, resource: &Value, child: &NhsNumber, message_id: Uuid) -> Result<Value, Problem> {
    let kind = door.house.kind(KIND)?;
    let url = |name: &str| format!("urn:uuid:{}", Uuid::new_v5(&message_id, name.as_bytes()));
    let mut who = patient(resource).cloned().unwrap_or_else(|| {
        json!({ "resourceType": "Patient", "identifier": [{ "system": NHS_NUMBER_SYSTEM, "value": child.reveal() }] })
    });
    if let Some(object) = who.as_object_mut() {
        object.remove("id");
    }
    let mut flag = resource.clone();
    if let Some(object) = flag.as_object_mut() {
        object.remove("id");
        object.remove("meta");
        let id = resource
            .pointer("/subject/reference")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix('#'));
        let kept: Vec<Value> = object
            .get("contained")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|inner| inner.get("id").and_then(Value::as_str) != id)
            .cloned()
            .collect();
        object.remove("contained");
        if !kept.is_empty() {
            object.insert("contained".to_owned(), Value::Array(kept));
        }
        object.insert("subject".to_owned(), json!({ "reference": url("child") }));
    }
    let header = json!({
        "resourceType": "MessageHeader",
        "eventCoding": { "system": kind.mapping.event.0, "code": kind.mapping.event.1 },
        "source": { "endpoint": door.settings.server.public_url },
    });
    Ok(json!({
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            { "fullUrl": format!("urn:uuid:{message_id}"), "resource": header },
            { "fullUrl": url("child"), "resource": who },
            { "fullUrl": url("flag"), "resource": flag },
        ],
    }))
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
        author: caller.sender.partner.clone(),
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
    let wants_outcome = prefers_outcome(request);
    let submission = Submission {
        message_id: sent.message_id,
        kind: KIND.to_owned(),
        content: Content::Fhir(Private::new(bundle)),
        body_hash: sent.hash,
        flag: Some((stored, replaces)),
        answer: Box::new(move |issues: &[Issue]| Reply {
            status: sent.status,
            headers: vec![
                ("location".to_owned(), location),
                ("etag".to_owned(), etag(version)),
                ("link".to_owned(), receipts),
            ],
            body: if wants_outcome { problem::outcome(issues, None) } else { resource },
        }),
    };
    submit(door, caller, submission).await
}

fn prefers_outcome(request: &HttpRequest) -> bool {
    let prefer = request.headers().get("prefer").and_then(|value| value.to_str().ok()).unwrap_or_default();
    prefer.split([',', ';']).any(|part| part.trim() == "return=OperationOutcome")
}
