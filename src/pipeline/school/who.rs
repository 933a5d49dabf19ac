//! Who is whom: children as they are on file, opened, and a pupil looked for among them.

use chrono::NaiveDate;

use crate::domain::{ChildKey, PartnerId};
use crate::pipeline::{House, unavailable};
use crate::problem::Problem;
use crate::school::{Match, Pupil, Rule, index_keys, matched, number_key};
use crate::secrecy::Sealed;
use crate::store::{Change, StoredPupil};

/// The most children that are looked through for one pupil.
const FOUND_MAX: u32 = 200;

/// What came of looking for a pupil: children by key, with what is known of them.
pub(super) struct Looked {
    pub(super) found: Match,
    pub(super) children: Vec<(ChildKey, Pupil)>,
}

/// A child as it is known by NHS number.
pub(super) async fn known(house: &House, child: &ChildKey) -> Result<Option<Pupil>, Problem> {
    let stored = house.register.pupil(child).await.map_err(|error| unavailable(&error))?;
    stored.map(|stored| opened(house, &stored)).transpose()
}

/// Looks for a pupil among all children that could be it: by its numbers first, for those are sure; else by everything.
///
/// Where more children share what is known of it than can be looked through, nobody is taken for it: a person decides.
pub(super) async fn look(house: &House, pupil: &Pupil) -> Result<Looked, Problem> {
    let numbers: Vec<String> = number_key(pupil).iter().map(|key| digest(house, key)).collect();
    let by_number = among(house, pupil, &numbers).await?;
    if matches!(by_number.0.found, Match::Matched(_, Rule::NhsNumber | Rule::Upn)) {
        return Ok(by_number.0);
    }
    let (mut looked, are_all) = among(house, pupil, &digests(house, pupil)).await?;
    if !are_all {
        looked = Looked { found: Match::Ambiguous(vec![]), children: vec![] };
    }
    Ok(looked)
}

/// What comes of looking among the children that have one of these keys, and whether these are all.
async fn among(house: &House, pupil: &Pupil, keys: &[String]) -> Result<(Looked, bool), Problem> {
    let mut stored =
        house.register.pupils_with(keys, FOUND_MAX + 1).await.map_err(|error| unavailable(&error))?;
    let are_all = stored.len() <= FOUND_MAX as usize;
    if let Some(number) = &pupil.nhs_number {
        let key = house.vault.child_key(number);
        let own = house.register.pupil(&key).await.map_err(|error| unavailable(&error))?;
        stored.extend(own.filter(|own| stored.iter().all(|other| other.child != own.child)));
    }
    let children: Vec<(ChildKey, Pupil)> = stored
        .iter()
        .map(|one| Ok((one.child.clone(), opened(house, one)?)))
        .collect::<Result<_, Problem>>()?;
    let pupils: Vec<Pupil> = children.iter().map(|(_, child)| child.clone()).collect();
    Ok((Looked { found: matched(pupil, &pupils), children }, are_all))
}

/// Twenty-four of its digits do: whoever is found by it is compared as a whole.
fn digest(house: &House, key: &str) -> String {
    house.vault.digest("pupil-key", key.as_bytes()).chars().take(24).collect()
}

/// What a pupil is found by, as keyed hashes.
pub(super) fn digests(house: &House, pupil: &Pupil) -> Vec<String> {
    index_keys(pupil).iter().map(|key| digest(house, key)).collect()
}

/// A child as it is to be kept.
pub(super) fn sealed(
    house: &House,
    child: ChildKey,
    pupil: &Pupil,
    author: &PartnerId,
    as_of: NaiveDate,
) -> Result<StoredPupil, Problem> {
    let identity = seal(house, &format!("pupil/{}", child.as_str()), pupil)?;
    Ok(StoredPupil { identity, keys: digests(house, pupil), child, author: author.clone(), as_of })
}

/// Seals who somebody is, for one place.
pub(super) fn seal(house: &House, context: &str, pupil: &Pupil) -> Result<Sealed, Problem> {
    let sealed = house.vault.seal(context, pupil.to_text().as_bytes());
    sealed.map_err(|error| Problem::internal("seal what it keeps", &error))
}

/// Opens it again.
pub(super) fn open(house: &House, context: &str, sealed: &Sealed) -> Result<Pupil, Problem> {
    let text =
        house.vault.open(context, sealed).map_err(|error| Problem::internal("open what it keeps", &error))?;
    Pupil::from_text(&text).ok_or_else(|| Problem::internal("read what it keeps", &"a pupil"))
}

fn opened(house: &House, stored: &StoredPupil) -> Result<Pupil, Problem> {
    open(house, &format!("pupil/{}", stored.child.as_str()), &stored.identity)
}

/// What is known of a child with what a list says of it now: numbers are not forgotten, and a name that changed is kept as a former one.
pub(super) fn merged(old: Option<&Pupil>, new: &Pupil) -> (Pupil, Change) {
    let Some(old) = old else { return (new.clone(), Change::Added) };
    let mut merged = new.clone();
    merged.upn = merged.upn.or_else(|| old.upn.clone());
    merged.postcode = merged.postcode.or_else(|| old.postcode.clone());
    let former =
        old.former.iter().chain(Some(&old.family).filter(|family| **family != new.family)).chain(&new.former);
    merged.former = Vec::new();
    for name in former {
        if *name != merged.family && !merged.former.contains(name) {
            merged.former.push(name.clone());
        }
    }
    let change = if merged == *old { Change::Unchanged } else { Change::Changed };
    (merged, change)
}
