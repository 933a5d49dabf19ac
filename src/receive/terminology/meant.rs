//! The value set that an operation is asked of: one that is known, or one that came with the question.

use std::sync::Arc;

use serde_json::{Value, json};

use super::asked::Asked;
use super::unusable;
use crate::pipeline::House;
use crate::problem::{Category, Issue, Problem};
use crate::profile::terminology::{Expansion, ValueSet};
use crate::receive::doors::AtDoor;
use crate::receive::validation::in_turn;

/// Of so many parts a value set may be made that comes with a question: each is worked out anew.
const PARTS_MAX: usize = 100;

/// A value set, worked out.
pub(super) struct Meant {
    /// How it is called in words.
    pub(super) name: String,
    /// What it holds.
    pub(super) expansion: Arc<Expansion>,
    /// What is known of it besides its codes.
    pub(super) said: Value,
}

impl Meant {
    /// The one that is meant.
    ///
    /// # Errors
    /// It is not known, not right, or of no use; or both were given.
    pub(super) async fn by(door: &AtDoor, asked: &Asked) -> Result<Self, Problem> {
        match asked.resource.clone() {
            None => Self::known(&door.house, asked),
            Some(_) if asked.text("url").is_some() => {
                let text = "Name a value set that is known, or give one; not both.";
                Err(Problem::with(Category::Invalid, vec![Issue::error("invalid", text)]))
            }
            Some(given) => in_turn(door, move |house| Self::given(house, &given)).await?,
        }
    }

    fn known(house: &House, asked: &Asked) -> Result<Self, Problem> {
        let canonical = asked.canonical("url", "valueSetVersion")?;
        let definitions = house.conformance.definitions();
        let value_set = definitions.value_set(&canonical).map_err(|error| unusable(&error))?;
        let expansion = definitions.expansion(&canonical).map_err(|error| unusable(&error))?;
        // Of the definitions of others no more is kept than these.
        let mut own = house.conformance.publications().of_type("ValueSet");
        let own = own.find(|one| one.url.as_deref() == Some(value_set.url.as_str()));
        let mut said = said(own.map_or(&Value::Null, |own| &own.value));
        said["url"] = json!(value_set.url);
        if let Some(version) = &value_set.version {
            said["version"] = json!(version);
        }
        Ok(Self { name: canonical, expansion, said })
    }

    fn given(house: &House, given: &Value) -> Result<Self, Problem> {
        let faults = house.conformance.issues(&given.to_string(), given, None);
        let value_set = ValueSet::read(given).filter(|_| faults.is_empty());
        let Some(value_set) = value_set else {
            let none = Issue::error("structure", "This is not a ValueSet.");
            return Err(Problem::with(
                Category::Invalid,
                if faults.is_empty() { vec![none] } else { faults },
            ));
        };
        if value_set.include.len() + value_set.exclude.len() > PARTS_MAX {
            let text =
                format!("It is made of more than {PARTS_MAX} parts, which is too much for a question.");
            return Err(Problem::with(Category::Invalid, vec![Issue::error("too-costly", text)]));
        }
        let definitions = house.conformance.definitions();
        let expansion = definitions.expansion_of(&value_set).map_err(|error| unusable(&error))?;
        let name = if value_set.url.is_empty() { "that was given".to_owned() } else { value_set.url };
        Ok(Self { name, expansion: Arc::new(expansion), said: said(given) })
    }
}

fn said(of: &Value) -> Value {
    let mut said = json!({ "resourceType": "ValueSet", "status": "unknown" });
    for name in ["id", "url", "version", "name", "title", "status"] {
        if let Some(value) = of.get(name) {
            said[name] = value.clone();
        }
    }
    said
}
