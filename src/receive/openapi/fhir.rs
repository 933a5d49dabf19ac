//! The FHIR interface in OpenAPI's words, made from the CapabilityStatement: what that does not say is not here.

use serde_json::{Map, Value, json};

use super::answers::{ANYBODY, BODY, CALLER, KEPT, answers, of_type, resource, says};
use super::request_id;
use super::requests::{
    body, check, form, in_header, in_path, of_operation, order, parameter, preferred, profile,
};
use crate::receive::definitions;
use crate::receive::terminology::{OPERATIONS, Operation};

/// What leads elsewhere (`_include`, a chain) is refused whoever asks.
const ELSEWHERE: &[u16] = &[403];

/// Types of which a search comes in pages; the others come whole.
const PAGED: &[&str] = &["Task", "AuditEvent"];

/// Adds every address that a CapabilityStatement names.
pub(super) fn paths(statement: &Value, paths: &mut Map<String, Value>) {
    let none = Vec::new();
    let resources = statement.pointer("/rest/0/resource").and_then(Value::as_array).unwrap_or(&none);
    for one in resources {
        let Some(type_name) = one.get("type").and_then(Value::as_str) else { continue };
        let type_of = Type { name: type_name, open: definitions::TYPES.contains(&type_name), said: one };
        for code in texts(one, "interaction", "code") {
            type_of.interaction(code, paths);
        }
        for name in texts(one, "operation", "name") {
            type_of.operation(name, paths);
        }
    }
    general(paths);
}

fn texts<'v>(value: &'v Value, list: &str, key: &'static str) -> impl Iterator<Item = &'v str> {
    let list = value.get(list).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(move |one| one.get(key).and_then(Value::as_str))
}

/// A method at an address.
fn put(paths: &mut Map<String, Value>, path: String, method: &str, operation: Value) {
    let parameters: Vec<Value> = ["type", "id", "version"]
        .into_iter()
        .filter(|name| path.contains(&format!("{{{name}}}")))
        .map(in_path)
        .collect();
    let at = paths.entry(path).or_insert_with(|| {
        if parameters.is_empty() { json!({}) } else { json!({ "parameters": parameters }) }
    });
    at[method] = operation;
}

/// A type of resource that the CapabilityStatement names.
struct Type<'s> {
    name: &'s str,
    /// Whether it is read without a token.
    open: bool,
    said: &'s Value,
}

