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
mod concealed;
mod consents;
mod contents;
mod explain;
mod family;
mod fit;
mod form;
mod heads;
mod house;
mod numbers;
mod operations;
mod parcel;
mod preview;
mod read_through;
mod release;
mod school;
mod trouble;
mod unread;
mod whereabouts;
mod withdrawal;

pub use acceptance::{Accepted, Answer, Extras, Reply, answer_context};
pub use births::{BirthList, Born, Order, SealedList, list_births, list_kept, list_key, tells_of_births};
pub use child::{Foundation, protect, read_child, read_patient};
pub use circuits::{Circuit, Circuits, Contact};
pub use clockwork::Clockwork;
pub use concealed::CONCEALED;
pub use consents::{
    category_of, consent_scope, opened as opened_consents, stamped, stored as stored_consent,
};
pub use explain::{
    ENTRIES_MAX, Explained, Past, Supposed, entries_of, explain_now, explain_past, released_to_nobody,
};
pub use family::{Family, NoVisit};
pub use form::checked_record;
pub use heads::sign_head;
pub use house::House;
pub use numbers::{Numbers, merge};
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

use tracing::{Instrument as _, info_span};

use crate::catalogue::Kind;
use crate::consent::{self, Decision, Question};
use crate::domain::{ChildKey, PartnerId, SchoolUrn};
use crate::message::{Mapped, Received, Recipient};
use crate::problem::Problem;
use crate::route;
use crate::store::{ChildFile, ConsentChange, StoreError};

/// A decision about one recipient.
pub struct Judged {
    /// Who it is about.
    pub recipient: Recipient,
    /// What was decided.
    pub decision: Decision,
    /// Whether it is around the child because it was told of the flag that now ends.
    pub told: bool,
    /// What consents that speak of some data only say of the message, as it is kept.
    pub weighed: String,
}

/// A message that was checked and mapped, with what is on file about its child.
struct Prepared {
    kind: Arc<Kind>,
    mapped: Mapped,
    key: ChildKey,
    file: ChildFile,
    /// The schools that the message itself names.
    named_schools: Vec<SchoolUrn>,
    arriving: Vec<ConsentChange>,
}

/// Everything before the decision: what does not conform, fit or name its child is refused here.
async fn prepare(house: &House, received: Received) -> Result<Prepared, Problem> {
    let (kind, mapped) = read(house, received)?;
    look_up(house, kind, mapped).await
}

/// What the message says, held against its kind.
fn read(house: &House, received: Received) -> Result<(Arc<Kind>, Mapped), Problem> {
    house.clockwork.check(received.at)?;
    let kind = house.kind(&received.kind)?;
    let checked = info_span!("check", kind = kind.name).in_scope(|| form::checked(house, &kind, received))?;
    let mapped = info_span!("map").in_scope(|| form::map_message(house, &kind, &checked))?;
    Ok((kind, mapped))
}

/// What is on file about its child, and how the message changes that.
async fn look_up(house: &House, kind: Arc<Kind>, mut mapped: Mapped) -> Result<Prepared, Problem> {
    let key = house.vault.child_key(&mapped.child.nhs_number);
    let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;

    let sender = mapped.sender.partner.clone();
    // The school is around the child whether or not the message names it.
    let attended = school::attended(house, &key, mapped.at).await?;
    let named_schools = std::mem::replace(&mut mapped.child.schools, attended);
    let writes_as = house.directory.acts_for(&sender);
    child::protect(&mut mapped.child, &file, |one| {
        writes_as.contains(&one.author) && mapped.protections.contains(&(one.what, false))
    });
    whereabouts::hide(house, &kind, &mut mapped);
    let arriving = consents::arriving(house, &mapped, &file)?;
    mapped.ledger.extend(arriving.remarks);
    Ok(Prepared { kind, mapped, key, file, named_schools, arriving: arriving.changes })
}

/// How often a message is decided about anew whose consents another message changed meanwhile.
const TURNS: usize = 16;

