//! The profiles by which messages are judged: Kith's own, and those of packages that the operator adds.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::definitions::{DefinitionError, Definitions};
use super::engine::{self, Clock};
use super::package::Package;
use super::published::Publications;
use super::structure;
use super::validator::{Outcome, Validator};
use super::walk::{Settings, Unknown};
use crate::problem::{Issue, Severity};

/// Where Kith's profiles are.
const PROFILES: &str = "https://kith.example/fhir/StructureDefinition/";

/// Kith's own profile of what it delivers as FHIR, by its id.
pub const DELIVERED: &str = "delivered-message";

/// Profiles, and the validators that hold resources against them.
pub struct Conformance {
    /// Read when somebody asks for them.
    publications: OnceLock<Publications>,
    /// Definitions beside those of the package.
    others: Option<Box<MakeDefinitions>>,
    definitions: Arc<Definitions>,
    /// For messages: what a mapping may drop and name in the ledger is no error there.
    at_the_doors: Validator,
    /// For whoever tests a system: everything.
    whole: Validator,
}

/// Makes definitions when somebody asks for them.
type MakeDefinitions = dyn Fn() -> Vec<Value> + Send + Sync;

impl std::fmt::Debug for Conformance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conformance").field("definitions", &self.definitions).finish_non_exhaustive()
    }
}

/// Why the profiles cannot be used, as a sentence without a full stop.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl From<DefinitionError> for Unusable {
    fn from(error: DefinitionError) -> Self {
        Self(error.to_string())
    }
}

impl Conformance {
    /// FHIR R4, Kith's profiles, and these packages, of which later ones win.
    pub fn new(packages: Vec<Package>, clock: Clock) -> Result<Self, Unusable> {
        let own = engine::own_package().map_err(|error| Unusable(error.to_string()))?;
        let mut definitions = Definitions::core()?.with(own);
        for package in packages {
            definitions = definitions.with(package);
        }
        let definitions = Arc::new(definitions);
        // At the doors it is the message and the partner's registration that say which profile holds.
        let lenient = Settings { unknown: Unknown::Pass, guides_hold_for_all: false, ..engine::settings() };
        Ok(Self {
            publications: OnceLock::new(),
            others: None,
            at_the_doors: engine::validator(Arc::clone(&definitions), clock, lenient)?,
            whole: engine::validator(Arc::clone(&definitions), clock, engine::settings())?,
            definitions,
        })
    }

    /// Publishes these definitions too, which are made when somebody asks.
    #[must_use]
    pub fn publishing(mut self, others: impl Fn() -> Vec<Value> + Send + Sync + 'static) -> Self {
        self.others = Some(Box::new(others));
        self
    }

    /// Everything that can be said of a resource, for whoever tests a system.
    pub fn validate(&self, text: &str, profiles: &[&str]) -> Outcome {
        self.whole.validate(text, profiles)
    }

    /// What is known of codes and value sets, of R4, Kith's own and those of packages.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// What others may build on.
    pub fn publications(&self) -> &Publications {
        // The same archive was read for its definitions when Kith started.
        let read = || Publications::read("Kith's profiles", engine::own_archive()).unwrap_or_default();
        self.publications.get_or_init(|| {
            let mut publications = read();
            self.others.iter().flat_map(|make| make()).for_each(|one| publications.publish(one));
            publications
        })
    }

    /// Whether FHIR R4 has resources of that type.
    pub fn is_resource_type(&self, name: &str) -> bool {
        let structure = self.definitions.type_structure(name);
        structure.is_ok_and(|one| one.kind == "resource" && !one.is_abstract && !one.constrains)
    }

    /// Whether there is such a profile, of any type.
    pub fn knows(&self, canonical: &str) -> bool {
        self.definitions.structure(canonical).is_ok()
    }

    /// The type that a profile constrains, such as `Bundle`.
    pub fn type_of(&self, canonical: &str) -> Option<String> {
        self.definitions.structure(canonical).ok().map(|structure| structure.type_name.clone())
    }

    /// Kith's own profile of that id, where it has one.
    pub fn own(&self, id: &str) -> Option<String> {
        let canonical = format!("{PROFILES}{id}");
        self.knows(&canonical).then_some(canonical)
    }

    /// What is wrong with a message or another resource that comes in by a door, in the order of its text; then what holds
    /// for any FHIR that Kith reads. Remarks are for whoever tests a system, and patches may hold values of the message:
    /// both are left out.
    pub fn issues(&self, text: &str, value: &Value, profile: Option<&str>) -> Vec<Issue> {
        let profiles: Vec<&str> = profile.into_iter().collect();
        let found = self.at_the_doors.validate(text, &profiles).issues().into_iter();
        let mut issues: Vec<Issue> = found.filter(is_error).map(without_patch).collect();
        let said = |issue: &Issue| issues.iter().any(|one| one.expression == issue.expression);
        let own: Vec<Issue> = structure::issues(value).into_iter().filter(|issue| !said(issue)).collect();
        issues.extend(own);
        issues
    }

    /// What is wrong with something that Kith is about to send, as the keys of broken rules and the places of faults.
    pub fn faults(&self, text: &str, profile: &str) -> Vec<String> {
        let found = self.at_the_doors.validate(text, &[profile]).findings.into_iter();
        let wrong = found.filter(|one| one.issue.severity == Severity::Error);
        wrong.map(|one| one.rule.or(one.issue.expression).unwrap_or(one.issue.code)).collect()
    }
}

fn is_error(issue: &Issue) -> bool {
    issue.severity == Severity::Error
}

fn without_patch(issue: Issue) -> Issue {
    Issue { patch: None, ..issue }
}
