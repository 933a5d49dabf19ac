//! The closed list of things that go wrong, and what a person is told about each.
//!
//! A refusal for lack of consent is not here: that is an answer (`consent::Decision`), not a fault.
//! HTTP statuses are given in one place only, `receive::outcome`.

mod field;

pub use field::field_name;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How bad an issue is (FHIR `issue-severity`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The action failed.
    Error,
    /// Worth a look; the action went on.
    Warning,
    /// For information, such as the loss ledger.
    Information,
}

/// HL7's extensions for the line and the column of an issue.
const ISSUE_LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const ISSUE_COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
/// Kith's extension for the profile that demands what an issue says is not so.
const DEMANDED_BY: &str = "https://kith.example/fhir/StructureDefinition/demanded-by";
/// Kith's extension for the JSON Patch that mends an issue.
pub const SUGGESTED_PATCH: &str = "https://kith.example/fhir/StructureDefinition/suggested-patch";

/// One line of an OperationOutcome (<https://hl7.org/fhir/R4/operationoutcome.html>).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// FHIR `issue-type` code.
    pub code: String,
    /// What is wrong, where, and what to do; never holds a value from the message.
    pub text: String,
    /// FHIRPath or record path of the element.
    pub expression: Option<String>,
    /// Line and column in the submitted text, from 1.
    pub position: Option<(usize, usize)>,
    /// The profile or extension that demands it; `None` where FHIR itself does, or where it is of no resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The JSON Patch (RFC 6902) that mends it, where only one correction is possible. It may hold values of the message,
    /// so it is for the answer to whoever sent that, and never kept.
    #[serde(skip)]
    pub patch: Option<Value>,
}

impl Issue {
    /// An error.
    pub fn error(code: &str, text: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, text)
    }

    /// A warning.
    pub fn warning(code: &str, text: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, text)
    }

    /// Information.
    pub fn information(code: &str, text: impl Into<String>) -> Self {
        Self::new(Severity::Information, code, text)
    }

    fn new(severity: Severity, code: &str, text: impl Into<String>) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            text: text.into(),
            expression: None,
            position: None,
            profile: None,
            patch: None,
        }
    }

    /// The same issue, at a path.
    #[must_use]
    pub fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression = Some(expression.into());
        self
    }

    /// The same issue, at a line and column.
    #[must_use]
    pub fn on(mut self, line: usize, column: usize) -> Self {
        self.position = Some((line, column));
        self
    }

    fn to_fhir(&self, category: Option<Category>) -> Value {
        let mut details = json!({ "text": self.text });
        if let (Some(category), Severity::Error) = (category, self.severity) {
            let (system, code) = category.coding();
            details["coding"] = json!([{ "system": system, "code": code }]);
        }
        let mut issue = json!({ "severity": self.severity, "code": self.code, "details": details, "diagnostics": self.text });
        if let Some(expression) = &self.expression {
            issue["expression"] = json!([expression]);
        }
        let mut extensions = Vec::new();
        if let Some((line, column)) = self.position {
            issue["diagnostics"] = json!(format!("Line {line}, column {column}: {}", self.text));
            extensions.push(json!({ "url": ISSUE_LINE, "valueInteger": line }));
            extensions.push(json!({ "url": ISSUE_COLUMN, "valueInteger": column }));
        }
        if let Some(profile) = &self.profile {
            extensions.push(json!({ "url": DEMANDED_BY, "valueCanonical": profile }));
        }
        if let Some(patch) = &self.patch {
            extensions.push(json!({ "url": SUGGESTED_PATCH, "valueString": patch.to_string() }));
        }
        if !extensions.is_empty() {
            issue["extension"] = Value::Array(extensions);
        }
        issue
    }
}

/// What kind of fault it is. Each has one FHIR issue type, one HTTP status and one error code of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Not well-formed: JSON syntax, depth, duplicate keys.
    Structure,
    /// Well-formed, but not what the schema, profile or rule demands.
    Invalid,
    /// A header or parameter is missing or malformed.
    BadCall,
    /// A search parameter that is not known.
    BadSearch,
    /// No valid token.
    Login,
    /// A valid token that does not allow this.
    Forbidden,
    /// Nothing there, or nothing this caller may know of.
    NotFound,
    /// The method is not supported here.
    NotSupported,
    /// The same message id with another body, or a resource that exists already.
    Duplicate,
    /// `If-Match` names an older version.
    VersionConflict,
    /// `If-Match` is required and missing or malformed.
    PreconditionMissing,
    /// Understood, but a rule of the business forbids it.
    BusinessRule,
    /// Larger than the door allows.
    TooLarge,
    /// Not a media type that this door reads.
    MediaType,
    /// The caller takes no form in which Kith answers.
    NotAcceptable,
    /// More calls than allowed.
    Throttled,
    /// A part that Kith needs is down; try again.
    Unavailable,
    /// There is no room to keep it.
    NoRoom,
    /// A fault of Kith's own.
    Internal,
}

