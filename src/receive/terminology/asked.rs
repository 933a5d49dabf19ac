//! What an operation on codes was asked: in the query, or in Parameters.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::Payload;
use serde_json::Value;

use super::Operation;
use crate::problem::{Category, Issue, Problem};
use crate::receive::doors::AtDoor;
use crate::receive::{body, search};

/// A code with its system, as far as they were said.
#[derive(Debug, Clone, Default)]
pub(super) struct Code {
    pub(super) system: Option<String>,
    pub(super) code: String,
    pub(super) display: Option<String>,
}

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Asked {
    values: Vec<(String, String)>,
    /// Codes that were given as Coding or within a CodeableConcept, by the name of their parameter.
    codings: Vec<(String, Code)>,
    /// The definition that was given instead of being named.
    pub(super) resource: Option<Value>,
}

impl Asked {
    /// Reads the query; and of a POST the Parameters too. What the operation does not take is refused.
    pub(super) async fn read(
        door: &AtDoor,
        request: &HttpRequest,
        payload: Payload,
        operation: &Operation,
    ) -> Result<Self, Problem> {
        let values = search::parameters(request, operation.parameters)?;
        let mut asked = Self { values, ..Self::default() };
        if request.method() != Method::POST {
            return Ok(asked);
        }
        let body = body::read(door, request, payload).await?.value;
        let of_type = body.get("resourceType").and_then(Value::as_str);
        if operation.resource.is_some() && of_type == Some(operation.on) {
            asked.resource = Some(body);
            return Ok(asked);
        }
        if of_type != Some("Parameters") {
            let or = operation.resource.map_or_else(String::new, |_| format!(" or a {}", operation.on));
            let issue =
                Issue::error("structure", format!("This address takes Parameters{or}.")).at("resourceType");
            return Err(Problem::with(Category::Invalid, vec![issue]));
        }
        let given = body.get("parameter").and_then(Value::as_array);
        for (index, one) in given.into_iter().flatten().enumerate() {
            asked.take(one, &format!("Parameters.parameter[{index}]"), operation)?;
        }
        Ok(asked)
    }

    fn take(&mut self, one: &Value, at: &str, operation: &Operation) -> Result<(), Problem> {
        let refuse =
            |text: String| Err(Problem::with(Category::Invalid, vec![Issue::error("invalid", text).at(at)]));
        let name = one.get("name").and_then(Value::as_str).unwrap_or_default();
        let takes = |name: &str| operation.parameters.contains(&name);
        let is_code = match name {
            "coding" | "codeableConcept" => takes("code"),
            "codingA" | "codingB" => takes(&name.replace("coding", "code")),
            _ => false,
        };
        if is_code {
            let concept = one.get("valueCodeableConcept").and_then(|concept| concept.get("coding"));
            let codings = concept.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let codings: Vec<&Value> = one.get("valueCoding").into_iter().chain(codings).collect();
            if codings.is_empty() {
                return refuse(format!(
                    "'{name}' has no code: give valueCoding, or valueCodeableConcept with a coding."
                ));
            }
            self.codings.extend(codings.into_iter().map(|coding| (name.to_owned(), read(coding))));
            return Ok(());
        }
        if operation.resource == Some(name) {
            return match one.get("resource") {
                Some(_) if self.resource.is_some() => refuse(format!("'{name}' stands twice.")),
                Some(resource) => {
                    self.resource = Some(resource.clone());
                    Ok(())
                }
                None => refuse(format!("'{name}' has no resource.")),
            };
        }
        if !takes(name) {
            let all: Vec<&str> = operation.parameters.iter().copied().chain(operation.resource).collect();
            return refuse(format!(
                "${} has no parameter '{name}'; it has: {}.",
                operation.name,
                all.join(", ")
            ));
        }
        let value = one.as_object().and_then(|one| one.iter().find(|(key, _)| key.starts_with("value")));
        let value = match value {
            Some((_, Value::String(text))) if !text.is_empty() => text.clone(),
            Some((_, value @ (Value::Number(_) | Value::Bool(_)))) => value.to_string(),
            _ => return refuse(format!("'{name}' has no value that this parameter takes.")),
        };
        if self.text(name).is_some() {
            return refuse(format!("'{name}' stands twice."));
        }
        self.values.push((name.to_owned(), value));
        Ok(())
    }

    /// The operation is asked of this definition: it must not be asked of another.
    pub(super) fn is_about(&mut self, name: &'static str, url: String) -> Result<(), Problem> {
        if self.text(name).is_some_and(|given| given != url) {
            let text = format!("'{name}' names another definition than the address does; leave it out.");
            return Err(Problem::new(Category::BadSearch, text));
        }
        self.values.push((name.to_owned(), url));
        Ok(())
    }

    /// A value.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&str, Problem> {
        let text = || format!("'{name}' is missing.");
        self.text(name)
            .ok_or_else(|| Problem::with(Category::BadSearch, vec![Issue::error("required", text())]))
    }

    /// An address with the version that was asked for.
    pub(super) fn canonical(&self, name: &str, version: &str) -> Result<String, Problem> {
        let url = self.needed(name)?;
        Ok(self.text(version).map_or_else(|| url.to_owned(), |version| format!("{url}|{version}")))
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        let number = self.text(name).map(|value| search::number(name, value)).transpose()?;
        Ok(number.map(|number| number as usize))
    }

    /// The codes that are asked about: one, or those of a CodeableConcept.
    pub(super) fn codes(&self) -> Result<Vec<Code>, Problem> {
        let given: Vec<Code> = self.codings.iter().map(|(_, code)| code.clone()).collect();
        if !given.is_empty() {
            return Ok(given);
        }
        let owned = |name: &str| self.text(name).map(str::to_owned);
        Ok(vec![Code {
            system: owned("system"),
            code: self.needed("code")?.to_owned(),
            display: owned("display"),
        }])
    }

    /// One of two codes that are compared, and its system where it was said.
    pub(super) fn compared(&self, letter: &str) -> Result<Code, Problem> {
        let coding = self.codings.iter().find(|(name, _)| *name == format!("coding{letter}"));
        match coding {
            Some((_, code)) => Ok(code.clone()),
            None => Ok(Code { code: self.needed(&format!("code{letter}"))?.to_owned(), ..Code::default() }),
        }
    }
}

fn read(coding: &Value) -> Code {
    let text = |name: &str| coding.get(name).and_then(Value::as_str).map(str::to_owned);
    Code { system: text("system"), code: text("code").unwrap_or_default(), display: text("display") }
}
