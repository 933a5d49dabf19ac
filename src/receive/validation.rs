//! `POST /fhir/{type}/$validate` and `/fhir/{type}/{id}/$validate`: what is wrong with a resource (<https://hl7.org/fhir/R4/resource-operation-validate.html>).
//! Nothing is kept and nothing is sent; it needs no token. What Kith holds itself is checked with GET (`held`).

mod held;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use tokio::time::timeout;

use super::address::resource_type;
use super::body::{self, Body};
use super::doors::AtDoor;
use super::outcome::{Refused, fhir};
use super::search;
use crate::json::document::parse;
use crate::pipeline::House;
use crate::problem::{Category, Issue, Problem, outcome};
use crate::profile::validator::Outcome;

pub use held::{get_audit_event, get_consent, get_definition, get_task};

/// How deep a body may nest whose parts are looked for.
const DEPTH_MAX: usize = 128;

/// Whoever waits longer for a turn is told to come again.
const TURN_WITHIN: Duration = Duration::from_secs(5);

/// What is asked.
struct Asked {
    /// The resource's text; what stood before it is blank, so that lines and columns are those of the body.
    text: Option<String>,
    profiles: Vec<String>,
    mode: Option<String>,
}

/// 200 with an OperationOutcome whenever the check could be made, whatever it found.
pub async fn post_validate(
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    validate(door, None, request, payload).await
}

/// The same for what is to take the place of one resource: it has that one's id.
pub async fn post_validate_instance(
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let id = request.match_info().query("id").to_owned();
    validate(door, Some(id), request, payload).await
}

async fn validate(
    door: AtDoor,
    id: Option<String>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Refused> {
    let conformance = &door.house.conformance;
    let type_name = resource_type(&request).to_owned();
    if type_name != "Resource" && !conformance.is_resource_type(&type_name) {
        let text = "FHIR R4 has no resource of this type, so there is nothing to validate at this address.";
        return Err(Problem::new(Category::NotFound, text).into());
    }
    let body = body::read(&door, &request, payload).await?;
    let asked = asked(&request, &type_name, &body)?;
    known(&door, &asked.profiles)?;
    let extra = of_mode(asked.mode.as_deref(), &asked)?;
    let Some(text) = asked.text else { return Ok(fhir(StatusCode::OK, &outcome(&extra, None))) };
    let found = validated(&door, text, asked.profiles).await?;
    let mut issues = extra;
    let sent = sent(&type_name, &body.value);
    issues.extend(of_type(&type_name, sent));
    issues.extend(id.and_then(|id| of_instance(&id, sent)));
    issues.extend(found.issues());
    Ok(fhir(StatusCode::OK, &outcome(&issues, Some(Category::Invalid))))
}

/// Refuses profiles that cannot be looked up.
fn known(door: &AtDoor, profiles: &[String]) -> Result<(), Problem> {
    let Some(profile) = profiles.iter().find(|profile| !door.house.conformance.knows(profile)) else {
        return Ok(());
    };
    let text = format!(
        "Kith does not know the profile {profile}, so nobody can say whether the resource meets it. GET /fhir/StructureDefinition lists those it has."
    );
    Err(Problem::with(Category::Invalid, vec![Issue::error("not-found", text)]))
}

/// The check.
pub(super) async fn validated(
    door: &AtDoor,
    text: String,
    profiles: Vec<String>,
) -> Result<Outcome, Problem> {
    in_turn(door, move |house| {
        let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
        house.conformance.validate(&text, &profiles)
    })
    .await
}

/// Work that computes, on a thread for that; as many at once as there are cores, and no more.
pub(super) async fn in_turn<T: Send + 'static>(
    door: &AtDoor,
    work: impl FnOnce(&House) -> T + Send + 'static,
) -> Result<T, Problem> {
    let Ok(turn) = timeout(TURN_WITHIN, door.validations.acquire()).await else {
        let text = "Too many checks are waiting. Nothing was checked; send it again later.";
        return Err(Problem::new(Category::Throttled, text));
    };
    let turn = turn.map_err(|error| Problem::unavailable("validate", &error))?;
    let house = std::sync::Arc::clone(&door.house);
    let found = web::block(move || work(&house));
    let found = found.await.map_err(|error| Problem::internal("validate", &error));
    drop(turn);
    found
}

/// The resource by itself, with parameters in the query, or inside Parameters.
fn asked(request: &HttpRequest, type_name: &str, body: &Body) -> Result<Asked, Problem> {
    let text = body.text();
    let query = search::parameters(request, &["profile", "mode"])?;
    let from_query = |name: &str| query.iter().find(|one| one.0 == name).map(|one| one.1.clone());
    let mut asked =
        Asked { text: None, profiles: from_query("profile").into_iter().collect(), mode: from_query("mode") };
    let parameters = body.value.get("parameter").and_then(Value::as_array);
    let is_wrapped = body.value.get("resourceType").and_then(Value::as_str) == Some("Parameters")
        && (type_name != "Parameters"
            || parameters.is_some_and(|all| all.iter().any(|one| named(one, "resource"))));
    if !is_wrapped {
        asked.text = Some(text);
        return Ok(asked);
    }
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = format!("Parameters.parameter[{index}]");
        match name {
            "resource" => {
                asked.text =
                    Some(inner(&text, &format!("/parameter/{index}/resource")).ok_or_else(|| {
                        wrong("This parameter has no resource. Put the one to validate there.", &at)
                    })?);
            }
            "profile" => asked.profiles.push(value(parameter, &at)?),
            "mode" => asked.mode = Some(value(parameter, &at)?),
            _ => return Err(wrong("$validate has the parameters resource, profile and mode.", &at)),
        }
    }
    Ok(asked)
}

