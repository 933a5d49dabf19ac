//! One resource of a source, written anew from what may pass.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::narrative::narrative;
use super::table::{Belongs, Table};
use crate::domain::{Item, NHS_NUMBER_SYSTEM, NhsNumber, ODS_SYSTEM, PartnerId, SCHOOL_URN_SYSTEM};

/// Whose resources are asked for, as one source knows the child.
#[derive(Debug)]
pub struct Child<'a> {
    /// The child's numbers; answers name it by the first.
    pub numbers: &'a [NhsNumber],
    /// The ids of its Patients at the source.
    pub ids: Vec<String>,
    /// The source.
    pub source: &'a PartnerId,
    /// Whether nobody may learn where the child may be found, so that no organisation is named either.
    pub hides_where: bool,
}

/// What became of a resource.
#[derive(Debug, PartialEq)]
pub enum Cut {
    /// This may pass.
    Kept(Value),
    /// The asker may not have it.
    Withheld,
    /// It cannot be passed on: another child's, of a kind that nobody classified, or with what changes its meaning.
    Unfit(&'static str),
}

/// Systems by which organisations and professionals are named; identifiers of others are people's.
const PUBLIC: [&str; 4] = [ODS_SYSTEM, SCHOOL_URN_SYSTEM, "https://fhir.nhs.uk/Id/ods-site-code", NMC_NUMBER];
const NMC_NUMBER: &str = "https://fhir.hl7.org.uk/Id/nmc-number";

impl Table {
    /// Cuts a resource to these items. The result holds nothing but what the tables let pass, cleaned of extensions, of references into
    /// the source and of whatever names people other than professionals; its narrative is made of what is left.
    pub fn cut(&self, resource: &Value, child: &Child<'_>, permitted: &BTreeSet<Item>) -> Cut {
        let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
        if !is_of(resource, child) {
            return Cut::Unfit("it is about another child");
        }
        let Some(dataset) = self.dataset_of(resource) else {
            return Cut::Unfit("its dataset is not known");
        };
        let may = |belongs: Belongs| {
            let dataset = match belongs {
                Belongs::Own => dataset,
                Belongs::To(other) => other,
            };
            permitted.contains(&Item { dataset, part: None })
        };
        if !may(Belongs::Own) {
            return Cut::Withheld;
        }
        let key = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{}/{name}/{id}", child.source).as_bytes());
        let mut kept = Map::new();
        kept.insert("resourceType".to_owned(), json!(name));
        kept.insert("id".to_owned(), json!(key.to_string()));
        kept.insert("meta".to_owned(), json!({ "tag": [subsetted()] }));
        let contained = resource.get("contained").unwrap_or(&Value::Null);
        for (element, belongs) in self.elements_of(name) {
            // Who does what is often an organisation, by its name alone.
            let names_pass = NAMING.contains(&(name, element)) && !(child.hides_where && name == "CarePlan");
            let inner = Inner { contained, names_pass, hides_where: child.hides_where };
            for (key, value) in of_element(resource, element) {
                match inner.clean(value) {
                    _ if !may(*belongs) => {}
                    Cleaned::Kept(value) => {
                        kept.insert(key.clone(), value);
                    }
                    Cleaned::Gone => {}
                    Cleaned::Changes => return Cut::Unfit("it holds what may change its meaning"),
                }
            }
        }
        if resource.get("modifierExtension").is_some() || resource.get("implicitRules").is_some() {
            return Cut::Unfit("it holds what may change its meaning");
        }
        if let Some(number) = child.numbers.first() {
            let whose = json!({ "identifier": { "system": NHS_NUMBER_SYSTEM, "value": number.reveal() } });
            kept.insert("subject".to_owned(), whose);
        }
        let mut kept = Value::Object(kept);
        kept["text"] = narrative(&kept);
        Cut::Kept(kept)
    }
}

/// Every answer is marked so, whether anything was taken out or not: nobody can tell by it.
fn subsetted() -> Value {
    json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED", "display": "subsetted" })
}

/// Whether it says of itself that it is about this child.
fn is_of(resource: &Value, child: &Child<'_>) -> bool {
    let subject = resource.get("subject").or_else(|| resource.get("patient"));
    let Some(subject) = subject else { return false };
    let part = |key: &str| subject.pointer(&format!("/identifier/{key}")).and_then(Value::as_str);
    let is_numbered = part("system") == Some(NHS_NUMBER_SYSTEM);
    let by_number = is_numbered && child.numbers.iter().any(|number| part("value") == Some(number.reveal()));
    let other_number = is_numbered && !by_number;
    let reference = subject.get("reference").and_then(Value::as_str).unwrap_or_default();
    let mut steps = reference.split("/_history/").next().unwrap_or_default().rsplit('/');
    let (id, kind) = (steps.next().unwrap_or_default(), steps.next());
    let by_reference = kind == Some("Patient") && child.ids.iter().any(|known| known == id);
    let other_reference = !reference.is_empty() && !by_reference;
    (by_number || by_reference) && !other_number && !other_reference
}

/// The values of an element; `effective[x]` stands for every type of it.
pub(super) fn of_element<'v>(resource: &'v Value, element: &str) -> Vec<(&'v String, &'v Value)> {
    let stem = element.strip_suffix("[x]");
    let fits = |key: &str| match stem {
        Some(stem) => {
            key.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        }
        None => key == element,
    };
    resource.as_object().into_iter().flatten().filter(|(key, _)| fits(key)).collect()
}

