//! The list of births of a month that a local authority takes to its children's centres: each child decided about as for any other release,
//! the whole written into the journal, sealed for the authority, and only then handed over.
//!
//! It is made of records that somebody brings as files, or of what messages told of births and was kept for it. What counts is what is on
//! file: a form that Kith does not know yet is taken in first, with the consent that it brings.

mod born;
mod kept;
mod place;

pub use born::Born;
pub use kept::list_kept;
pub(super) use kept::{KEPT, hidden, kept};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::{House, unavailable};
use crate::births::{Area, Counts, Month, Row, SIGNED_FOR, table};
use crate::domain::{ChildKey, NhsNumber, PartnerId, to_hex};
use crate::journal::{Entry, Event};
use crate::map::{self, Mapping};
use crate::problem::{Category, Problem};
use crate::route::{BirthLists, Partner};
use crate::secrecy::{seal_letter, ssh_key, ssh_signature};
use crate::store::Answered;
use born::Read;
use place::Placed;

/// The items by which a birth is known.
const NHS_NUMBER: &str = "identity/nhs-number";
const BIRTH_DATE: &str = "identity/birth-date";

/// Whether records of this mapping say who was born, and when.
pub fn tells_of_births(mapping: &Mapping) -> bool {
    let items = map::carried(mapping);
    [NHS_NUMBER, BIRTH_DATE].iter().all(|wanted| items.iter().any(|item| item.to_string() == *wanted))
}

/// What list is wanted.
pub struct Order<'a> {
    /// For whom.
    pub authority: &'a Partner,
    /// What the directory says of it.
    pub lists: &'a BirthLists,
    /// Of which month.
    pub month: &'a Month,
    /// When.
    pub at: DateTime<Utc>,
    /// Who takes it, for the journal: `a person (…) took it`.
    pub by: &'a str,
    /// Only to see what would be on it: nothing is taken in, written down or handed over.
    pub preview: bool,
    /// Told how many records more are done.
    pub done: &'a (dyn Fn(usize) + Sync),
}

/// A list, and what is to be said of the records that it was made from.
pub struct BirthList {
    /// The list, as it is handed over; `None` in a preview.
    pub sealed: Option<SealedList>,
    /// How many were born, and how many are on it.
    pub counts: Counts,
    /// Records that are not right, by their place, with why: their children are not on the list.
    pub refused: Vec<(usize, Problem)>,
    /// How many records are of children of another month.
    pub of_other_months: usize,
    /// Records, by their place, of children whose parents may have agreed, and who live in no centre's area.
    pub unreached: Vec<usize>,
}

/// A list that only the authority can open, and that everybody can see to be Kith's.
pub struct SealedList {
    /// A file of age.
    pub letter: Vec<u8>,
    /// Its signature, as the text of a file of OpenSSH's.
    pub signature: String,
}

/// The public key by which lists are signed, as OpenSSH writes it.
///
/// # Errors
/// The master key gives none.
pub fn list_key(house: &House) -> Result<String, Problem> {
    let signer =
        house.vault.signer().map_err(|error| Problem::internal("sign the list of births", &error))?;
    Ok(ssh_key(&signer.public_key()))
}

/// What the list becomes, child by child.
#[derive(Default)]
struct Making {
    rows: Vec<Row>,
    entries: Vec<Entry>,
    answers: Vec<Answered>,
    born: BTreeMap<Option<PartnerId>, u64>,
    listed: BTreeMap<PartnerId, u64>,
    refused: Vec<(usize, Problem)>,
    unreached: Vec<usize>,
}

/// Makes the list.
///
/// # Errors
/// The clock, the store or the journal cannot be used, or there is no such kind: no list is made.
pub async fn list_births(house: &House, order: &Order<'_>, records: Vec<Born>) -> Result<BirthList, Problem> {
    house.clockwork.check(order.at)?;
    let mut making = Making::default();
    let (children, of_other_months) = by_child(house, order.month, records, &mut making.refused)?;
    for records in by_all_numbers(house, children).await? {
        let count = records.len();
        making.child(house, order, records).await?;
        (order.done)(count);
    }
    making.ends(house, order, of_other_months).await
}

/// The records of children who were born in the month, by child, in their order; and how many are of others.
fn by_child(
    house: &House,
    month: &Month,
    records: Vec<Born>,
    refused: &mut Vec<(usize, Problem)>,
) -> Result<(BTreeMap<NhsNumber, Vec<Born>>, usize), Problem> {
    let mut children: BTreeMap<NhsNumber, Vec<Born>> = BTreeMap::new();
    let mut of_others = 0;
    for record in records {
        let kind = house.kind(&record.kind)?;
        match record.who(&kind) {
            Ok((number, born)) if month.holds(&born) => children.entry(number).or_default().push(record),
            Ok(_) => of_others += 1,
            Err(problem) => refused.push((record.place, problem)),
        }
    }
    Ok((children, of_others))
}

