//! Reads every file that the configuration names, each checked; all faults at once where possible.

use std::collections::BTreeMap;
use std::path::Path;

use super::{fault, packages};
use crate::catalogue::{self, Catalogue, Files};
use crate::clock;
use crate::config::{Config, Fault};
use crate::consent::{DutyDates, Policies};
use crate::pipeline::tells_of_births;
use crate::profile::Conformance;
use crate::reading;
use crate::route::{Directory, Known, May};
use crate::secrecy::is_letter_key;

/// What the files say.
pub(super) struct Said {
    pub(super) catalogue: Catalogue,
    pub(super) conformance: Conformance,
    pub(super) policies: Policies,
    pub(super) directory: Directory,
    pub(super) reading: reading::Table,
    pub(super) duty: DutyDates,
}

impl Said {
    /// Reads all of it.
    pub(super) fn read(config: &Config) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let catalogue = keep(catalogue(config), &mut faults);
        let policies = keep(policies(config), &mut faults);
        let conformance = keep(conformance(config), &mut faults);
        let reading = keep(reading(config), &mut faults);
        let known = known(config, catalogue.as_ref(), reading.as_ref());
        let directory = keep(directory(config, &known, conformance.as_ref()), &mut faults);
        let duty = config.settings.duty().map_err(|area| fault("policy", &format!("no day for {area}")));
        let duty = keep(duty, &mut faults);
        match (catalogue, conformance, policies, directory, reading, duty) {
            (
                Some(catalogue),
                Some(conformance),
                Some(policies),
                Some(directory),
                Some(reading),
                Some(duty),
            ) if faults.is_empty() => {
                let conformance = publishing(conformance, &catalogue);
                Ok(Self { catalogue, conformance, policies, directory, reading, duty })
            }
            _ => Err(faults),
        }
    }
}

pub(super) fn keep<T>(result: Result<T, Vec<Fault>>, faults: &mut Vec<Fault>) -> Option<T> {
    result.map_err(|more| faults.extend(more)).ok()
}

/// A file's text, or a fault that names it.
pub(super) fn text(path: &Path) -> Result<String, Vec<Fault>> {
    std::fs::read_to_string(path).map_err(|error| {
        vec![Fault { file: path.display().to_string(), line: 0, text: format!("cannot be read: {error}") }]
    })
}

/// The mappings of a folder, or those built in.
fn catalogue(config: &Config) -> Result<Catalogue, Vec<Fault>> {
    let folder = &config.settings.files.mappings;
    let loaded = if folder.is_empty() {
        Catalogue::builtin()
    } else {
        Catalogue::load(&mapping_files(&config.path(folder))?)
    };
    loaded.map_err(|faults| {
        let named = |fault: catalogue::Fault| Fault {
            file: format!("mappings/{}", fault.file),
            line: fault.line,
            text: fault.text,
        };
        faults.into_iter().map(named).collect()
    })
}

/// All files of a folder of mappings.
pub(crate) fn mapping_files(folder: &Path) -> Result<Files, Vec<Fault>> {
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files)?;
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<(), Vec<Fault>> {
    let unreadable = |error: std::io::Error| {
        vec![Fault { file: folder.display().to_string(), line: 0, text: format!("cannot be read: {error}") }]
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "md" || kind == "csv" || kind == "json") {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.insert(name, text(&path)?);
        }
    }
    Ok(())
}

/// The policies as the files say them now.
fn policies(config: &Config) -> Result<Policies, Vec<Fault>> {
    let folder = config.path(&config.settings.files.policies);
    let schema = text(&folder.join("kith.cedarschema"))?;
    let unreadable = |error: std::io::Error| {
        vec![Fault { file: folder.display().to_string(), line: 0, text: format!("cannot be read: {error}") }]
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|kind| kind == "cedar") {
            files.push((path.display().to_string(), text(&path)?));
        }
    }
    files.sort();
    let named: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Policies::load(&schema, &named).map_err(|faults| {
        faults
            .into_iter()
            .map(|fault| Fault { file: fault.file, line: fault.line, text: fault.sentence })
            .collect()
    })
}

/// What may pass of what others hold: the tables beside the policies where they are there, else those built in.
fn reading(config: &Config) -> Result<reading::Table, Vec<Fault>> {
    let folder = config.path(&config.settings.files.policies);
    let (datasets, elements) = (folder.join("reading-datasets.csv"), folder.join("reading-elements.csv"));
    let read = match (datasets.exists(), elements.exists()) {
        (false, false) => reading::Table::builtin(),
        _ => reading::Table::read(&text(&datasets)?, &text(&elements)?),
    };
    read.map_err(|faults| {
        let named = |fault: reading::Fault| Fault {
            file: folder.join(fault.file).display().to_string(),
            line: fault.line,
            text: fault.text,
        };
        faults.into_iter().map(named).collect()
    })
}

/// What the directory may name.
fn known(config: &Config, catalogue: Option<&Catalogue>, reading: Option<&reading::Table>) -> Known {
    let kinds = || catalogue.into_iter().flat_map(Catalogue::kinds);
    Known {
        kinds: kinds().map(|kind| kind.name.clone()).collect(),
        receive_only: kinds().filter(|kind| !kind.mapping.has_door()).map(|kind| kind.name.clone()).collect(),
        of_births: kinds()
            .filter(|kind| {
                kind.mapping.has_door() && kind.mapping.register.is_none() && tells_of_births(&kind.mapping)
            })
            .map(|kind| kind.name.clone())
            .collect(),
        flat: kinds()
            .filter(|kind| kind.mapping.receive_only && !kind.mapping.columns.is_empty())
            .map(|kind| kind.name.clone())
            .collect(),
        readable: reading.into_iter().flat_map(reading::Table::types).map(str::to_owned).collect(),
        issuers: config.settings.issuer.iter().map(|issuer| issuer.url.clone()).collect(),
    }
}

/// Kith's profiles, and the packages that the operator adds.
fn conformance(config: &Config) -> Result<Conformance, Vec<Fault>> {
    let mut faults = Vec::new();
    let paths = config.settings.files.packages.iter().map(|path| config.path(path));
    let loaded = paths.map(|path| packages::load(&path).map_err(|error| fault("files.packages", &error)));
    let loaded: Vec<_> = loaded.filter_map(|package| keep(package, &mut faults)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Conformance::new(loaded, clock::now).map_err(|error| fault("files.packages", &error))
}

/// With the profiles, the mappings in FHIR's own mapping language.
fn publishing(conformance: Conformance, catalogue: &Catalogue) -> Conformance {
    let catalogue = catalogue.clone();
    conformance.publishing(move || catalogue.definitions())
}

fn directory(
    config: &Config,
    known: &Known,
    conformance: Option<&Conformance>,
) -> Result<Directory, Vec<Fault>> {
    let path = config.path(&config.settings.files.directory);
    let may = May {
        call: &|address| config.settings.may_call(address),
        // Where the profiles themselves cannot be read, that is fault enough.
        demand: &|profile| conformance.is_none_or(|all| all.type_of(profile).as_deref() == Some("Bundle")),
        seal: &is_letter_key,
    };
    let read = Directory::read(&text(&path)?, known, &may);
    read.map_err(|faults| {
        let file = path.display().to_string();
        faults
            .into_iter()
            .map(|fault| Fault { file: file.clone(), line: fault.line, text: fault.text })
            .collect()
    })
}