fn named(parameter: &Value, name: &str) -> bool {
    parameter.get("name").and_then(Value::as_str) == Some(name)
}

fn value(parameter: &Value, at: &str) -> Result<String, Problem> {
    let names = ["valueCanonical", "valueUri", "valueUrl", "valueCode", "valueString"];
    let value = names.iter().find_map(|name| parameter.get(*name)).and_then(Value::as_str);
    value.map(str::to_owned).ok_or_else(|| {
        wrong("This parameter has no value. Give valueUri for profile, valueCode for mode.", at)
    })
}

fn wrong(text: &str, at: &str) -> Problem {
    Problem::with(Category::Invalid, vec![Issue::error("invalid", text).at(at)])
}

/// A part of a text, with blanks before it.
fn inner(text: &str, pointer: &str) -> Option<String> {
    let document = parse(text, DEPTH_MAX).ok()?;
    let (start, end) = document.value_span(document.at_pointer(pointer)?);
    let before = text.get(..start)?.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' });
    Some(before.chain(text.get(start..end)?.chars()).collect())
}

/// What the mode asks besides (<https://hl7.org/fhir/R4/valueset-resource-validation-mode.html>).
fn of_mode(mode: Option<&str>, asked: &Asked) -> Result<Vec<Issue>, Problem> {
    let missing = || {
        let text = "There is no resource to validate. Send it as the body, or as the parameter 'resource'.";
        Err(Problem::with(Category::Invalid, vec![Issue::error("required", text)]))
    };
    let has_id = asked.text.as_deref().is_some_and(|text| {
        parse(text, DEPTH_MAX).is_ok_and(|document| document.child(document.root(), "id").is_some())
    });
    match mode {
        Some("delete") => {
            let text = "Nothing is deleted at Kith: end a Flag with status inactive or entered-in-error, a Consent with inactive.";
            Ok(vec![Issue::error("not-supported", text)])
        }
        Some("profile") | None if asked.text.is_none() => missing(),
        Some("create" | "update") if asked.text.is_none() => missing(),
        Some("create") if has_id => {
            let text = "A resource that is created gets its id from the server; this one is not kept.";
            Ok(vec![Issue::information("informational", text)])
        }
        Some("update") if !has_id => {
            let text = "A resource that is updated has an id. Add the one by which the server knows it.";
            Ok(vec![Issue::error("required", text)])
        }
        Some("profile" | "create" | "update") | None => Ok(vec![]),
        Some(_) => {
            let text = "The mode is create, update, delete or profile.";
            Err(Problem::with(Category::Invalid, vec![Issue::error("code-invalid", text)]))
        }
    }
}

/// The resource that was sent, by itself or inside Parameters.
fn sent<'b>(type_name: &str, body: &'b Value) -> &'b Value {
    let parameters = (body["resourceType"] == "Parameters" && type_name != "Parameters")
        .then(|| body.get("parameter").and_then(Value::as_array))
        .flatten();
    let inside = parameters.and_then(|all| all.iter().find(|one| named(one, "resource")));
    inside.map_or(body, |one| &one["resource"])
}

/// A resource of another type than the address says.
fn of_type(type_name: &str, resource: &Value) -> Option<Issue> {
    let own = resource.get("resourceType").and_then(Value::as_str)?;
    let text =
        format!("This address validates a {type_name}; send this resource to the address of its own type.");
    (type_name != "Resource" && own != type_name).then(|| Issue::error("invalid", text).at("resourceType"))
}

/// A resource that cannot take the place of the one that the address names.
fn of_instance(id: &str, resource: &Value) -> Option<Issue> {
    let own = resource.get("id").and_then(Value::as_str);
    let text = "The resource has another id than the address, or none; it could not take the place of the one there. \
                Give it the id of the address, or leave the id out of the address.";
    (own != Some(id)).then(|| Issue::error("invalid", text).at("id"))
}

#[cfg(test)]
mod tests {
    use super::inner;

    #[test]
    fn lines_and_columns_stay_those_of_the_body() {
        let text = "{\"parameter\": [\n  {\"name\": \"é\", \"resource\": {\n\"a\": 1}}]}";
        let inner = inner(text, "/parameter/0/resource").unwrap();
        assert_eq!(inner.trim(), "{\n\"a\": 1}");
        let column =
            |text: &str| text.lines().nth(1)?.chars().collect::<Vec<_>>().iter().rposition(|one| *one == '{');
        assert_eq!(column(&inner), column(text));
        assert_eq!(inner.lines().count(), 3);
    }
}
