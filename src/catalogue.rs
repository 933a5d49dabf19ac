//! Every record kind, loaded and checked once at start. A kind is a folder in `mappings/`; nothing here knows one by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::json::{self, Limits};
use crate::map::{self, CodeMap, LineFault, Mapping, Names, Vocabulary};
use crate::profile::definitions::{DefinitionError, Definitions};
use crate::profile::engine::types;
use crate::profile::fhirpath::{LazyTypes, Model, NoModel};
use crate::record::Schema;

include!(concat!(env!("OUT_DIR"), "/mappings.rs"));

/// A record kind: its schema, its mapping and its examples.
#[derive(Debug)]
pub struct Kind {
    /// The kind's name: its folder's.
    pub name: String,
    /// Its JSON Schema.
    pub schema: Schema,
    /// Its mapping.
    pub mapping: Mapping,
    /// Example records by file name.
    pub examples: Vec<(String, Value)>,
}

/// A fault in a file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, below `mappings/`.
    pub file: String,
    /// The line, from 1; 0 when the fault is of the whole file.
    pub line: usize,
    /// A sentence.
    pub text: String,
}

impl Kind {
    /// The record as a logical model of FHIR.
    pub fn logical_model(&self) -> Value {
        map::logical_model(&self.mapping, self.schema.json())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mappings/{}:{}: {}", self.file, self.line, self.text)
    }
}

/// All record kinds.
#[derive(Debug, Clone)]
pub struct Catalogue {
    kinds: BTreeMap<String, Arc<Kind>>,
    /// The elements of FHIR R4, read when a mapping is exported: few installations are ever asked for it.
    model: Arc<OnceLock<Option<LazyTypes>>>,
}

/// The files of a catalogue: path below `mappings/` → text.
pub type Files = BTreeMap<String, String>;

impl Catalogue {
    /// The kinds that come with Kith.
    pub fn builtin() -> Result<Self, Vec<Fault>> {
        Self::load(&builtin_files())
    }

