//! Definitions for tests: the core package as a folder of JSON files, and the files of one case on top of it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use kith::profile::definition::Structure;
use kith::profile::needs::{CodeStatus, Definitions, FilterName, Membership};
use serde_json::Value;

/// The core package.
pub struct Core {
    files: HashMap<String, PathBuf>,
    read: Mutex<HashMap<String, Option<Arc<Value>>>>,
    structures: Mutex<HashMap<String, Option<Arc<Structure>>>>,
    sets: Mutex<HashMap<String, Option<Arc<Members>>>>,
}

/// Every (system, code) of a value set.
type Members = HashSet<(String, String)>;

impl Core {
    /// Notes where each canonical lies; nothing is read but the heads of the files.
    pub fn read(folder: &Path) -> Self {
        let index = std::fs::read_to_string(folder.join(".index.json")).expect("the package has an index");
        let index: Value = serde_json::from_str(&index).unwrap();
        let mut files = HashMap::new();
        for one in index["files"].as_array().unwrap() {
            if let (Some(url), Some(name)) = (one["url"].as_str(), one["filename"].as_str()) {
                files.insert(url.to_owned(), folder.join(name));
            }
        }
        Self { files, read: Mutex::default(), structures: Mutex::default(), sets: Mutex::default() }
    }

    fn resource(&self, url: &str) -> Option<Arc<Value>> {
        let url = url.split('|').next().unwrap();
        let mut read = self.read.lock().unwrap();
        let load = || {
            let text = std::fs::read_to_string(self.files.get(url)?).ok()?;
            serde_json::from_str(&text).ok().map(Arc::new)
        };
        read.entry(url.to_owned()).or_insert_with(load).clone()
    }

    fn structure(&self, url: &str) -> Option<Arc<Structure>> {
        let mut known = self.structures.lock().unwrap();
        let make = || Structure::read(&*self.resource(url)?).map(Arc::new);
        known.entry(url.to_owned()).or_insert_with(make).clone()
    }
}

/// The core package and a case's own files.
pub struct Case {
    core: Arc<Core>,
    own: HashMap<String, Arc<Value>>,
}

impl Case {
    /// Nothing but the core.
    pub fn on(core: Arc<Core>) -> Self {
        Self { core, own: HashMap::new() }
    }

    /// Adds a resource, or all those in a Bundle.
    pub fn add(&mut self, text: &str) {
        let Ok(value) = serde_json::from_str::<Value>(text) else { return };
        let entries = value["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
        for one in entries.chain([&value]) {
            if let Some(url) = one["url"].as_str() {
                self.own.insert(url.to_owned(), Arc::new(one.clone()));
            }
        }
    }

    fn resource(&self, canonical: &str) -> Option<Arc<Value>> {
        let url = canonical.split('|').next().unwrap();
        self.own.get(url).cloned().or_else(|| self.core.resource(url))
    }

    fn expand(&self, url: &str, depth: usize) -> Option<Arc<Members>> {
        let url = url.split('|').next().unwrap();
        let shared = !self.own.contains_key(url);
        if shared && let Some(known) = self.core.sets.lock().unwrap().get(url) {
            return known.clone();
        }
        let set = self.resource(url).and_then(|set| self.compose(&set, depth)).map(Arc::new);
        if shared {
            self.core.sets.lock().unwrap().insert(url.to_owned(), set.clone());
        }
        set
    }

    fn compose(&self, set: &Value, depth: usize) -> Option<Members> {
        if depth > 8 || set["resourceType"] != "ValueSet" {
            return None;
        }
        let mut members = Members::new();
        for include in set["compose"]["include"].as_array()? {
            members.extend(self.include(include, depth)?);
        }
        for exclude in set["compose"]["exclude"].as_array().into_iter().flatten() {
            let out = self.include(exclude, depth)?;
            members.retain(|one| !out.contains(one));
        }
        Some(members)
    }

    fn include(&self, include: &Value, depth: usize) -> Option<Members> {
        let mut found: Option<Members> = None;
        if let Some(system) = include["system"].as_str() {
            let pair = |code: &str| (system.to_owned(), code.to_owned());
            found = Some(match include["concept"].as_array() {
                Some(concepts) => concepts.iter().filter_map(|one| one["code"].as_str()).map(pair).collect(),
                None => {
                    let code_system = self.resource(system)?;
                    if code_system["content"] != "complete" {
                        return None;
                    }
                    let mut codes = Vec::new();
                    let filters = include["filter"].as_array().map(Vec::as_slice).unwrap_or_default();
                    match filters {
                        [] => walk(&code_system["concept"], &mut |one| codes.push(own(one))),
                        [filter] if filter["property"] == "concept" && filter["op"] == "is-a" => {
                            walk(&code_system["concept"], &mut |one| {
                                if one["code"] == filter["value"] {
                                    codes.push(own(one));
                                    walk(&one["concept"], &mut |inner| codes.push(own(inner)));
                                }
                            });
                        }
                        _ => return None,
                    }
                    codes.iter().map(|code| pair(code)).collect()
                }
            });
        }
        for url in include["valueSet"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let set = self.expand(url, depth + 1)?;
            found = Some(match found {
                None => (*set).clone(),
                Some(found) => found.into_iter().filter(|one| set.contains(one)).collect(),
            });
        }
        found
    }
}

fn own(concept: &Value) -> String {
    concept["code"].as_str().unwrap_or_default().to_owned()
}

fn own_type(property: &Value) -> String {
    property["type"].as_str().unwrap_or_default().to_owned()
}

fn walk<'v>(concepts: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    for one in concepts.as_array().into_iter().flatten() {
        visit(one);
        walk(&one["concept"], visit);
    }
}

