//! What Kith publishes for others to build on: its profiles and all they need, as they are in its package.

use std::collections::BTreeMap;

use serde_json::Value;

use super::package::{Limits, Unreadable, each_file};

/// A resource of the package.
#[derive(Debug, Clone)]
pub struct Published {
    /// Such as `StructureDefinition`.
    pub type_name: String,
    /// Its id.
    pub id: String,
    /// Its canonical address; examples have none.
    pub url: Option<String>,
    /// The resource.
    pub value: Value,
    /// Whether it is an example.
    pub is_example: bool,
}

impl Published {
    /// A text of the resource, such as `title`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value.get(name).and_then(Value::as_str)
    }

    /// The name by which people know it.
    pub fn title(&self) -> &str {
        self.text("title").unwrap_or(&self.id)
    }
}

/// All resources of a package, by type and id.
#[derive(Debug, Default)]
pub struct Publications {
    all: BTreeMap<(String, String), Published>,
    /// The package's own description, `package.json`.
    about: Value,
}

impl Publications {
    /// Reads a package (`.tgz`).
    pub fn read(name: &str, archive: &[u8]) -> Result<Self, Unreadable> {
        let mut publications = Self::default();
        each_file(name, archive, Limits::default(), |file, bytes| {
            let value: Value = serde_json::from_slice(bytes).map_err(|cause| Unreadable::Json {
                name: name.to_owned(),
                file: file.to_owned(),
                cause,
            })?;
            if file.ends_with("package.json") {
                publications.about = value;
                return Ok(());
            }
            publications.add(file, value);
            Ok(())
        })?;
        Ok(publications)
    }

    /// Adds a definition that is not of the package.
    pub fn publish(&mut self, value: Value) {
        self.add("", value);
    }

    fn add(&mut self, file: &str, value: Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(type_name), Some(id)) = (text("resourceType"), text("id")) else { return };
        let is_example = file.contains("/example/");
        let url = text("url").filter(|_| !is_example);
        let published = Published { type_name: type_name.clone(), id: id.clone(), url, value, is_example };
        self.all.insert((type_name, id), published);
    }

    /// The definition of that type and id.
    pub fn get(&self, type_name: &str, id: &str) -> Option<&Published> {
        let found = self.all.get(&(type_name.to_owned(), id.to_owned()));
        found.filter(|one| !one.is_example)
    }

    /// All definitions of a type, by id.
    pub fn of_type<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a Published> {
        self.all.values().filter(move |one| one.type_name == type_name && !one.is_example)
    }

    /// All examples, by type and id.
    pub fn examples(&self) -> impl Iterator<Item = &Published> {
        self.all.values().filter(|one| one.is_example)
    }

    /// The types of which there are definitions.
    pub fn types(&self) -> Vec<&str> {
        let mut types: Vec<&str> =
            self.all.values().filter(|one| !one.is_example).map(|one| one.type_name.as_str()).collect();
        types.dedup();
        types
    }

    /// The name of the package's file, such as `kith.early-years-0.1.0.tgz`.
    pub fn file_name(&self) -> String {
        let text = |name: &str| self.about.get(name).and_then(Value::as_str).unwrap_or("package");
        format!("{}-{}.tgz", text("name"), text("version"))
    }
}
