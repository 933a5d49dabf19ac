//! Reads every file that the configuration names and makes the parts of the house; all faults at once where possible.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::{certificates, credentials, fault, heralds, packages};
use crate::catalogue::{Catalogue, Files};
use crate::clock;
use crate::config::{Config, Fault};
use crate::consent::{InForce, Policies};
use crate::deliver::token::PartnerTokens;
use crate::deliver::{Courier, Herald, PartnerSources};
use crate::metrics::Metrics;
use crate::pipeline::{Circuits, Clockwork, House, Sources};
use crate::profile::Conformance;
use crate::reading;
use crate::receive::caller::{IssuerSettings, Issuers};
use crate::route::{Directory, Known, May};
use crate::secrecy::Vault;
use crate::store::Store as _;
use crate::store::sql::SqlStore;

/// Everything that runs.
pub(super) struct Parts {
    pub(super) house: Arc<House>,
    pub(super) issuers: Arc<Issuers>,
    pub(super) courier: Courier,
    pub(super) herald: Herald,
    pub(super) sources: Arc<dyn Sources>,
    pub(super) sign_in: crate::receive::SignIn,
}

pub(super) async fn parts(config: &Config) -> Result<Parts, Vec<Fault>> {
    let house = house(config).await?;
    let security = &config.settings.security;
    let http = certificates::client(config)?;
    let keep = Duration::from_secs(u64::try_from(security.issuer_keys_minutes_max).unwrap_or_default() * 60);
    let issuers = config.settings.issuer.iter().map(|issuer| {
        let mut settings = IssuerSettings::new(&issuer.url, &issuer.audience);
        settings.allow_http = security.allow_http_loopback;
        settings.keep_keys = keep;
        if !issuer.algorithms.is_empty() {
            settings.algorithms.clone_from(&issuer.algorithms);
        }
        settings
    });
    let issuers = Issuers::new(issuers.collect(), http.clone()).map_err(|error| fault("issuer", &error))?;
    let directory = &house.directory;
    let endpoints = directory.partners().filter_map(|one| Some((one, &one.endpoint.as_ref()?.token)));
    let tokens = PartnerTokens::new(credentials::of(config, endpoints)?, http.clone());
    let tokens = tokens.map_err(|error| fault("directory", &error))?;
    let asked = directory.partners().filter_map(|one| Some((one, &one.source.as_ref()?.token)));
    let for_sources = PartnerTokens::new(credentials::of(config, asked)?, http.clone());
    let for_sources = for_sources.map_err(|error| fault("directory", &error))?;
    let patience = Duration::from_millis(config.settings.reading.source_timeout_ms);
    let sources = Arc::new(PartnerSources::new(http.clone(), for_sources, patience));
    let herald = heralds::herald(config, directory, http.clone())?;
    let timeout = Duration::from_secs(config.settings.delivery.attempt_timeout_seconds);
    Ok(Parts {
        house: Arc::new(house),
        issuers: Arc::new(issuers),
        courier: Courier::new(http.clone(), tokens, timeout),
        herald,
        sources,
        sign_in: credentials::sign_in(config, http)?,
    })
}

/// The house: catalogue, policies, directory, keys and store.
pub async fn house(config: &Config) -> Result<House, Vec<Fault>> {
    let mut faults = Vec::new();
    let catalogue = keep(catalogue(config), &mut faults);
    let policies = keep(policies(config), &mut faults);
    let conformance = keep(conformance(config), &mut faults);
    let reading = keep(reading(config), &mut faults);
    let known = known(config, catalogue.as_ref(), reading.as_ref());
    let directory = keep(directory(config, &known, conformance.as_ref()), &mut faults);
    let key = config.path(&config.settings.store.key_file);
    let vault = keep(Vault::from_file(&key).map_err(|error| fault("store.key_file", &error)), &mut faults);
    match (catalogue, conformance, policies, directory, vault, reading) {
        (Some(catalogue), Some(conformance), Some(policies), Some(directory), Some(vault), Some(reading))
            if faults.is_empty() =>
        {
            let store = SqlStore::open_at(&config.store()).await;
            let store = Arc::new(store.map_err(|error| fault("store", &error))?);
            let register = Arc::<SqlStore>::clone(&store);
            let operations = Arc::<SqlStore>::clone(&store);
            let inboxes = Arc::<SqlStore>::clone(&store);
            let unreads = Arc::<SqlStore>::clone(&store);
            let duty =
                config.settings.duty().map_err(|area| fault("policy", &format!("no day for {area}")))?;
            know_again(store.as_ref(), &vault).await?;
            let latest = store.last_entry_at().await.map_err(|error| fault("store", &error))?;
            let tolerance = TimeDelta::seconds(config.settings.policy.clock_tolerance_seconds);
            let clockwork = Clockwork::new(latest, tolerance);
            let policies = InForce::new(policies);
            Ok(House {
                conformance: publishing(conformance, &catalogue),
                catalogue,
                policies,
                clockwork,
                circuits: circuits(config),
                metrics: Metrics::default(),
                directory,
                reading,
                vault,
                store,
                register,
                operations,
                unreads,
                inboxes,
                duty,
            })
        }
        _ => Err(faults),
    }
}

/// Nobody goes on with another key than the one before: nothing on file could be opened, and every child would be a new one.
async fn know_again(store: &SqlStore, vault: &Vault) -> Result<(), Vec<Fault>> {
    match store.knows_key(&vault.digest("master key", b"mark")).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let text = "this is not the master key with which the store was made; give that one back";
            Err(fault("store.key_file", &text))
        }
        Err(error) => Err(fault("store", &error)),
    }
}

fn circuits(config: &Config) -> Circuits {
    let delivery = &config.settings.delivery;
    let seconds = Duration::from_secs;
    Circuits::new(
        delivery.circuit_after,
        seconds(delivery.retry_first_seconds),
        seconds(delivery.retry_max_seconds),
    )
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
        let named = |fault: crate::catalogue::Fault| Fault {
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
pub(super) fn policies(config: &Config) -> Result<Policies, Vec<Fault>> {
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