impl Definitions for Case {
    fn structure(&self, canonical_or_type: &str) -> Option<Arc<Structure>> {
        if !canonical_or_type.contains(':') {
            return self
                .core
                .structure(&format!("http://hl7.org/fhir/StructureDefinition/{canonical_or_type}"));
        }
        let url = canonical_or_type.split('|').next().unwrap();
        if let Some(own) = self.own.get(url) {
            return Structure::read(own).filter(|one| !one.snapshot.is_empty()).map(Arc::new);
        }
        self.core.structure(url)
    }

    fn questionnaire(&self, canonical: &str) -> Option<Arc<Value>> {
        self.resource(canonical)
    }

    fn filter(&self, system: &str, name: &str) -> FilterName {
        let Some(code_system) = self.resource(system) else { return FilterName::UnknownSystem };
        let named = |list: &str| {
            let all = code_system[list].as_array().into_iter().flatten();
            all.into_iter().find(|one| one["code"] == name).cloned()
        };
        match (named("property"), named("filter")) {
            (_, Some(_)) => FilterName::Filter,
            (Some(property), None) => FilterName::Property(own_type(&property)),
            (None, None) => FilterName::Nothing,
        }
    }

    fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Membership {
        let Some(set) = self.expand(value_set, 0) else { return Membership::CannotTell };
        let found = match system {
            Some(system) => set.contains(&(system.to_owned(), code.to_owned())),
            None => set.iter().any(|one| one.1 == code),
        };
        if found { Membership::In } else { Membership::NotIn }
    }

    fn code(&self, system: &str, code: &str) -> CodeStatus {
        let Some(code_system) = self.resource(system) else { return CodeStatus::UnknownSystem };
        if code_system["resourceType"] != "CodeSystem" {
            return CodeStatus::UnknownSystem;
        }
        if code_system["supplements"].is_string() {
            return CodeStatus::Supplement;
        }
        let mut found = None;
        walk(&code_system["concept"], &mut |one| {
            if one["code"] == code {
                let others = one["designation"].as_array().into_iter().flatten().map(|other| &other["value"]);
                let displays = [&one["display"]].into_iter().chain(others);
                found = Some(displays.filter_map(Value::as_str).map(str::to_owned).collect());
            }
        });
        match found {
            Some(displays) => CodeStatus::Known(displays),
            None if code_system["content"] == "complete" => CodeStatus::Unknown,
            None => CodeStatus::CannotTell,
        }
    }

    fn enumerate(&self, value_set: &str) -> Option<Vec<(Box<str>, Box<str>)>> {
        let set = self.expand(value_set, 0).filter(|set| set.len() <= 256)?;
        Some(set.iter().map(|(system, code)| (system.as_str().into(), code.as_str().into())).collect())
    }
}