impl Type<'_> {
    fn interaction(&self, code: &str, paths: &mut Map<String, Value>) {
        let name = self.name;
        let version = || json!({ "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string", "pattern": "^W/\"[0-9]{1,9}\"$" }, "description": "The ETag of the version that is changed." });
        let (path, method, operation) = match code {
            "create" => {
                let made = (201, with_headers(resource(name, "On file, as its version 1.")));
                let operation = json!({ "parameters": [request_id(), preferred()], "requestBody": body(&of_type(name)), "responses": answers(&[made], &[CALLER, BODY, KEPT, &[412]]) });
                (format!("/fhir/{name}"), "post", operation)
            }
            "update" => {
                let versioned =
                    self.said.get("versioning").and_then(Value::as_str) == Some("versioned-update");
                let parameters: Vec<Value> = std::iter::once(request_id())
                    .chain(versioned.then(version))
                    .chain(versioned.then(preferred))
                    .collect();
                let changed = resource(name, "The new version.");
                let changed = (200, if versioned { with_headers(changed) } else { changed });
                let operation = json!({ "parameters": parameters, "requestBody": body(&of_type(name)), "responses": answers(&[changed], &[CALLER, BODY, KEPT, &[404, 412]]) });
                (format!("/fhir/{name}/{{id}}"), "put", operation)
            }
            "read" => (
                format!("/fhir/{name}/{{id}}"),
                "get",
                self.reading(name, "The resource.", Self::part(false)),
            ),
            "vread" => (
                format!("/fhir/{name}/{{id}}/_history/{{version}}"),
                "get",
                self.reading(name, "That version.", Self::part(false)),
            ),
            "history-instance" => (
                format!("/fhir/{name}/{{id}}/_history"),
                "get",
                self.reading("Bundle", "Its versions, newest first.", vec![]),
            ),
            _ => {
                let parameters = self.parameters();
                let found = || vec![(200, resource("Bundle", "What was found: a searchset."))];
                let mut posted = self.asked(answers(&found(), &[self.refusals(), ELSEWHERE, &[413, 415]]));
                posted["requestBody"] = form(&parameters);
                posted["operationId"] = json!(format!("search-{name}-by-form"));
                put(paths, format!("/fhir/{name}/_search"), "post", posted);
                let mut operation = self.asked(answers(&found(), &[self.refusals(), ELSEWHERE]));
                operation["parameters"] = Value::Array(parameters);
                (format!("/fhir/{name}"), "get", operation)
            }
        };
        put(paths, path, method, named(operation, &format!("{code}-{name}")));
    }

    /// Something that is read.
    fn reading(&self, gives: &str, words: &str, parameters: Vec<Value>) -> Value {
        let mut good = vec![(200, resource(gives, words))];
        let mut parameters = parameters;
        if gives != "Bundle" && self.said.get("conditionalRead").is_some() {
            good.push((304, says("It is the version that If-None-Match names.")));
            parameters.push(in_header("If-None-Match", "The ETag of the version that the caller has."));
        }
        let mut operation = self.asked(answers(&good, &[self.refusals(), ELSEWHERE, &[404]]));
        if !parameters.is_empty() {
            operation["parameters"] = Value::Array(parameters);
        }
        operation
    }

    /// Who may ask.
    fn asked(&self, responses: Value) -> Value {
        if self.open {
            json!({ "security": [], "responses": responses })
        } else {
            json!({ "responses": responses })
        }
    }

    fn refusals(&self) -> &'static [u16] {
        if self.open { ANYBODY } else { CALLER }
    }

    /// Of whatever is read a part may be asked for; of what is found the number alone, too.
    fn part(counted: bool) -> Vec<Value> {
        let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
        let mut parts = vec!["true", "false", "text", "data"];
        parts.extend(counted.then_some("count"));
        vec![
            query("_summary", json!({ "enum": parts })),
            query("_elements", json!({ "type": "string", "pattern": "^[a-zA-Z]+(,[a-zA-Z]+)*$" })),
        ]
    }

    /// What a search takes.
    fn parameters(&self) -> Vec<Value> {
        let none = Vec::new();
        let said = self.said.get("searchParam").and_then(Value::as_array).unwrap_or(&none);
        let mut all: Vec<Value> = said.iter().map(parameter).collect();
        if self.open || PAGED.contains(&self.name) {
            let number = |name: &str, words: &str| json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": u32::MAX }, "description": words });
            all.push(number("_count", "At most so many on a page."));
            all.push(number("_offset", "So many before the page."));
        }
        all.extend(order(self.name));
        all.extend(Self::part(true));
        all
    }

    fn operation(&self, name: &str, paths: &mut Map<String, Value>) {
        let type_name = self.name;
        if let Some(one) = OPERATIONS.iter().find(|one| one.on == type_name && one.name == name) {
            return of_codes(one, paths);
        }
        let parameters = of_type("Parameters");
        let operation = match name {
            "validate" => {
                let held = texts(self.said, "interaction", "code").any(|code| code == "read");
                if held {
                    let path = format!("/fhir/{type_name}/{{id}}/$validate");
                    let found =
                        (200, resource("OperationOutcome", "What is wrong with the one that is held here."));
                    let mut asked =
                        self.asked(answers(&[found], &[self.refusals(), ELSEWHERE, &[404, 422, 429, 503]]));
                    asked["parameters"] = json!([profile()]);
                    put(paths, path.clone(), "get", named(asked, &format!("validate-held-{type_name}")));
                    put(paths, path, "post", named(check(), &format!("validate-instance-{type_name}")));
                }
                return;
            }
            "school" => {
                let given = |name: &str, required: bool, schema: Value| json!({ "name": name, "in": "query", "required": required, "schema": schema });
                let mut asked = self.asked(answers(
                    &[(
                        200,
                        resource(
                            "Parameters",
                            "Which school, how sure, and since when; or that nothing is known.",
                        ),
                    )],
                    &[CALLER, &[404]],
                ));
                asked["parameters"] = json!([
                    given("nhs-number", true, json!({ "type": "string", "pattern": "^[0-9]{10}$" })),
                    given("birthdate", true, json!({ "type": "string", "format": "date" })),
                    given("purpose", false, json!({ "enum": ["direct-care", "safeguarding"] })),
                    given("reason", false, json!({ "type": "string", "minLength": 1 })),
                ]);
                put(paths, format!("/fhir/{type_name}/$school"), "get", named(asked, "school-of-one"));
                json!({ "requestBody": body(&parameters), "responses": answers(&[(200, resource("Parameters", "One answer for each child."))], &[CALLER, BODY, &[404]]) })
            }
            "merge" | "unmerge" => {
                let said = (200, resource("Parameters", "What holds from now on."));
                json!({ "parameters": [request_id()], "requestBody": body(&parameters), "responses": answers(&[said], &[CALLER, BODY, KEPT]) })
            }
            _ => {
                json!({ "requestBody": body(&parameters), "responses": answers(&[(200, resource("Parameters", "For each recipient and dataset: what was decided, by what, and what would change it."))], &[CALLER, BODY, &[404]]) })
            }
        };
        put(
            paths,
            format!("/fhir/{type_name}/${name}"),
            "post",
            named(operation, &format!("{name}-{type_name}")),
        );
    }
}

