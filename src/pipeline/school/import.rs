//! Lists of schools, children and places are taken in: read and compared first, looked at by whoever brought them, and then made to count,
//! whole or not at all.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::who;
use crate::domain::{ChildKey, PartnerId};
use crate::journal::{Entry, Event};
use crate::pipeline::{House, unavailable};
use crate::problem::{Category, Problem};
use crate::school::{Attended, FileFault, Form, Line, Match, Place, Row, RowFault, Rule};
use crate::store::{
    Batch, Candidate, Change, Import, ImportState, PlaceState, Staged, StoreError, StoredPlace, StoredPupil,
    Summary,
};

/// With so many faults it is another file than was meant.
const FAULTS_MAX: u64 = 10_000;
/// How many places are looked at again at once.
const PAGE: u32 = 200;

/// Begins to take a file in.
///
/// # Errors
/// An import with this id was begun before, or the store cannot be used.
pub async fn begin_import(
    house: &House,
    id: Uuid,
    form: Form,
    author: &PartnerId,
    at: DateTime<Utc>,
) -> Result<Intake, Problem> {
    let basis = house.register.revision().await.map_err(|error| unavailable(&error))?;
    let import = Import {
        id,
        form,
        author: author.clone(),
        begun: at,
        state: ImportState::Reading,
        basis,
        lines: 0,
        faults: 0,
        summary: Summary::default(),
        note: None,
    };
    match house.register.begin_import(&import).await {
        Ok(()) => {}
        Err(StoreError::DuplicateMessage) => {
            let text = "An import with this id was begun before. Read how far it is, or begin another with a new id.";
            return Err(Problem::new(Category::Duplicate, text));
        }
        Err(error) => return Err(unavailable(&error)),
    }
    let authorities = house.register.authorities().await.map_err(|error| unavailable(&error))?;
    Ok(Intake { import, at, authorities, schools: HashMap::new(), faults: 0 })
}

/// A file that is being read.
pub struct Intake {
    import: Import,
    at: DateTime<Utc>,
    authorities: BTreeSet<u16>,
    /// URNs by what the file calls schools, as far as they were looked up.
    schools: HashMap<String, Option<String>>,
    faults: u64,
}

/// A place as it is kept, what is learned of its child by it, and what is to be said about it.
struct Placed {
    place: Option<StoredPlace>,
    pupil: Option<(StoredPupil, Change)>,
    faults: Vec<RowFault>,
}