enum Cleaned {
    Kept(Value),
    Gone,
    /// A modifier extension stands in it.
    Changes,
}

/// Keys that never pass, wherever they stand: what hides values, leads elsewhere or names people.
const NEVER: [&str; 8] = [
    "id",
    "extension",
    "contained",
    "valueAttachment",
    "valueReference",
    "reference",
    "authorString",
    "authorReference",
];

/// Where a name alone passes: who does what by when is what a plan says, and a class is a Coding.
const NAMING: [(&str, &str); 2] = [("CarePlan", "activity"), ("Encounter", "class")];

/// Keys of Codings, of which some have words alone.
const CODINGS: [&str; 2] = ["coding", "valueCoding"];

/// What stands within an element.
struct Inner<'v> {
    /// What the resource contains.
    contained: &'v Value,
    /// Whether a name alone passes.
    names_pass: bool,
    /// Whether no organisation passes.
    hides_where: bool,
}

impl Inner<'_> {
    fn clean(&self, value: &Value) -> Cleaned {
        match value {
            Value::Object(object) => self.clean_object(object),
            Value::Array(list) => {
                let mut kept = Vec::new();
                for item in list {
                    match self.clean(item) {
                        Cleaned::Kept(item) => kept.push(item),
                        Cleaned::Gone => {}
                        Cleaned::Changes => return Cleaned::Changes,
                    }
                }
                if kept.is_empty() { Cleaned::Gone } else { Cleaned::Kept(Value::Array(kept)) }
            }
            Value::Null => Cleaned::Gone,
            plain => Cleaned::Kept(plain.clone()),
        }
    }

    fn clean_object(&self, object: &Map<String, Value>) -> Cleaned {
        if object.contains_key("modifierExtension") {
            return Cleaned::Changes;
        }
        if self.is_of_a_person(object) {
            return Cleaned::Gone;
        }
        let mut kept = Map::new();
        for (key, inner) in
            object.iter().filter(|(key, _)| !NEVER.contains(&key.as_str()) && !key.starts_with('_'))
        {
            let names_pass = self.names_pass || CODINGS.contains(&key.as_str());
            match (Inner { names_pass, ..*self }).clean(inner) {
                Cleaned::Kept(inner) => {
                    kept.insert(key.clone(), inner);
                }
                Cleaned::Gone => {}
                Cleaned::Changes => return Cleaned::Changes,
            }
        }
        if kept.is_empty() { Cleaned::Gone } else { Cleaned::Kept(Value::Object(kept)) }
    }

    /// Whether this is a reference to somebody who is no professional, or of whom nobody can tell; or a number or an address by which somebody is
    /// known.
    fn is_of_a_person(&self, object: &Map<String, Value>) -> bool {
        const PROFESSIONAL: [&str; 5] =
            ["Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService"];
        let professional =
            |kind: &str| if self.hides_where { kind == "Practitioner" } else { PROFESSIONAL.contains(&kind) };
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        if let Some(reference) = text("reference") {
            let kind = match reference.strip_prefix('#') {
                Some(id) => {
                    let mut inside = self.contained.as_array().into_iter().flatten();
                    let found = inside.find(|one| one.get("id").and_then(Value::as_str) == Some(id));
                    found.and_then(|one| one.get("resourceType")).and_then(Value::as_str)
                }
                None => reference.split("/_history/").next().and_then(|path| path.rsplit('/').nth(1)),
            };
            return !kind.is_some_and(professional) || text("type").is_some_and(|kind| !professional(kind));
        }
        // A reference has one identifier; whatever else has identifiers has a list of them.
        if let Some(Value::Object(identifier)) = object.get("identifier") {
            return !text("type").map_or_else(|| self.is_public(identifier), professional);
        }
        // What has nothing but a name is a reference, too.
        let is_named =
            object.contains_key("display") && !object.contains_key("code") && text("system").is_none();
        if is_named {
            return !text("type").map_or(self.names_pass, professional);
        }
        // Only identifiers and contact points have a value that is text.
        text("value").is_some() && !self.is_public(object)
    }

    /// Whether an identifier is one of an organisation or of a professional, as far as they pass.
    fn is_public(&self, identifier: &Map<String, Value>) -> bool {
        let system = identifier.get("system").and_then(Value::as_str);
        system.is_some_and(
            |system| if self.hides_where { system == NMC_NUMBER } else { PUBLIC.contains(&system) },
        )
    }
}
