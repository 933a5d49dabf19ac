//! Everything that a message is judged by and kept in, in one place.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Circuits, Clockwork};
use crate::catalogue::{Catalogue, Kind};
use crate::consent::{DutyDates, Policies};
use crate::domain::Demographics;
use crate::message::Received;
use crate::metrics::Metrics;
use crate::problem::{Category, Problem};
use crate::profile::Conformance;
use crate::reading;
use crate::route::Directory;
use crate::secrecy::{SecrecyError, Vault};
use crate::store::{
    Answers, Births, Inboxes, Numbers, Operations, Parcel, Register, Sealed, Sessions, Store, Unreads,
};

/// Everything a message is judged by: loaded and checked whole, the same for all. When the files change there is another house, of the
/// same keys and store; what began in this one ends in it.
pub struct House {
    /// Record kinds.
    pub catalogue: Catalogue,
    /// Profiles.
    pub conformance: Conformance,
    /// Policies.
    pub policies: Policies,
    /// Whether the clock can be believed.
    pub clockwork: Arc<Clockwork>,
    /// Which recipients are left alone for a while.
    pub circuits: Arc<Circuits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Partners and areas.
    pub directory: Directory,
    /// What may pass of what others hold.
    pub reading: reading::Table,
    /// Keys.
    pub vault: Arc<Vault>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Schools, children and places.
    pub register: Arc<dyn Register>,
    /// What operators look at and change.
    pub operations: Arc<dyn Operations>,
    /// What nobody said they read.
    pub unreads: Arc<dyn Unreads>,
    /// What is kept for partners without a system.
    pub inboxes: Arc<dyn Inboxes>,
    /// What askers were answered.
    pub answers: Arc<dyn Answers>,
    /// Which numbers are one child's.
    pub numbers: Arc<dyn Numbers>,
    /// What messages told of births.
    pub births: Arc<dyn Births>,
    /// Which people signed out.
    pub sessions: Arc<dyn Sessions>,
    /// When the s.16LA duty begins, here and there.
    pub duty: DutyDates,
}

impl House {
    /// The kind of that name, or a 404.
    pub fn kind(&self, name: &str) -> Result<Arc<Kind>, Problem> {
        self.catalogue.kind(name).cloned().ok_or_else(|| {
            let names: Vec<&str> = self.catalogue.kinds().map(|kind| kind.name.as_str()).collect();
            Problem::new(
                Category::NotFound,
                format!("There is no such record kind. There are: {}.", names.join(", ")),
            )
        })
    }

    /// Whether a message of this kind is only done with when a person at the recipient said that they read it.
    pub fn is_awaited(&self, kind: &str) -> bool {
        self.catalogue.kind(kind).is_some_and(|kind| kind.mapping.read_by_a_person)
    }

    /// The kinds of which that holds.
    pub fn awaited(&self) -> impl Iterator<Item = &str> {
        self.catalogue.kinds().filter(|kind| kind.mapping.read_by_a_person).map(|kind| kind.name.as_str())
    }

    /// The kinds by which a family registers with their sender, which ends a no-visit rule there.
    pub fn registering(&self) -> Vec<String> {
        let kinds = self.catalogue.kinds().filter(|kind| kind.mapping.ends_no_visit_rule);
        kinds.map(|kind| kind.name.clone()).collect()
    }

    /// The profile that a message must meet, besides those that it claims: the one that the directory names for this
    /// partner and kind, else Kith's own of the kind, where there is one.
    pub(super) fn profile_of(&self, received: &Received) -> Option<String> {
        let partner = self.directory.partner(&received.sender.partner);
        let registered = partner.and_then(|partner| partner.profiles.get(&received.kind)).cloned();
        registered.or_else(|| self.conformance.own(&format!("{}-message", received.kind)))
    }

    /// Whether the s.16LA duty is in force where this child lives.
    pub fn duty_in_force(&self, child: &Demographics, at: DateTime<Utc>) -> bool {
        self.duty.in_force(child.postcode.as_ref(), at)
    }

    /// A sealed JSON value.
    pub fn seal_json(&self, context: &str, value: &Value) -> Result<Sealed, Problem> {
        self.vault
            .seal(context, value.to_string().as_bytes())
            .map_err(|error| Problem::internal("seal what it keeps", &error))
    }

    /// A JSON value sealed with a key of its own.
    pub fn seal_parcel(&self, context: &str, value: &Value) -> Result<Parcel, Problem> {
        self.vault
            .seal_alone(context, value.to_string().as_bytes())
            .map_err(|error| Problem::internal("seal what it keeps", &error))
    }

    /// A JSON value that was sealed with a key of its own, opened; `None` when that key is gone.
    pub fn open_parcel(&self, context: &str, parcel: &Parcel) -> Result<Option<Value>, Problem> {
        let bytes = match self.vault.open_alone(context, parcel) {
            Ok(bytes) => bytes,
            Err(SecrecyError::Erased) => return Ok(None),
            Err(error) => return Err(Problem::internal("open what it keeps", &error)),
        };
        let value = serde_json::from_slice(&bytes);
        value.map(Some).map_err(|error| Problem::internal("read what it keeps", &error))
    }

    /// A sealed JSON value, opened.
    pub fn open_json(&self, context: &str, sealed: &Sealed) -> Result<Value, Problem> {
        let bytes = self
            .vault
            .open(context, sealed)
            .map_err(|error| Problem::internal("open what it keeps", &error))?;
        serde_json::from_slice(&bytes).map_err(|error| Problem::internal("read what it keeps", &error))
    }
}
