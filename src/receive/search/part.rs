//! How much of a resource is shown: `_summary` and `_elements` (<https://hl7.org/fhir/R4/search.html#summary>).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde_json::{Map, Value, json};

use super::parameters;
use crate::problem::{Category, Problem};
use crate::receive::outcome::Refused;

/// What any summary leaves out.
const NEVER_IN_SUMMARY: &[&str] =
    &["contained", "copyright", "extension", "language", "modifierExtension", "purpose", "text"];

/// What R4 leaves out of each type's summary besides, and what a resource of it must have.
const TYPES: &[(&str, &[&str], &[&str])] = &[
    ("AuditEvent", &["entity", "period"], &["agent", "recorded", "source", "type"]),
    (
        "CarePlan",
        &["activity", "careTeam", "contributor", "goal", "note", "supportingInfo"],
        &["intent", "status", "subject"],
    ),
    ("CareTeam", &["note", "participant", "reasonCode", "reasonReference", "telecom"], &[]),
    ("CodeSystem", &["concept", "description"], &["content", "status"]),
    ("ConceptMap", &["description", "group"], &["status"]),
    ("Consent", &["policy"], &["category", "scope", "status"]),
    (
        "Encounter",
        &[
            "account",
            "basedOn",
            "classHistory",
            "hospitalization",
            "length",
            "location",
            "partOf",
            "period",
            "priority",
            "serviceProvider",
            "statusHistory",
        ],
        &["class", "status"],
    ),
    ("Flag", &[], &["code", "status", "subject"]),
    (
        "Measure",
        &[
            "approvalDate",
            "author",
            "editor",
            "endorser",
            "group",
            "lastReviewDate",
            "library",
            "relatedArtifact",
            "reviewer",
            "subjectCodeableConcept",
            "subjectReference",
            "subtitle",
            "supplementalData",
            "topic",
            "usage",
        ],
        &["status"],
    ),
    (
        "Observation",
        &[
            "bodySite",
            "category",
            "dataAbsentReason",
            "device",
            "interpretation",
            "method",
            "note",
            "referenceRange",
            "specimen",
        ],
        &["code", "status"],
    ),
    (
        "OperationDefinition",
        &["comment", "description", "inputProfile", "outputProfile", "overload", "parameter"],
        &["code", "instance", "kind", "name", "status", "system", "type"],
    ),
    ("Questionnaire", &["approvalDate", "derivedFrom", "description", "item", "lastReviewDate"], &["status"]),
    ("QuestionnaireResponse", &["item"], &["status"]),
    (
        "StructureDefinition",
        &["description", "differential", "mapping", "snapshot"],
        &["abstract", "kind", "name", "status", "type", "url"],
    ),
    ("StructureMap", &["description"], &["group", "name", "status", "url"]),
    (
        "Task",
        &[
            "authoredOn",
            "identifier",
            "input",
            "insurance",
            "note",
            "output",
            "performerType",
            "priority",
            "reasonCode",
            "reasonReference",
            "relevantHistory",
            "restriction",
        ],
        &["intent", "status"],
    ),
    ("ValueSet", &["compose", "description", "expansion"], &["status"]),
];

/// How much is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// What tells one from another: `_summary=true`.
    Summary,
    /// Its text, and what it must have: `_summary=text`.
    Text,
    /// All but its text: `_summary=data`.
    Data,
    /// How many there are, of a search: `_summary=count`.
    Count,
    /// These elements, and what it must have: `_elements=url,version`.
    Elements(Vec<String>),
}

/// For a door that reads one resource.
impl FromRequest for Part {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of_one(request).map_err(Refused::from))
    }
}

impl Part {
    /// The parameters that ask for a part.
    pub const PARAMETERS: &[&str] = &["_summary", "_elements"];

    /// What is asked of one resource, by the query.
    fn of_one(request: &HttpRequest) -> Result<Self, Problem> {
        match Self::read(&parameters(request, Self::PARAMETERS)?)? {
            Self::Count => {
                Err(Problem::new(Category::BadSearch, "_summary=count is of a search. This is one resource."))
            }
            part => Ok(part),
        }
    }

