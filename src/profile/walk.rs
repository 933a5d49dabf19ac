//! One pass over a document, led by plans: every fault that is found becomes a finding with its place.

mod binding;
mod bundle;
mod contained;
mod datatype;
mod extension;
mod findings;
mod item;
mod known;
mod limits;
mod members;
mod narrative;
mod place;
mod primitive;
mod reference;
mod resource;
mod rules;
mod slices;
mod special;
mod trial;
mod value;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::needs::{Definitions, Rules};
use super::plan::{Plan, Plans, Slot, Type, View};
use crate::json::document::{Document, Id};

pub use bundle::Bundle;
pub use findings::{Finding, Findings};
pub use place::Place;
pub use value::{contains, equals};

/// What is said of extensions, and of code systems under FHIR's address, that no definition knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are errors, but for those at addresses of examples.
    Errors,
    /// Nothing: whoever reads the resource names what it does not carry on.
    Pass,
}

/// What a validator may be told to do otherwise.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The most errors that are kept, and the most remarks beside them.
    pub issues_max: usize,
    /// How deep JSON may nest.
    pub depth_max: usize,
    /// What is said of what no definition knows.
    pub unknown: Unknown,
    /// Whether rules of best practice are asked.
    pub best_practice_is_told: bool,
    /// Whether markup in plain text is an error.
    pub markup_is_error: bool,
    /// Whether contained resources are checked.
    pub contained_is_checked: bool,
    /// Whether references between the resources of one message must lead somewhere.
    pub references_must_resolve: bool,
    /// Whether the profiles that implementation guides ask of all resources of a type must be met by those that do not claim them.
    pub guides_hold_for_all: bool,
    /// Whether JSON may have comments.
    pub comments_are_allowed: bool,
    /// Whether addresses of examples are errors.
    pub examples_are_errors: bool,
    /// Addresses of extensions that are known to exist, though no definition of them is at hand.
    pub extensions_of_others: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            issues_max: 1_000,
            depth_max: 128,
            unknown: Unknown::Errors,
            best_practice_is_told: false,
            markup_is_error: false,
            contained_is_checked: true,
            references_must_resolve: false,
            guides_hold_for_all: true,
            comments_are_allowed: false,
            examples_are_errors: false,
            extensions_of_others: vec![],
        }
    }
}

/// Which resource the walk is in.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// The resource.
    pub resource: Id,
    /// The resource that contains it, or itself.
    pub root: Id,
    /// The Bundle around it, as its number among those met.
    pub bundle: Option<usize>,
    /// The `fullUrl` of the entry it is in.
    pub full_url: Option<Id>,
}

/// Where a child's value and its `_value` were met.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    value: Option<Id>,
    shadow: Option<Id>,
    kind: u16,
}

/// The walk.
pub struct Walk<'w, 't> {
    /// The document.
    pub document: &'w Document<'t>,
    /// Plans.
    pub plans: &'w Plans,
    /// What was found.
    pub findings: Findings,
    /// Where the walk is.
    pub scope: Scope,
    settings: &'w Settings,
    rules: &'w dyn Rules,
    /// Bundles met so far.
    bundles: Vec<Bundle<'t>>,
    seen: Vec<Seen>,
    /// Profile checks that were made or are being made, so that circles end.
    judged: HashMap<(Id, Slot), bool>,
    /// What was said once and need not be said again, each with how much had been said before it.
    said: HashMap<String, usize>,
    /// How many trials are under way.
    trying: usize,
    /// Whether this walk only finds out who demands something.
    finds_out: bool,
    /// So many findings' worth of errors, and the trial that is under way is lost.
    lost_at: usize,
    /// Ids of elements, as they were met.
    ids: Vec<Id>,
    /// What narrative may link to, once it was asked for.
    anchors: Option<HashSet<String>>,
    work: usize,
    /// How many walks for rules of profiles are around this one.
    depth: usize,
    /// The steps that walks for rules took.
    lent: Cell<usize>,
}

/// So many steps for each node of the document, before the walk gives up.
const WORK_PER_NODE: usize = 400;

impl<'w, 't> Walk<'w, 't> {
    /// A walk that has not begun.
    pub fn new(
        document: &'w Document<'t>,
        plans: &'w Plans,
        rules: &'w dyn Rules,
        settings: &'w Settings,
    ) -> Self {
        let root = document.root();
        Self {
            document,
            plans,
            findings: Findings::new(settings.issues_max),
            scope: Scope { resource: root, root, bundle: None, full_url: None },
            settings,
            rules,
            bundles: vec![],
            seen: Vec::with_capacity(256),
            judged: HashMap::new(),
            said: HashMap::new(),
            trying: 0,
            finds_out: false,
            lost_at: usize::MAX,
            ids: vec![],
            anchors: None,
            work: document.len().saturating_mul(WORK_PER_NODE).saturating_add(100_000),
            depth: 0,
            lent: Cell::new(0),
        }
    }

    /// The definitions behind the plans.
    pub fn definitions(&self) -> &'w dyn Definitions {
        &**self.plans.definitions()
    }

    /// The document as rules see it.
    pub fn view(&self) -> View<'w, 't> {
        View { document: self.document, resource: self.scope.resource, root: self.scope.root }
    }

    /// Whether a thing is said for the first time.
    fn first(&mut self, what: String) -> bool {
        let before = self.said.len();
        self.trying == 0 && *self.said.entry(what).or_insert(before) == before
    }

    /// Takes a step; false when there were enough.
    fn step(&mut self, place: &Place<'_>, node: Id) -> bool {
        if self.is_lost() {
            return false;
        }
        if self.work == 0 || self.findings.is_full() {
            if self.work == 0 && self.first("work".to_owned()) {
                self.findings.error(
                    place,
                    node,
                    "too-costly",
                    "Checking this takes too much work; the rest was not checked. Send it in smaller parts.",
                );
            }
            return false;
        }
        self.work -= 1;
        true
    }

    /// The plan of a type, found once for each use.
    fn type_plan(&self, one: &'w Type) -> Option<&'w Plan> {
        let slot = one.slot.get_or_init(|| self.plans.slot(&one.name).ok());
        slot.and_then(|slot| self.plans.get(slot))
    }
}

#[cfg(test)]
mod tests;