impl Intake {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.import.id
    }

    /// Takes rows in.
    ///
    /// # Errors
    /// There are too many faults, or the store cannot be used.
    pub async fn take(&mut self, house: &House, lines: Vec<Line>) -> Result<(), Problem> {
        let mut batch = Batch { lines: lines.len() as u64, ..Batch::default() };
        for line in lines {
            batch.faults.extend(line.faults);
            match line.row {
                Some(Row::School(school)) => batch.rows.push((line.line, Staged::School(school))),
                Some(Row::Link(link)) => batch.rows.push((line.line, Staged::Link(link))),
                Some(Row::Child(pupil)) => {
                    let row = self.child(house, &pupil).await?;
                    batch.rows.extend(
                        row.map(|(pupil, change)| (line.line, Staged::Pupil(Box::new(pupil), change))),
                    );
                }
                Some(Row::Place(place)) => {
                    let placed = self.place(house, line.line, &place).await?;
                    batch.faults.extend(placed.faults);
                    batch.rows.extend(
                        placed
                            .pupil
                            .map(|(pupil, change)| (line.line, Staged::Learned(Box::new(pupil), change))),
                    );
                    batch.rows.extend(placed.place.map(|place| (line.line, Staged::Place(Box::new(place)))));
                }
                Some(Row::Nothing) | None => {}
            }
        }
        self.faults += batch.faults.len() as u64;
        house.register.stage(self.import.id, &batch).await.map_err(|error| unavailable(&error))?;
        if self.faults > FAULTS_MAX {
            let text = format!(
                "More than {FAULTS_MAX} rows are wrong; is it this kind of file? Nothing of it was taken."
            );
            house
                .register
                .end_reading(self.import.id, Some(&text))
                .await
                .map_err(|error| unavailable(&error))?;
            return Err(Problem::new(Category::Invalid, text));
        }
        Ok(())
    }

    /// The file ended, or cannot be used.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn end(self, house: &House, fault: Option<&FileFault>) -> Result<Import, Problem> {
        let refused = fault.map(ToString::to_string);
        house
            .register
            .end_reading(self.import.id, refused.as_deref())
            .await
            .map_err(|error| unavailable(&error))
    }

    fn today(&self) -> NaiveDate {
        self.at.date_naive()
    }

    async fn child(
        &self,
        house: &House,
        pupil: &crate::school::Pupil,
    ) -> Result<Option<(StoredPupil, Change)>, Problem> {
        let Some(number) = &pupil.nhs_number else { return Ok(None) };
        let key = house.vault.child_key(number);
        let old = who::known(house, &key).await?;
        let (merged, change) = who::merged(old.as_ref(), pupil);
        Ok(Some((who::sealed(house, key, &merged, &self.import.author, self.today())?, change)))
    }

    async fn place(&mut self, house: &House, line: u64, place: &Place) -> Result<Placed, Problem> {
        let mut faults = Vec::new();
        let fault =
            |column: &str, text: &str| RowFault { line, column: column.to_owned(), text: text.to_owned() };
        let Some(attended) = self.school(house, &place.attended).await? else {
            let text = "No school on file has this number. Import the list of schools (GIAS) first, or correct the row.";
            return Ok(Placed { place: None, pupil: None, faults: vec![fault("School URN", text)] });
        };
        let pupil = &place.pupil;
        let looked = who::look(house, pupil).await?;
        let own = pupil.nhs_number.as_ref().map(|number| house.vault.child_key(number));
        let mut learned = None;
        let (state, child, rule, candidates) = match &looked.found {
            Match::Matched(one, rule) => {
                let found = looked.children.get(*one);
                learned =
                    found.map(|(key, known)| self.learn(house, key, known, pupil)).transpose()?.flatten();
                (PlaceState::Matched, found.map(|(key, _)| key.clone()), Some(*rule), vec![])
            }
            Match::Ambiguous(several) => {
                let candidate = |(one, rule): &(usize, Rule)| {
                    looked.children.get(*one).map(|(key, _)| Candidate { child: key.clone(), rule: *rule })
                };
                (PlaceState::Ambiguous, None, None, several.iter().filter_map(candidate).collect())
            }
            // A number that nobody had yet, with name and birth date: now the child is known.
            Match::Unmatched => match own.filter(|_| pupil.born.is_some() && !pupil.family.is_empty()) {
                Some(key) => {
                    learned = Some((
                        who::sealed(house, key.clone(), pupil, &self.import.author, place.as_of)?,
                        Change::Added,
                    ));
                    (PlaceState::Matched, Some(key), Some(Rule::NhsNumber), vec![])
                }
                None => (PlaceState::Unmatched, None, None, vec![]),
            },
        };
        faults.extend(self.unusual(pupil).map(|text| fault("UPN", text)));
        let mut stored = self.stored(house, place, attended)?;
        (stored.state, stored.child, stored.rule, stored.candidates) = (state, child, rule, candidates);
        if let Some(child) = &stored.child
            && contradicts(&stored, &house.register.places(child).await.map_err(|error| unavailable(&error))?)
        {
            stored.state = PlaceState::Move;
        }
        Ok(Placed { place: Some(stored), pupil: learned, faults })
    }

    /// A pupil number whose first digits are no authority's: worth a look, and no reason to refuse it.
    fn unusual(&self, pupil: &crate::school::Pupil) -> Option<&'static str> {
        let upn = pupil.upn.as_ref()?;
        let code: u16 = upn.reveal().get(1..4)?.parse().ok()?;
        let known = self.authorities.is_empty() || self.authorities.contains(&code);
        (!known).then_some(
            "Worth a look (the row was taken): no local authority on file has the code in this UPN.",
        )
    }

    /// A pupil number that the child's file does not hold yet is learned, so that the next file finds the child by it.
    fn learn(
        &self,
        house: &House,
        key: &ChildKey,
        known: &crate::school::Pupil,
        pupil: &crate::school::Pupil,
    ) -> Result<Option<(StoredPupil, Change)>, Problem> {
        let news = pupil
            .upn
            .as_ref()
            .filter(|upn| known.upn.as_ref().is_none_or(|old| old.is_temporary() && *upn != old));
        let Some(upn) = news else { return Ok(None) };
        let with = crate::school::Pupil { upn: Some(upn.clone()), ..known.clone() };
        Ok(Some((
            who::sealed(house, key.clone(), &with, &self.import.author, self.today())?,
            Change::Changed,
        )))
    }

    fn stored(&self, house: &House, place: &Place, attended: String) -> Result<StoredPlace, Problem> {
        let pupil = &place.pupil;
        let whom = match (&pupil.nhs_number, &pupil.upn) {
            (Some(number), _) => format!("nhs/{}", number.reveal()),
            (None, Some(upn)) => format!("upn/{}", upn.reveal()),
            (None, None) => format!("pupil/{}", pupil.to_text()),
        };
        let who = house.vault.digest("place-pupil", whom.as_bytes());
        let source = self.import.author.clone();
        let start = place.start.map(|day| day.to_string()).unwrap_or_default();
        let id = house.vault.digest("place", format!("{source}|{who}|{attended}|{start}").as_bytes());
        // Two rows of one pupil number with different names are two pupils, of whom one has the other's number.
        let named = format!("{whom}|{}|{}|{:?}", pupil.given, pupil.family, pupil.born);
        Ok(StoredPlace {
            pupil: who::seal(house, &format!("place/{id}"), pupil)?,
            who: house.vault.digest("place-pupil", named.as_bytes()),
            upn: pupil
                .upn
                .as_ref()
                .map(|upn| house.vault.digest("pupil-key", format!("upn/{}", upn.reveal()).as_bytes())),
            id,
            child: None,
            attended,
            start: place.start,
            ended: place.end,
            as_of: place.as_of,
            source,
            state: PlaceState::Unmatched,
            rule: None,
            candidates: vec![],
            updated: self.at,
        })
    }

    /// The URN by which a school is on file; an early-years setting is in no list of schools, and is taken as it is named.
    async fn school(&mut self, house: &House, attended: &Attended) -> Result<Option<String>, Problem> {
        let named = attended.name();
        let (Attended::School(_) | Attended::Laestab(_)) = attended else {
            return Ok(Some(named.to_owned()));
        };
        if let Some(known) = self.schools.get(named) {
            return Ok(known.clone());
        }
        let found = match attended {
            Attended::Laestab(code) => house.register.urn_of(code).await,
            Attended::School(urn) if urn.is_early_years_setting() => Ok(Some(named.to_owned())),
            _ => house.register.school(named).await.map(|school| school.map(|school| school.urn)),
        };
        let found = found.map_err(|error| unavailable(&error))?;
        self.schools.insert(named.to_owned(), found.clone());
        Ok(found)
    }
}