    /// What parameters ask for.
    pub fn read(parameters: &[(String, String)]) -> Result<Self, Problem> {
        let value =
            |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let wrong = |text: &str| Err(Problem::new(Category::BadSearch, text));
        match (value("_summary"), value("_elements")) {
            (Some(_), Some(_)) => wrong("Ask by _summary or by _elements, not by both."),
            (None, None) | (Some("false"), None) => Ok(Self::Whole),
            (Some("true"), None) => Ok(Self::Summary),
            (Some("text"), None) => Ok(Self::Text),
            (Some("data"), None) => Ok(Self::Data),
            (Some("count"), None) => Ok(Self::Count),
            (Some(_), None) => wrong("_summary is true, text, data, count or false."),
            (None, Some(names)) => {
                let names: Vec<&str> = names.split(',').map(str::trim).collect();
                let is_name = |name: &&str| {
                    name.starts_with(|c: char| c.is_ascii_alphabetic())
                        && name.chars().all(|c| c.is_ascii_alphanumeric())
                };
                if names.iter().all(is_name) {
                    return Ok(Self::Elements(names.into_iter().map(str::to_owned).collect()));
                }
                wrong("_elements are names of elements with commas between them, such as url,version.")
            }
        }
    }

    /// This part of a resource; where something is left out, it says so by the tag `SUBSETTED`.
    pub fn of(&self, resource: &Value) -> Value {
        let (Some(object), false) = (resource.as_object(), *self == Self::Whole) else {
            return resource.clone();
        };
        let type_name = object.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let kept: Map<String, Value> = object
            .iter()
            .filter(|(name, _)| self.shows(type_name, name.strip_prefix('_').unwrap_or(name)))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let is_cut = kept.len() < object.len();
        let mut shown = Value::Object(kept);
        if is_cut {
            tag(&mut shown);
        }
        shown
    }

    fn shows(&self, type_name: &str, name: &str) -> bool {
        let of_type = TYPES.iter().find(|(known, _, _)| *known == type_name);
        let (long, needed) = of_type.map_or_else(Default::default, |(_, long, needed)| (*long, *needed));
        let always = ["resourceType", "id", "meta"].contains(&name);
        always
            || match self {
                Self::Whole => true,
                Self::Summary => !NEVER_IN_SUMMARY.contains(&name) && !long.contains(&name),
                Self::Text => name == "text" || needed.contains(&name),
                Self::Data => name != "text",
                Self::Count => false,
                Self::Elements(names) => needed.contains(&name) || names.iter().any(|wanted| wanted == name),
            }
    }
}

/// Marks what is not all there, so that nobody keeps it for the whole.
fn tag(resource: &mut Value) {
    let subsetted =
        json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" });
    match resource.pointer_mut("/meta/tag").and_then(Value::as_array_mut) {
        Some(tags) => tags.push(subsetted),
        None => resource["meta"]["tag"] = json!([subsetted]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Part;

    fn names(part: &Part, definition: &Value) -> Vec<String> {
        part.of(definition).as_object().unwrap().keys().cloned().collect()
    }

    fn read(name: &str, value: &str) -> Option<Part> {
        Part::read(&[(name.to_owned(), value.to_owned())]).ok()
    }

    #[test]
    fn a_part_holds_what_was_asked_for_and_says_that_it_is_one() {
        let definition = json!({
            "resourceType": "ValueSet", "id": "a", "text": { "status": "generated" }, "url": "https://example.org/a", "status": "draft",
            "_status": { "id": "s" }, "title": "A", "description": "Long.", "compose": { "include": [] },
        });
        let whole = read("_summary", "false").unwrap();
        assert_eq!(whole.of(&definition), definition);
        let asked = |name: &str, value: &str| names(&read(name, value).unwrap(), &definition);
        assert_eq!(
            asked("_summary", "true"),
            ["resourceType", "id", "url", "status", "_status", "title", "meta"]
        );
        assert_eq!(asked("_summary", "text"), ["resourceType", "id", "text", "status", "_status", "meta"]);
        assert!(!asked("_summary", "data").contains(&"text".to_owned()));
        assert_eq!(
            asked("_elements", "url, compose"),
            ["resourceType", "id", "url", "status", "_status", "compose", "meta"]
        );
        let tags = Part::Summary.of(&definition);
        assert_eq!(tags.pointer("/meta/tag/0/code"), Some(&json!("SUBSETTED")));
        let short = json!({ "resourceType": "ValueSet", "id": "a", "status": "draft" });
        assert_eq!(Part::Summary.of(&short), short, "nothing is left out of it");
    }

    #[test]
    fn what_nobody_can_mean_is_said() {
        for (name, value) in
            [("_summary", "yes"), ("_summary", "TRUE"), ("_elements", "0"), ("_elements", "url,")]
        {
            assert_eq!(read(name, value), None, "{name}={value}");
        }
        let both = [("_summary", "true"), ("_elements", "url")];
        assert!(Part::read(&both.map(|(name, value)| (name.to_owned(), value.to_owned()))).is_err());
    }
}