/// The same, with what is said of one child under several numbers at its first.
async fn by_all_numbers(
    house: &House,
    children: BTreeMap<NhsNumber, Vec<Born>>,
) -> Result<Vec<Vec<Born>>, Problem> {
    let (mut all, mut places): (Vec<Vec<Born>>, BTreeMap<ChildKey, usize>) = (Vec::new(), BTreeMap::new());
    for (number, records) in children {
        let key = house.vault.child_key(&number);
        let file = house.store.child_file(&key).await.map_err(|error| unavailable(&error))?;
        match file.others.iter().find_map(|other| places.get(other)) {
            Some(place) => all[*place].extend(records),
            None => {
                places.insert(key, all.len());
                all.push(records);
            }
        }
    }
    Ok(all)
}

impl Making {
    /// One child: its records taken in, then it is counted and decided about.
    async fn child(&mut self, house: &House, order: &Order<'_>, records: Vec<Born>) -> Result<(), Problem> {
        let (mut read, mut is_whole) = (Vec::new(), true);
        for record in records {
            match Read::record(house, order, record).await {
                Ok(one) => read.push(one),
                // What is wrong with a record is its own; what is wrong with the store is everybody's.
                Err((_, problem)) if matches!(problem.category, Category::Unavailable | Category::NoRoom) => {
                    return Err(problem);
                }
                Err(refused) => {
                    is_whole = false;
                    self.refused.push(refused);
                }
            }
        }
        self.counted(house, order, &read);
        if is_whole { self.decided(house, order, read).await } else { Ok(()) }
    }

    /// A child is born where the record says that brings a decision, and else where any says.
    fn counted(&mut self, house: &House, order: &Order<'_>, read: &[Read]) {
        let areas = read.iter().filter_map(|one| Some((one.brings_consent, order.area(house, one.child())?)));
        let area = areas.max_by_key(|(decides, _)| *decides).map(|(_, centre)| centre.id.clone());
        *self.born.entry(area).or_default() += 1;
    }

    /// A record that brings a decision speaks for its child; one that brings none is asked for only where no other does.
    async fn decided(
        &mut self,
        house: &House,
        order: &Order<'_>,
        mut read: Vec<Read>,
    ) -> Result<(), Problem> {
        let decides = read.iter().any(|one| one.brings_consent);
        read.retain(|one| one.brings_consent == decides);
        let Some(last) = read.last() else { return Ok(()) };
        match place::place(house, order, &read).await? {
            Placed::At(listed) => {
                *self.listed.entry(listed.centre).or_default() += 1;
                self.rows.push(listed.row);
                self.entries.push(listed.entry);
                self.answers.extend(listed.answered);
            }
            Placed::Nowhere(entries) => self.entries.extend(entries),
            Placed::Unreached(entry) => {
                self.unreached.push(last.place);
                self.entries.push(*entry);
            }
            Placed::Unfit(problem) => self.refused.push((last.place, problem)),
        }
        Ok(())
    }

    /// The list, sealed and written down, with what is to be said of it.
    async fn ends(
        mut self,
        house: &House,
        order: &Order<'_>,
        of_other_months: usize,
    ) -> Result<BirthList, Problem> {
        let form = house.kind(&order.lists.form)?;
        let counts = self.counts(house, order);
        let columns = form.mapping.columns.iter().map(|column| column.name.as_str());
        let list = table(columns, std::mem::take(&mut self.rows))?;
        let sealed = if order.preview { None } else { Some(self.closes(house, order, &list).await?) };
        let Self { refused, unreached, .. } = self;
        Ok(BirthList { sealed, counts, refused, of_other_months, unreached })
    }

    fn counts(&self, house: &House, order: &Order<'_>) -> Counts {
        let area = |centre: &Partner| Area {
            centre: centre.id.to_string(),
            name: centre.name.clone(),
            urn: centre.urn.as_ref().map(|urn| urn.as_str().to_owned()),
            births: self.born.get(&Some(centre.id.clone())).copied().unwrap_or_default(),
            listed: self.listed.get(&centre.id).copied().unwrap_or_default(),
        };
        let mut areas: Vec<Area> = order.centres(house).map(area).collect();
        areas.sort_by(|a, b| a.centre.cmp(&b.centre));
        Counts { areas, elsewhere: self.born.get(&None).copied().unwrap_or_default() }
    }

    /// Seals and signs the list and writes down what is on it, before anybody gets it.
    async fn closes(&self, house: &House, order: &Order<'_>, list: &[u8]) -> Result<SealedList, Problem> {
        let signer =
            house.vault.signer().map_err(|error| Problem::internal("sign the list of births", &error))?;
        let letter = seal_letter(&order.lists.keys, list)
            .map_err(|error| Problem::internal("seal the list of births", &error))?;
        let hash = to_hex(digest(&SHA256, &letter).as_ref());
        let mut entries = self.entries.clone();
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, hash.as_bytes());
        let (authority, form) = (&order.authority.id, order.lists.form.clone());
        let of_list = Entry::new(Event::Listed, order.at, ChildKey::of_nobody(), authority.clone(), id, form);
        entries.push(Entry {
            recipient: Some(authority.clone()),
            note: Some(format!(
                "{}: {}; {} children; SHA-256 of the sealed list: {hash}",
                order.words(),
                order.by,
                self.listed.values().sum::<u64>()
            )),
            ..of_list
        });
        let written = house.answers.enter_answers(&self.answers, &entries).await;
        written.map_err(|error| unavailable(&error))?;
        Ok(SealedList { signature: ssh_signature(&signer, SIGNED_FOR, &letter), letter })
    }
}