/// What there is in FHIR, or of codes.
fn metadata() -> Value {
    let types = ["CapabilityStatement", "TerminologyCapabilities"];
    let told = json!({ "description": "What there is in FHIR; or what can be asked of codes.", "content": { "application/fhir+json": { "schema": { "oneOf": types.map(of_type) } } } });
    let mode =
        json!({ "name": "mode", "in": "query", "schema": { "enum": ["full", "normative", "terminology"] } });
    json!({ "security": [], "parameters": [mode], "responses": answers(&[(200, told)], &[ANYBODY, ELSEWHERE]) })
}

/// A question about codes, by GET and by POST, of the type and of one definition.
fn of_codes(one: &Operation, paths: &mut Map<String, Value>) {
    let told = || [(200, resource(one.gives, one.words))];
    let refusals = [ANYBODY, ELSEWHERE, &[404, 422]];
    let all: Vec<Value> = one.parameters.iter().map(|name| of_operation(name)).collect();
    let of_one = one.of_one.then_some("/{id}");
    for (place, words) in std::iter::once(("", "")).chain(of_one.map(|place| (place, "-of-one"))) {
        let path = format!("/fhir/{}{place}/${}", one.on, one.name);
        let name = |method: &str| format!("{}-{}{words}-by-{method}", one.name, one.on);
        let asked = json!({ "security": [], "parameters": all, "responses": answers(&told(), &refusals) });
        put(paths, path.clone(), "get", named(asked, &name("query")));
        let refused = [ANYBODY, ELSEWHERE, &[404], BODY];
        let given = match one.resource.filter(|_| place.is_empty()) {
            Some(_) => json!({ "anyOf": [of_type("Parameters"), of_type(one.on)] }),
            None => of_type("Parameters"),
        };
        let posted =
            json!({ "security": [], "requestBody": body(&given), "responses": answers(&told(), &refused) });
        put(paths, path, "post", named(posted, &name("parameters")));
    }
}

/// An operation with its name.
fn named(mut operation: Value, name: &str) -> Value {
    operation["operationId"] = json!(name);
    operation["summary"] = json!(name.replace('-', " "));
    operation["tags"] = json!(["FHIR"]);
    operation
}

fn with_headers(mut answer: Value) -> Value {
    answer["headers"] = json!({ "ETag": { "schema": { "type": "string", "pattern": "^W/\"[0-9]+\"$" } } });
    answer
}

fn batch() -> Value {
    let bundle = json!({ "type": "object", "required": ["resourceType", "type"], "properties": { "resourceType": { "const": "Bundle" }, "type": { "const": "batch" }, "entry": { "type": "array", "items": { "type": "object", "required": ["request"], "properties": { "request": { "type": "object", "required": ["method", "url"], "properties": { "method": { "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] }, "url": { "type": "string", "minLength": 1, "description": "After /fhir/." } } }, "resource": { "type": "object" } } } } } });
    let done = (
        200,
        resource("Bundle", "Of type batch-response: in each entry's place its answer, also a refusal."),
    );
    json!({ "parameters": [request_id()], "requestBody": body(&bundle), "responses": answers(&[done], &[CALLER, BODY]) })
}

/// What is there for every type, or for none.
fn general(paths: &mut Map<String, Value>) {
    put(paths, "/fhir/{type}/$validate".to_owned(), "post", named(check(), "validate-one"));
    put(paths, "/fhir/{type}/{id}/$validate".to_owned(), "post", named(check(), "validate-instance"));
    let message = json!({ "type": "object", "required": ["resourceType", "type", "entry"], "properties": { "resourceType": { "const": "Bundle" }, "type": { "const": "message" }, "entry": { "type": "array", "minItems": 1, "items": { "type": "object" } } } });
    let taken = (200, resource("Bundle", "Accepted and durable: the response message."));
    let operation = json!({ "parameters": [request_id()], "requestBody": body(&message), "responses": answers(&[taken], &[CALLER, BODY, KEPT]) });
    put(paths, "/fhir/$process-message".to_owned(), "post", named(operation, "process-message"));
    put(paths, "/fhir".to_owned(), "post", named(batch(), "batch"));
    put(paths, "/fhir/metadata".to_owned(), "get", named(metadata(), "metadata"));
    let smart = json!({ "security": [], "responses": answers(&[(200, super::answers::gives("application/json", "Where tokens are had."))], &[ANYBODY, &[503]]) });
    put(
        paths,
        "/fhir/.well-known/smart-configuration".to_owned(),
        "get",
        named(smart, "smart-configuration-of-fhir"),
    );
}
