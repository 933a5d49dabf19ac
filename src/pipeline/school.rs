//! Which school does this child attend? Asked by a partner or a person, decided like any other release, journalled before it is answered.
//!
//! A child that is not known, one of which nothing may be said and one that attends no known school are answered alike, and the same
//! steps are taken for each.

mod import;
mod review;
mod who;

pub use import::{Intake, begin_import, commit_import};
pub use review::{Decider, Ruling, Waiting, open_waiting, rule};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::explain::as_sender;
use super::{House, consents, protect, unavailable};
use crate::consent::{self, Contents, Question};
use crate::domain::{ChildKey, Dataset, Demographics, Ground, NhsNumber, PartnerId, Purpose, SchoolUrn};
use crate::journal::{Entry, Event};
use crate::message::Sender;
use crate::problem::{Category, Problem};
use crate::route;
use crate::school::{Answer, Attended, Establishment, Known, Pupil, Status, answer};
use crate::store::{PlaceState, StoredPlace};

/// Who asks, and what for.
pub struct Asking<'a> {
    /// For whom.
    pub asker: &'a Sender,
    /// The person, in the words of the journal; empty for a system.
    pub person: String,
    /// What for.
    pub purpose: Purpose,
    /// Whether a reason is given, without which the safeguarding duty does not count.
    pub reason_given: bool,
    /// The request.
    pub request_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// The child asked about: both must be right.
pub struct Sought {
    /// NHS number.
    pub number: NhsNumber,
    /// Birth date.
    pub born: NaiveDate,
}

/// What the asker may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The answer.
    pub answer: Answer,
    /// The school, where one is attended.
    pub school: Option<Establishment>,
    /// What took its place, where it closed.
    pub successor: Option<Establishment>,
    /// The source's name.
    pub source: Option<String>,
}

/// Answers for each child, in order.
///
/// # Errors
/// The purpose is none of these; the store or the journal cannot be used: nothing is answered.
pub async fn which_school(
    house: &House,
    asking: &Asking<'_>,
    sought: &[Sought],
) -> Result<Vec<Found>, Problem> {
    house.clockwork.check(asking.at)?;
    if asking.purpose == Purpose::EarlyYearsSupport {
        let text = "A school is looked up for direct-care or safeguarding, for nothing else.";
        return Err(Problem::new(Category::Forbidden, text));
    }
    let (mut answers, mut entries) = (Vec::new(), Vec::new());
    for child in sought {
        let (answer, born, entry) = ask(house, asking, child).await?;
        answers.push((answer, born));
        entries.push(entry);
    }
    house.store.enter_all(&entries).await.map_err(|error| unavailable(&error))?;
    let mut found = Vec::new();
    for (answer, born) in answers {
        found.push(complete(house, answer, born, asking.at.date_naive()).await?);
    }
    Ok(found)
}

/// What is known and may be said of one child, its birth date, and the entry that says so.
async fn ask(
    house: &House,
    asking: &Asking<'_>,
    sought: &Sought,
) -> Result<(Answer, Option<NaiveDate>, Entry), Problem> {
    let key = house.vault.child_key(&sought.number);
    let pupil = who::known(house, &key).await?.filter(|pupil| pupil.born == Some(sought.born));
    let places = house.register.places(&key).await.map_err(|error| unavailable(&error))?;
    let known = match &pupil {
        Some(_) => answer(&places.iter().map(known).collect::<Vec<_>>(), asking.at.date_naive()),
        None => Answer::unknown(),
    };
    let (line, permitted) = decide(house, asking, &key, sought, pupil.as_ref(), &known).await?;
    let said = if permitted { known } else { Answer::unknown() };
    let tells_nothing = permitted && matches!(said.status, Status::Unknown);
    let held = if tells_nothing { vec![] } else { vec![Dataset::School.to_string()] };
    let note = format!(
        "{}asked which school the child attends, for {}; answered: {}",
        asking.person,
        asking.purpose,
        said.status.name()
    );
    let entry = Entry {
        recipient: Some(asking.asker.partner.clone()),
        held: Some(held),
        decided: line,
        note: Some(note),
        ..Entry::new(
            Event::LookedUp,
            asking.at,
            key,
            asking.asker.partner.clone(),
            asking.request_id,
            "school",
        )
    };
    Ok((said, pupil.and_then(|pupil| pupil.born), entry))
}