/// NHS error codes as partners know them from PDS and Spine.
const SPINE: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SpineErrorOrWarningCode";
/// NHS error codes as partners know them from booking and referral.
const BARS: &str = "https://fhir.nhs.uk/Codesystem/http-error-codes";

impl Category {
    /// The error code that partners' systems know, with its system.
    pub fn coding(self) -> (&'static str, &'static str) {
        match self {
            Self::Structure => (SPINE, "INVALID_VALUE"),
            Self::Invalid => (SPINE, "VALIDATION_ERROR"),
            Self::BadCall | Self::PreconditionMissing => (SPINE, "PRECONDITION_FAILED"),
            Self::BadSearch => (SPINE, "INVALID_SEARCH_DATA"),
            Self::Login | Self::Forbidden => (SPINE, "ACCESS_DENIED"),
            Self::NotFound => (SPINE, "RESOURCE_NOT_FOUND"),
            Self::NotSupported | Self::MediaType | Self::NotAcceptable => (SPINE, "UNSUPPORTED_VALUE"),
            Self::Duplicate => (BARS, "REC_CONFLICT"),
            Self::VersionConflict => (SPINE, "RESOURCE_VERSION_MISMATCH"),
            Self::BusinessRule => (BARS, "REC_UNPROCESSABLE_ENTITY"),
            Self::TooLarge => (SPINE, "TOO_MANY_VALUES_SUBMITTED"),
            Self::Throttled => (SPINE, "TOO_MANY_REQUESTS"),
            Self::Unavailable | Self::NoRoom => (SPINE, "UNABLE_TO_CALL_SERVICE"),
            Self::Internal => (BARS, "REC_SERVER_ERROR"),
        }
    }

    /// The FHIR issue type used when an issue gives none of its own.
    pub fn issue_type(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Invalid => "invalid",
            Self::BadCall | Self::PreconditionMissing => "required",
            Self::BadSearch => "value",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::NotSupported | Self::MediaType | Self::NotAcceptable => "not-supported",
            Self::Duplicate => "duplicate",
            Self::VersionConflict => "conflict",
            Self::BusinessRule => "business-rule",
            Self::TooLarge => "too-costly",
            Self::Throttled => "throttled",
            Self::Unavailable => "transient",
            Self::NoRoom => "no-store",
            Self::Internal => "exception",
        }
    }
}

/// Something went wrong: what kind, and every fault that was found.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.first_line())]
pub struct Problem {
    /// What kind of fault it is.
    pub category: Category,
    /// Every fault, in the order found; at least one.
    pub issues: Vec<Issue>,
    /// After how many seconds it is worth trying again, where that is known.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem with one sentence.
    pub fn new(category: Category, text: impl Into<String>) -> Self {
        Self::with(category, vec![Issue::error(category.issue_type(), text)])
    }

    /// A problem with all the issues that were found.
    pub fn with(category: Category, issues: Vec<Issue>) -> Self {
        Self { category, issues, retry_after: None }
    }

    /// The same problem, with when to try again.
    #[must_use]
    pub fn again_in(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A fault of Kith's own; the cause goes to the log, the caller gets a reference.
    pub fn internal(what: &str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, cause = %cause, "something of Kith's own failed");
        Self::new(
            Category::Internal,
            format!("Kith could not {what}. Nothing was shared. Try again; if it stays, tell the operator."),
        )
    }

    /// A part that Kith needs is down.
    pub fn unavailable(what: &str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, cause = %cause, "a part that Kith needs is not available");
        Self::new(
            Category::Unavailable,
            format!(
                "Kith cannot {what} at the moment. Nothing was accepted or shared; send the message again later."
            ),
        )
    }

    /// The same problem, its single issue placed at a path.
    #[must_use]
    pub fn at(mut self, expression: &str) -> Self {
        for issue in &mut self.issues {
            issue.expression = Some(expression.to_owned());
        }
        self
    }

    /// The OperationOutcome that the caller gets.
    pub fn operation_outcome(&self) -> Value {
        outcome(&self.issues, Some(self.category))
    }

    fn first_line(&self) -> &str {
        self.issues.first().map_or("unknown problem", |issue| issue.text.as_str())
    }
}

/// An OperationOutcome of these issues; errors carry the category's code.
pub fn outcome(issues: &[Issue], category: Option<Category>) -> Value {
    let mut all: Vec<Value> = issues.iter().map(|issue| issue.to_fhir(category)).collect();
    if all.is_empty() {
        all.push(Issue::information("informational", "No issues.").to_fhir(None));
    }
    json!({ "resourceType": "OperationOutcome", "issue": all })
}
