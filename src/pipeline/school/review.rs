//! Places for which a person decides: whose it is, or whether the child has moved.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::import::{contradicts, is_contradicted_by};
use super::who;
use crate::domain::{ChildKey, PartnerId, Protection};
use crate::journal::{Entry, Event};
use crate::pipeline::{House, unavailable};
use crate::problem::{Category, Problem};
use crate::school::{Pupil, Rule};
use crate::store::{PlaceDecision, PlaceState, StoredPlace};

/// A place that waits, opened for the person who is to decide.
#[derive(Debug)]
pub struct Waiting {
    /// The place.
    pub place: StoredPlace,
    /// The pupil as the source names it.
    pub pupil: Pupil,
    /// Children that it could be, each with why.
    pub candidates: Vec<(ChildKey, Pupil, Rule)>,
    /// What other sources say, for a move.
    pub others: Vec<StoredPlace>,
}

/// What a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It is this child's.
    Belongs(ChildKey),
    /// The child has moved: what other sources say ends.
    Moved,
    /// It does not count.
    Dismissed,
}

/// The places of these sources that wait for a decision, by id; at most so many.
///
/// # Errors
/// The store cannot be used.
pub async fn open_waiting(house: &House, sources: &[PartnerId], count: u32) -> Result<Vec<Waiting>, Problem> {
    let states = [PlaceState::Ambiguous, PlaceState::Move];
    let mut places = Vec::new();
    for source in sources {
        let waiting = house.register.waiting(&states, Some(source), "", count).await;
        places.extend(waiting.map_err(|error| unavailable(&error))?);
    }
    places.truncate(count as usize);
    let mut opened = Vec::new();
    for place in places {
        opened.push(open(house, place).await?);
    }
    Ok(opened)
}

async fn open(house: &House, place: StoredPlace) -> Result<Waiting, Problem> {
    let pupil = who::open(house, &format!("place/{}", place.id), &place.pupil)?;
    let mut candidates = Vec::new();
    for one in &place.candidates {
        let protected = protection(house, &one.child).await?;
        if let Some(mut known) = who::known(house, &one.child).await?.filter(|_| !protected.sealed) {
            known.postcode = known.postcode.filter(|_| !protected.restricted);
            candidates.push((one.child.clone(), known, one.rule));
        }
    }
    let mut others = Vec::new();
    if let Some(child) = &place.child {
        others = house.register.places(child).await.map_err(|error| unavailable(&error))?;
        let protected = protection(house, child).await?;
        let may_be_named = !(protected.restricted || protected.sealed);
        others.retain(|other| may_be_named && is_contradicted_by(&place, other));
    }
    Ok(Waiting { place, pupil, candidates, others })
}

/// What protects a child's record: whoever decides does not see where a restricted child may be found, nor that a closed record exists.
async fn protection(house: &House, child: &ChildKey) -> Result<Protected, Problem> {
    let file = house.store.child_file(child).await.map_err(|error| unavailable(&error))?;
    let holds = |what: Protection| file.protections.iter().any(|one| one.what == what);
    Ok(Protected { restricted: holds(Protection::RestrictedAddress), sealed: holds(Protection::Sealed) })
}

struct Protected {
    restricted: bool,
    sealed: bool,
}

/// Who decides, and about whose places.
pub struct Decider<'a> {
    /// For whom.
    pub partner: &'a PartnerId,
    /// The person, in the words of the journal.
    pub person: &'a str,
    /// Whose places.
    pub sources: &'a [PartnerId],
}

/// Writes what a person decided about a place.
///
/// # Errors
/// There is no such place, it does not wait any more, or the ruling does not fit it.
pub async fn rule(
    house: &House,
    by: &Decider<'_>,
    id: &str,
    ruling: Ruling,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    let unknown = || Problem::new(Category::NotFound, "There is no such place that waits for you to decide.");
    let place = house.register.place(id).await.map_err(|error| unavailable(&error))?;
    let place = place.filter(|place| by.sources.contains(&place.source)).ok_or_else(unknown)?;
    let mut decision = PlaceDecision {
        id: id.to_owned(),
        state: PlaceState::Dismissed,
        child: None,
        ends: vec![],
        pupil: None,
    };
    let words = match (&ruling, place.state) {
        (Ruling::Belongs(child), PlaceState::Ambiguous) => {
            if !place.candidates.iter().any(|candidate| candidate.child == *child) {
                return Err(Problem::new(
                    Category::BusinessRule,
                    "That child is none of those who were found for this place.",
                ));
            }
            let others = house.register.places(child).await.map_err(|error| unavailable(&error))?;
            let moves = contradicts(&place, &others);
            decision.state = if moves { PlaceState::Move } else { PlaceState::Matched };
            decision.pupil = learned(house, &place, child).await?;
            decision.child = Some(child.clone());
            "decided that a place at a school is this child's"
        }
        (Ruling::Moved, PlaceState::Move) => {
            decision.state = PlaceState::Matched;
            decision.ends = ends(house, &place).await?;
            "decided that the child has moved to another school"
        }
        (Ruling::Dismissed, PlaceState::Ambiguous | PlaceState::Move) => {
            "decided that a place at a school does not count"
        }
        (_, PlaceState::Matched | PlaceState::Dismissed | PlaceState::Unmatched) => return Err(unknown()),
        _ => {
            let text =
                "That decision does not fit this place: say whose it is, or whether the child has moved.";
            return Err(Problem::new(Category::BusinessRule, text));
        }
    };
    let about = decision.child.clone().or_else(|| place.child.clone()).unwrap_or_else(ChildKey::of_nobody);
    let entry = Entry::new(
        Event::PlaceChanged,
        at,
        about,
        by.partner.clone(),
        Uuid::new_v5(&Uuid::NAMESPACE_OID, id.as_bytes()),
        "school-place",
    );
    let entry = Entry { note: Some(format!("{}{words}", by.person)), ..entry };
    let written =
        house.register.decide_place(&decision, &entry).await.map_err(|error| unavailable(&error))?;
    if written { Ok(()) } else { Err(unknown()) }
}

/// What the child is found by from now on: the pupil number, and the name under which the school knows it.
async fn learned(
    house: &House,
    place: &StoredPlace,
    child: &ChildKey,
) -> Result<Option<crate::store::StoredPupil>, Problem> {
    let pupil = who::open(house, &format!("place/{}", place.id), &place.pupil)?;
    let Some(mut known) = who::known(house, child).await? else { return Ok(None) };
    let before = known.clone();
    if known.upn.is_none() {
        known.upn = pupil.upn;
    }
    if !pupil.family.is_empty() && pupil.family != known.family && !known.former.contains(&pupil.family) {
        known.former.push(pupil.family);
    }
    if known == before {
        return Ok(None);
    }
    who::sealed(house, child.clone(), &known, &place.source, place.as_of).map(Some)
}

/// What other sources say ends the day before this place begins.
async fn ends(house: &House, place: &StoredPlace) -> Result<Vec<(String, chrono::NaiveDate)>, Problem> {
    let Some(child) = &place.child else { return Ok(Vec::new()) };
    let others = house.register.places(child).await.map_err(|error| unavailable(&error))?;
    let last = place.start.unwrap_or(place.as_of) - TimeDelta::days(1);
    Ok(others
        .into_iter()
        .filter(|other| is_contradicted_by(place, other))
        .map(|other| (other.id, last))
        .collect())
}
