//! The whole story of a message on one page: every branch it can take between the doors.
//!
//! `carry` takes what a door received and ends with one durable transaction: message, outbox, consents and journal, or
//! nothing. `release` is asked by the worker for each attempt: it decides again and gives the message to send, or says
//! that it may not leave any more. `after_a_change` does what follows when a child's consents change.
//!
//! Questions that are no messages are put to the same house and have a file each: `read_through`, `explain`, `school`, `births`.

mod acceptance;
mod births;
mod child;
mod circuits;
mod clockwork;
mod consents;
mod contents;
mod explain;
mod family;
mod form;
mod heads;
mod operations;
mod parcel;
mod preview;
mod read_through;
mod release;
mod school;
mod trouble;
mod unread;
mod withdrawal;

pub use acceptance::{Accepted, Answer, Extras, Reply, answer_context};
pub use births::{BirthList, Born, Order, list_births, list_kept, tells_of_births};
pub use child::{Foundation, protect, read_child, read_patient};
pub use circuits::{Circuit, Circuits, Contact};
pub use clockwork::Clockwork;
pub use consents::{
    category_of, consent_scope, opened as opened_consents, stamped, stored as stored_consent,
};
pub use explain::{ENTRIES_MAX, Explained, Past, Supposed, entries_of, explain_now, explain_past};
pub use family::{Family, NoVisit};
pub use form::checked_record;
pub use heads::sign_head;
pub use operations::{Foreseen, Operator, foresee, hold_back, life, park, replay};
pub use preview::{Previewed, preview};
pub use read_through::{Found, Reading, Sources, Step, Unanswered, read_through};
pub use release::{Outgoing, Release, release};
pub use school::{
    Asking, Decider, Found as FoundSchool, Intake, Ruling, Sought, Waiting, begin_import, commit_import,
    open_waiting, rule, which_school,
};
pub use trouble::{duplicate, unavailable};
pub use unread::{
    Letter, Notice, Part, Patience, Told, UNREAD_AT_ONCE, Unreachable, is_done, letters, overdue, told,
    unread,
};
pub use withdrawal::{RECALL, after_a_change, catch_up};

use trouble::changed_meanwhile;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tracing::{Instrument as _, info_span};

use crate::catalogue::{Catalogue, Kind};
use crate::consent::{self, Decision, DutyDates, Policies, Question};
use crate::domain::{ChildKey, Demographics, PartnerId};
use crate::message::{Mapped, Received, Recipient};
use crate::metrics::Metrics;
use crate::problem::{Category, Problem};
use crate::profile::Conformance;
use crate::reading;
use crate::route::{self, Directory};
use crate::secrecy::{SecrecyError, Vault};
use crate::store::{
    Answers, Births, ChildFile, ConsentChange, Inboxes, Operations, Register, Sessions, Store, StoreError,
    Unreads,
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
    /// What messages told of births.
    pub births: Arc<dyn Births>,
    /// Which people signed out.
    pub sessions: Arc<dyn Sessions>,
    /// When the s.16LA duty begins, here and there.
    pub duty: DutyDates,
}

/// A decision about one recipient.
pub struct Judged {
    /// Who it is about.
    pub recipient: Recipient,
    /// What was decided.
    pub decision: Decision,
    /// Whether it is around the child because it was told of the flag that now ends.
    pub told: bool,
}

/// A message that was checked and mapped, with what is on file about its child.
struct Prepared {
    kind: Arc<Kind>,
    mapped: Mapped,
    key: ChildKey,
    file: ChildFile,
    arriving: Vec<ConsentChange>,
}

/// Everything before the decision: what does not conform, fit or name its child is refused here.
async fn prepare(house: &House, received: Received) -> Result<Prepared, Problem> {
    house.clockwork.check(received.at)?;
    let kind = house.kind(&received.kind)?;
    let checked = info_span!("check", kind = kind.name).in_scope(|| form::checked(house, &kind, received))?;
    let mut mapped = info_span!("map").in_scope(|| form::map_message(house, &kind, &checked))?;

    let key = house.vault.child_key(&mapped.child.nhs_number);
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;

    let sender = mapped.sender.partner.clone();
    // The school is around the child whether or not the message names it.
    mapped.child.schools = school::attended(house, &key, mapped.at).await?;
    child::protect(&mut mapped.child, &file, &sender, &mapped.protections);
    let arriving = consents::arriving(house, &mapped, &file)?;
    mapped.ledger.extend(arriving.remarks);
    Ok(Prepared { kind, mapped, key, file, arriving: arriving.changes })
}

