//! What a caller got: status, headers, bytes; and what an OperationOutcome in it says.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use uuid::Uuid;

/// An answer of the gateway.
#[derive(Debug)]
pub struct Answer {
    pub who: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The id that the request was sent with.
    pub message_id: Uuid,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path of the Location header, without a version.
    pub fn path(&self) -> String {
        let location = self.header("location").expect("a Location");
        let path = location.strip_prefix("https://kith.test").expect("Kith's own address");
        path.split("/_history/").next().unwrap_or_default().to_owned()
    }

    /// The same answer, when it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The issues of the OperationOutcome, wherever it is, each put flat: severity, code, detail, expression, says.
    pub fn issues(&self) -> Vec<Value> {
        let body = self.json();
        let outcomes = std::iter::once(&body)
            .chain(body["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]));
        let issues = outcomes
            .filter(|resource| resource["resourceType"] == "OperationOutcome")
            .flat_map(|outcome| outcome["issue"].as_array().into_iter().flatten());
        issues.map(flat).collect()
    }
}

fn flat(issue: &Value) -> Value {
    let mut flat = json!({
        "severity": issue["severity"],
        "code": issue["code"],
        "detail": issue["details"]["coding"][0]["code"],
        "expression": issue["expression"][0],
        "says": issue["details"]["text"],
    });
    flat.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    flat
}