/// Carries a received message to acceptance. Every branch is here; what each step does is in its own room.
pub async fn carry(house: &House, received: Received, extras: Extras<'_>) -> Result<Accepted, Problem> {
    let (kind, mapped) = read(house, received)?;
    for _ in 0..TURNS {
        let prepared = look_up(house, Arc::clone(&kind), mapped.clone()).await?;
        match accept(house, prepared, &extras).await? {
            Ok(accepted) => return Ok(accepted),
            // Of two messages about one child that come at once, the second replaces what the first has just brought: its sender can do
            // nothing about that. Who changes a flag says which version it means, and is told.
            Err(StoreError::VersionConflict(_) | StoreError::ActiveConsent) if extras.flag.is_none() => {}
            Err(error) => return Err(refused(&error)),
        }
    }
    // Not 412, which would tell the sender to give up.
    Err(unavailable(&StoreError::Busy))
}

fn refused(error: &StoreError) -> Problem {
    match error {
        StoreError::DuplicateMessage => duplicate(),
        StoreError::VersionConflict(version) => changed_meanwhile(*version),
        error => unavailable(error),
    }
}

/// Decides and writes, in one transaction; or what the store says against it.
async fn accept(
    house: &House,
    mut prepared: Prepared,
    extras: &Extras<'_>,
) -> Result<Result<Accepted, StoreError>, Problem> {
    // Whoever was told of a flag is told of its end.
    let ends = extras.flag.as_ref().is_some_and(|(flag, _)| flag.status != "active");
    let told = if ends { house.store.told(&prepared.key, &prepared.mapped.kind).await } else { Ok(vec![]) };
    let told = told.map_err(|error| unavailable(&error))?;

    let judged = info_span!("decide").in_scope(|| judge(house, &mut prepared, &told))?;
    let Prepared { kind, mapped, key, arriving, .. } = prepared;
    let mut acceptance = acceptance::write(house, &kind, &mapped, arriving, &judged, extras)?;
    acceptance.rows.births.extend(births::hidden(house, &mapped, &key).await?);
    if let Err(error) = house.store.accept(&acceptance.rows).instrument(info_span!("accept")).await {
        return Ok(Err(error));
    }
    house.metrics.accepted(&kind.name);
    let mut accepted = acceptance.accepted;
    let changed = !acceptance.rows.consents.is_empty();
    accepted.changed = changed.then(|| mapped.child.nhs_number.clone());
    Ok(Ok(accepted))
}

/// Asks for each partner around the child what it may be told. A refusal is an answer, not an error.
fn judge(house: &House, prepared: &mut Prepared, told: &[PartnerId]) -> Result<Vec<Judged>, Problem> {
    let Prepared { kind, mapped, file, arriving, .. } = &*prepared;
    let on_file: Vec<_> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let consents = consents::in_force(house, file, arriving, &mapped.child.nhs_number)?;
    let named = consent::named(&consents, &mapped.child.nhs_number);
    let pieces = contents::of(kind, mapped, &consents);
    let weighed = contents::weighed(house, mapped, (&consents, &pieces));
    let sender = &mapped.sender;
    let mut around =
        route::around(&house.directory, &mapped.child, &mapped.kind, &sender.partner, &on_file, told, &named);
    concealed::conceal(house, prepared, &mut around)?;
    let judge = |recipient| {
        let question = Question::of(
            mapped,
            &recipient,
            (&consents, &pieces),
            house.duty_in_force(&mapped.child, mapped.at),
            mapped.at,
        );
        let decision = consent::decide(&house.policies, &question);
        let partner = house.directory.partner(&recipient.partner);
        let told = partner.is_some_and(|partner| told.iter().any(|one| partner.stands_for(one)));
        Judged { recipient, decision, told, weighed: weighed.clone() }
    };
    let judged = around.into_iter().map(judge).collect();
    // It is decided again by what the whole message says: what is kept of it for a recipient is cut, and may not say any more of which day
    // something is.
    if !pieces.is_empty() {
        prepared.mapped.pieces = Some(pieces);
    }
    Ok(judged)
}