/// Carries a received message to acceptance. Every branch is here; what each step does is in its own room.
pub async fn carry(house: &House, received: Received, extras: Extras<'_>) -> Result<Accepted, Problem> {
    let Prepared { kind, mapped, key, file, arriving } = prepare(house, received).await?;
    // Whoever was told of a flag is told of its end.
    let ends = extras.flag.as_ref().is_some_and(|(flag, _)| flag.status != "active");
    let told = if ends { house.store.told(&key, &mapped.kind).await } else { Ok(vec![]) };
    let told = told.map_err(|error| unavailable(&error))?;

    let judged = info_span!("decide").in_scope(|| judge(house, (&kind, &mapped), &file, &arriving, &told))?;
    let mut acceptance = acceptance::write(house, &kind, &mapped, arriving, &judged, extras)?;
    acceptance.rows.births.extend(births::hidden(house, &mapped, &key).await?);
    match house.store.accept(&acceptance.rows).instrument(info_span!("accept")).await {
        Ok(()) => {
            house.metrics.accepted(&kind.name);
            let mut accepted = acceptance.accepted;
            let changed = !acceptance.rows.consents.is_empty();
            accepted.changed = changed.then(|| mapped.child.nhs_number.clone());
            Ok(accepted)
        }
        Err(StoreError::DuplicateMessage) => Err(duplicate()),
        Err(StoreError::VersionConflict(version)) => Err(changed_meanwhile(version)),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Asks for each partner around the child what it may be told. A refusal is an answer, not an error.
fn judge(
    house: &House,
    (kind, mapped): (&Kind, &Mapped),
    file: &ChildFile,
    changes: &[ConsentChange],
    told: &[PartnerId],
) -> Result<Vec<Judged>, Problem> {
    let on_file: Vec<_> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let consents = consents::in_force(house, file, changes)?;
    let named = consent::named(&consents, &mapped.child.nhs_number);
    let pieces = contents::of(kind, mapped, &consents);
    let sender = &mapped.sender;
    let around =
        route::around(&house.directory, &mapped.child, &mapped.kind, &sender.partner, &on_file, told, &named);
    let judged = around.into_iter().map(|recipient| {
        let question = Question::of(
            mapped,
            &recipient,
            (&consents, &pieces),
            house.duty_in_force(&mapped.child, mapped.at),
            mapped.at,
        );
        let decision = consent::decide(&house.policies, &question);
        let told = told.contains(&recipient.partner);
        Judged { recipient, decision, told }
    });
    Ok(judged.collect())
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
    fn profile_of(&self, received: &Received) -> Option<String> {
        let partner = self.directory.partner(&received.sender.partner);
        let registered = partner.and_then(|partner| partner.profiles.get(&received.kind)).cloned();
        registered.or_else(|| self.conformance.own(&format!("{}-message", received.kind)))
    }

    /// Whether the s.16LA duty is in force where this child lives.
    pub fn duty_in_force(&self, child: &Demographics, at: DateTime<Utc>) -> bool {
        self.duty.in_force(child.postcode.as_ref(), at)
    }

    /// A sealed JSON value.
    pub fn seal_json(&self, context: &str, value: &Value) -> Result<crate::store::Sealed, Problem> {
        self.vault
            .seal(context, value.to_string().as_bytes())
            .map_err(|error| Problem::internal("seal what it keeps", &error))
    }

    /// A JSON value sealed with a key of its own.
    pub fn seal_parcel(&self, context: &str, value: &Value) -> Result<crate::store::Parcel, Problem> {
        self.vault
            .seal_alone(context, value.to_string().as_bytes())
            .map_err(|error| Problem::internal("seal what it keeps", &error))
    }

    /// A JSON value that was sealed with a key of its own, opened; `None` when that key is gone.
    pub fn open_parcel(
        &self,
        context: &str,
        parcel: &crate::store::Parcel,
    ) -> Result<Option<Value>, Problem> {
        let bytes = match self.vault.open_alone(context, parcel) {
            Ok(bytes) => bytes,
            Err(SecrecyError::Erased) => return Ok(None),
            Err(error) => return Err(Problem::internal("open what it keeps", &error)),
        };
        let value = serde_json::from_slice(&bytes);
        value.map(Some).map_err(|error| Problem::internal("read what it keeps", &error))
    }

    /// A sealed JSON value, opened.
    pub fn open_json(&self, context: &str, sealed: &crate::store::Sealed) -> Result<Value, Problem> {
        let bytes = self
            .vault
            .open(context, sealed)
            .map_err(|error| Problem::internal("open what it keeps", &error))?;
        serde_json::from_slice(&bytes).map_err(|error| Problem::internal("read what it keeps", &error))
    }
}