    /// Reads and checks a folder's files; every fault is named.
    pub fn load(files: &Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let vocabulary = vocabulary(files, &mut faults);
        let model = elements().map_err(|error| vec![fault("FHIR R4", (1, error.to_string()))])?;
        let mut kinds = BTreeMap::new();
        let pages = files.iter().filter_map(|(path, text)| Some((path.strip_suffix("/mapping.md")?, text)));
        for (folder, page) in pages {
            match kind(folder, page, files, &vocabulary, &model) {
                Ok(kind) => {
                    kinds.insert(folder.to_owned(), Arc::new(kind));
                }
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() { Ok(Self { kinds, model: Arc::default() }) } else { Err(faults) }
    }

    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<&Arc<Kind>> {
        self.kinds.get(name)
    }

    /// All kinds, by name.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }

    /// A kind's mapping in FHIR's own mapping language.
    pub fn exported(&self, kind: &Kind, direction: map::Direction) -> map::Exported {
        // They could be read when the mappings were loaded, so they can be read now.
        let model: &dyn Model = match self.model.get_or_init(|| elements().ok()) {
            Some(model) => model,
            None => &NoModel,
        };
        map::export(&kind.mapping, direction, model)
    }

    /// Both maps and the logical model of every kind.
    pub fn definitions(&self) -> Vec<Value> {
        let maps = |kind: &Kind| map::Direction::ALL.map(|direction| self.exported(kind, direction).resource);
        self.kinds().flat_map(|kind| maps(kind).into_iter().chain([kind.logical_model()])).collect()
    }

    /// The kind whose messages carry this event.
    pub fn by_event(&self, system: &str, code: &str) -> Option<&Arc<Kind>> {
        self.kinds.values().find(|kind| kind.mapping.event == (system.to_owned(), code.to_owned()))
    }
}

/// The elements of FHIR R4.
fn elements() -> Result<LazyTypes, DefinitionError> {
    types(&Arc::new(Definitions::core()?))
}

/// The files compiled into this program.
pub fn builtin_files() -> Files {
    BUILTIN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn fault(file: &str, (line, text): LineFault) -> Fault {
    Fault { file: file.to_owned(), line, text }
}

fn vocabulary(files: &Files, faults: &mut Vec<Fault>) -> Vocabulary {
    let names = files.get("names.csv").map_or_else(|| Ok(Names::default()), |text| Names::parse(text));
    let names = names.unwrap_or_else(|error| {
        faults.push(fault("names.csv", error));
        Names::default()
    });
    let mut vocabulary = Vocabulary { names, codes: BTreeMap::new() };
    add_codes("codes/", files, &mut vocabulary, faults);
    vocabulary
}

fn add_codes(folder: &str, files: &Files, vocabulary: &mut Vocabulary, faults: &mut Vec<Fault>) {
    for (path, text) in files {
        let Some(name) = path.strip_prefix(folder).and_then(|name| name.strip_suffix(".csv")) else {
            continue;
        };
        match CodeMap::parse(name, text, &vocabulary.names) {
            Ok(map) => {
                vocabulary.codes.insert(name.to_owned(), Arc::new(map));
            }
            Err(more) => faults.extend(more.into_iter().map(|error| fault(path, error))),
        }
    }
}

fn kind(
    folder: &str,
    page: &str,
    files: &Files,
    shared: &Vocabulary,
    model: &LazyTypes,
) -> Result<Kind, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut vocabulary = shared.clone();
    add_codes(&format!("{folder}/codes/"), files, &mut vocabulary, &mut faults);
    let page_file = format!("{folder}/mapping.md");
    let schema = schema(folder, files, &mut faults);
    let mapping = map::mapping(page, &vocabulary);
    let mut mapping =
        mapping.map_err(|more| faults.extend(more.into_iter().map(|error| fault(&page_file, error)))).ok();
    if let (Some(schema), Some(mapping)) = (&schema, &mut mapping) {
        mapping.learn(schema.leaves());
    }
    if let (Some(schema), Some(mapping)) = (&schema, &mapping) {
        let wrong = map::check(mapping, schema.leaves()).into_iter().chain(map::elements(mapping, model));
        faults.extend(wrong.map(|error| fault(&page_file, error)));
        if mapping.kind != folder {
            faults.push(fault(
                &page_file,
                (1, format!("the head says kind '{}', the folder '{folder}'", mapping.kind)),
            ));
        }
    }
    let examples =
        schema.as_ref().map_or_else(Vec::new, |schema| examples(folder, files, schema, &mut faults));
    match (schema, mapping) {
        (Some(schema), Some(mapping)) if faults.is_empty() => {
            Ok(Kind { name: folder.to_owned(), schema, mapping, examples })
        }
        _ => Err(faults),
    }
}

fn parsed(file: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Value> {
    let read = json::read(text.as_bytes(), Limits::default());
    read.map_err(|problem| {
        for issue in problem.issues {
            let (line, _) = issue.position.unwrap_or_default();
            faults.push(fault(file, (line, issue.text)));
        }
    })
    .ok()
}

fn schema(folder: &str, files: &Files, faults: &mut Vec<Fault>) -> Option<Schema> {
    let file = format!("{folder}/record.schema.json");
    let Some(text) = files.get(&file) else {
        faults.push(fault(&file, (0, "the kind has no schema".to_owned())));
        return None;
    };
    let compiled = Schema::compile(parsed(&file, text, faults)?);
    compiled.map_err(|more| faults.extend(more.into_iter().map(|text| fault(&file, (0, text))))).ok()
}

fn examples(folder: &str, files: &Files, schema: &Schema, faults: &mut Vec<Fault>) -> Vec<(String, Value)> {
    let prefix = format!("{folder}/examples/");
    let mut examples = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(&prefix)) {
        let Some(record) = parsed(path, text, faults) else { continue };
        let wrong = schema.faults(&record);
        faults.extend(wrong.into_iter().map(|issue| fault(path, (0, issue.text))));
        examples.push((path.trim_start_matches(&prefix).to_owned(), record));
    }
    examples
}