async fn decide(
    house: &House,
    asking: &Asking<'_>,
    key: &ChildKey,
    sought: &Sought,
    pupil: Option<&Pupil>,
    known: &Answer,
) -> Result<(crate::journal::Decided, bool), Problem> {
    let file = house.store.child_file(key).await.map_err(|error| unavailable(&error))?;
    let consents = consents::of_child(house, &file.consents, &sought.number)?;
    let attended = known.place.as_ref().and_then(|place| match &place.attended {
        Attended::School(urn) => Some(urn.clone()),
        _ => None,
    });
    let mut child = Demographics {
        postcode: pupil.and_then(|pupil| pupil.postcode.clone()),
        schools: attended.into_iter().collect(),
        ..Demographics::only(sought.number.clone())
    };
    let source = known.place.as_ref().map(|place| PartnerId(place.source.clone()));
    let source = source.and_then(|source| house.directory.partner(&source));
    let sender = source.map_or_else(|| asking.asker.clone(), as_sender);
    protect(&mut child, &file, |_| false);
    let on_file: Vec<PartnerId> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let Some(partner) = house.directory.partner(&asking.asker.partner) else {
        return Err(Problem::new(Category::Forbidden, "The asker is not in Kith's directory."));
    };
    let recipient = route::asker(&house.directory, partner, &child, &on_file);
    let question = Question {
        child: &child,
        sender: &sender,
        recipient: &recipient,
        claimed: (asking.purpose == Purpose::Safeguarding).then_some(Ground::SafeguardingDuty),
        reason_given: asking.reason_given,
        consents: &consents,
        contents: Contents::Unknown,
        duty_in_force: house.duty_in_force(&child, asking.at),
        at: asking.at,
    };
    let decision = consent::decide(&house.policies, &question);
    let about = |item: crate::domain::Item| item.dataset == Dataset::School;
    let permitted = decision.permitted().into_iter().any(about);
    Ok((decision.decided_about(about), permitted))
}

/// Adds the school itself, where one is attended and may be told of.
async fn complete(
    house: &House,
    mut answer: Answer,
    born: Option<NaiveDate>,
    day: NaiveDate,
) -> Result<Found, Problem> {
    let urn = answer.place.as_ref().and_then(|place| match &place.attended {
        Attended::School(urn) => Some(urn.as_str().to_owned()),
        _ => None,
    });
    let source = answer.place.as_ref().map(|place| {
        let partner = house.directory.partner(&PartnerId(place.source.clone()));
        partner.map_or_else(|| place.source.clone(), |partner| partner.name.clone())
    });
    let (mut school, mut successor) = (None, None);
    if let Some(urn) = urn {
        school = house.register.school(&urn).await.map_err(|error| unavailable(&error))?;
        successor = house.register.successor(&urn).await.map_err(|error| unavailable(&error))?;
    }
    if let Some(school) = &school {
        answer.weigh(school, successor.as_ref(), born, day);
    }
    Ok(Found { answer, school, successor, source })
}

/// The school that a child attends on a day, for routing: none where it is not known, or somebody still has to decide.
pub(super) async fn attended(
    house: &House,
    key: &ChildKey,
    at: DateTime<Utc>,
) -> Result<Vec<SchoolUrn>, Problem> {
    let places = house.register.places(key).await.map_err(|error| unavailable(&error))?;
    let places: Vec<Known> = places.iter().map(known).collect();
    Ok(match answer(&places, at.date_naive()).place.map(|place| place.attended) {
        Some(Attended::School(urn)) => vec![urn],
        _ => vec![],
    })
}

fn known(place: &StoredPlace) -> Known {
    Known {
        attended: Attended::read(&place.attended).unwrap_or(Attended::Unknown),
        start: place.start,
        end: place.ended,
        as_of: place.as_of,
        source: place.source.0.clone(),
        is_questioned: place.state == PlaceState::Move,
    }
}
