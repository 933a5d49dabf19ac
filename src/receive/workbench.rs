//! `/workbench`: a person checks a resource. Nothing is kept, nothing is sent on, and no log holds a word of it.

use actix_web::dev::UrlEncoded;
use actix_web::error::UrlencodedError;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};

use super::access::Door;
use super::doors::AtDoor;
use super::pages::{RefusedPage, page};
use super::search;
use super::validation::validated;
use crate::page::workbench::{self, Correction, Entered, Fault, Field, Mended};
use crate::problem::{Category, Problem};

/// A form writes most marks of JSON as three letters, so that it is longer than the resource in it.
const FORM_LENGTHS: usize = 3;
/// Room for the other fields.
const OTHER_FIELDS: usize = 65_536;

/// What the form sends.
#[derive(Debug, Default)]
struct Form {
    entered: Entered,
    /// The correction to apply.
    fix: Option<String>,
    /// Whether each element shall get a line of its own.
    lays_out: bool,
}

/// The empty page, or one with an example.
pub async fn get_workbench(door: AtDoor, request: HttpRequest) -> Result<HttpResponse, RefusedPage> {
    let conformance = &door.house.conformance;
    let mut entered = Entered::default();
    for (name, value) in search::parameters(&request, &["example", "profile"])? {
        match name.as_str() {
            "example" => {
                let missing = || {
                    Problem::new(Category::NotFound, "Kith has no such example. Choose one from the list.")
                };
                entered.text = workbench::example(conformance, &value).ok_or_else(missing)?;
            }
            _ => entered.profile = value,
        }
    }
    answer(&door, &entered, StatusCode::OK, None)
}

/// The page with what is wrong with the resource; with a correction, what is wrong with the corrected one.
pub async fn post_workbench(
    door: AtDoor,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, RefusedPage> {
    let limit = door.settings.server.body_bytes_max;
    let Some(form) = form(&request, payload, limit).await? else {
        let text =
            "The resource is too large. Check its parts one by one, or use kith validate on your machine.";
        let fault = Fault { field: Field::Resource, text: text.to_owned() };
        return answer(&door, &Entered::default(), StatusCode::PAYLOAD_TOO_LARGE, Some(&fault));
    };
    let Form { mut entered, fix, lays_out } = form;
    if let Some(fault) = fault(&door, &entered) {
        return answer(&door, &entered, StatusCode::UNPROCESSABLE_ENTITY, Some(&fault));
    }
    let profiles: Vec<String> =
        Some(entered.profile.clone()).filter(|url| !url.is_empty()).into_iter().collect();
    let mut mended = Mended::Unasked;
    if let Some(text) = Some(&entered.text).filter(|_| lays_out).and_then(|text| workbench::laid_out(text)) {
        entered.text = text;
        mended = Mended::Done("Put each element on a line of its own".to_owned());
    }
    let mut found = validated(&door, entered.text.clone(), profiles.clone()).await?;
    if let Some(name) = fix {
        let correction = Correction::among(&found.findings, &name);
        let corrected =
            correction.and_then(|one| Some((one.done(&entered.text)?, one.apply(&entered.text)?)));
        mended = Mended::Unfit;
        if let Some((done, text)) = corrected {
            (entered.text, mended) = (text, Mended::Done(done));
            found = validated(&door, entered.text.clone(), profiles).await?;
        }
    }
    let html = workbench::checked(&door.house.conformance, &entered, limit, &found.findings, &mended)?;
    Ok(page(StatusCode::OK, html))
}

fn answer(
    door: &Door,
    entered: &Entered,
    status: StatusCode,
    fault: Option<&Fault>,
) -> Result<HttpResponse, RefusedPage> {
    let limit = door.settings.server.body_bytes_max;
    Ok(page(status, workbench::form(&door.house.conformance, entered, limit, fault)?))
}

/// What keeps the check from being made.
fn fault(door: &Door, entered: &Entered) -> Option<Fault> {
    if entered.text.trim().is_empty() {
        let text = "Paste a resource, choose a file, or begin with an example.".to_owned();
        return Some(Fault { field: Field::Resource, text });
    }
    let is_known = entered.profile.is_empty() || door.house.conformance.knows(&entered.profile);
    let text = "Kith does not know this profile. Check its address, choose one from the list, or ask the operator to add its package.";
    (!is_known).then(|| Fault { field: Field::Other, text: text.to_owned() })
}

/// The form; none when it, or the resource in it, is too large.
async fn form(request: &HttpRequest, payload: Payload, limit: usize) -> Result<Option<Form>, Problem> {
    let form_limit = limit.saturating_mul(FORM_LENGTHS).saturating_add(OTHER_FIELDS);
    let mut payload = payload.into_inner();
    let read = UrlEncoded::<Vec<(String, String)>>::new(request, &mut payload).limit(form_limit).await;
    let pairs = match read {
        Ok(pairs) => pairs,
        Err(UrlencodedError::Overflow { .. }) => return Ok(None),
        Err(UrlencodedError::ContentType) => {
            let text =
                "The workbench reads what its own form sends. Systems use POST /fhir/{type}/$validate.";
            return Err(Problem::new(Category::MediaType, text));
        }
        Err(_) => {
            let text = "The form did not arrive whole, or not as the page sends it. Send it again.";
            return Err(Problem::new(Category::BadCall, text));
        }
    };
    let mut form = Form::default();
    for (name, value) in pairs {
        match name.as_str() {
            // Forms end lines with both marks, whatever the text had.
            "resource" => form.entered.text = value.replace("\r\n", "\n"),
            "profile" => form.entered.profile = value,
            // It stands after the list in the form, and says more exactly what is meant.
            "other" if !value.trim().is_empty() => value.trim().clone_into(&mut form.entered.profile),
            "fix" => form.fix = Some(value),
            "layout" => form.lays_out = true,
            _ => {}
        }
    }
    Ok(Some(form).filter(|form| form.entered.text.len() <= limit))
}