/// Whether another source says for the same days that the child is elsewhere.
pub(super) fn contradicts(place: &StoredPlace, others: &[StoredPlace]) -> bool {
    others.iter().any(|other| is_contradicted_by(place, other))
}

/// See [`contradicts`].
pub(super) fn is_contradicted_by(place: &StoredPlace, other: &StoredPlace) -> bool {
    let until = |ended: Option<NaiveDate>, start: Option<NaiveDate>| {
        ended.zip(start).is_none_or(|(ended, start)| start <= ended)
    };
    other.state == PlaceState::Matched
        && other.source != place.source
        && other.attended != place.attended
        && until(other.ended, place.start.or(Some(place.as_of)))
        && until(place.ended, other.start)
}

/// Makes an import count, and looks again at places whose children were not known before.
///
/// # Errors
/// It is not ready, or what it was compared with changed meanwhile; nothing is written then.
pub async fn commit_import(
    house: &House,
    import: &Import,
    person: &str,
    at: DateTime<Utc>,
) -> Result<Import, Problem> {
    let note = format!(
        "{person}took in a file ({}): {} rows new, {} changed, {} wrong",
        import.form.name(),
        import.summary.added,
        import.summary.changed,
        import.faults
    );
    let entry = Entry::new(
        Event::Imported,
        at,
        ChildKey::of_nobody(),
        import.author.clone(),
        import.id,
        import.form.name(),
    );
    let committed = match house
        .register
        .commit_import(import.id, at, &Entry { note: Some(note), ..entry })
        .await
    {
        Ok(committed) => committed,
        Err(StoreError::VersionConflict(_)) => {
            let text = "Children or places changed since this file was read. Give it again, look at the preview, and commit that.";
            return Err(Problem::new(Category::VersionConflict, text));
        }
        Err(StoreError::NotInProgress) => {
            let text = "This import is not ready to be committed: it is being read, was refused, or is done.";
            return Err(Problem::new(Category::BusinessRule, text));
        }
        Err(error) => return Err(unavailable(&error)),
    };
    if committed.form == Form::Children {
        look_again(house, at).await?;
    }
    Ok(committed)
}

/// Places that wait for their child: perhaps it is known now.
async fn look_again(house: &House, at: DateTime<Utc>) -> Result<(), Problem> {
    let mut after = String::new();
    loop {
        let states = [PlaceState::Ambiguous, PlaceState::Unmatched];
        let page =
            house.register.waiting(&states, None, &after, PAGE).await.map_err(|error| unavailable(&error))?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for mut place in page {
            let pupil = who::open(house, &format!("place/{}", place.id), &place.pupil)?;
            let looked = who::look(house, &pupil).await?;
            let Match::Matched(one, rule) = looked.found else { continue };
            let Some((child, _)) = looked.children.into_iter().nth(one) else { continue };
            let others = house.register.places(&child).await.map_err(|error| unavailable(&error))?;
            place.state = if contradicts(&place, &others) { PlaceState::Move } else { PlaceState::Matched };
            (place.rule, place.candidates, place.updated) = (Some(rule), vec![], at);
            let entry = Entry::new(
                Event::PlaceChanged,
                at,
                child.clone(),
                place.source.clone(),
                Uuid::nil(),
                "school-place",
            );
            let entry =
                Entry { note: Some("a place at a school was found to be this child's".to_owned()), ..entry };
            place.child = Some(child);
            house.register.look_again(&place, Some(&entry)).await.map_err(|error| unavailable(&error))?;
        }
    }
}
