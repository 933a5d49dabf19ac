//! Lists of schools, children and places are taken in: read and compared first, looked at by whoever brought them, and then made to count,
//! whole or not at all.

mod commit;
mod place;

pub use commit::commit_import;
pub(super) use place::{contradicts, is_contradicted_by};

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::who;
use crate::domain::PartnerId;
use crate::pipeline::{House, unavailable};
use crate::problem::{Category, Problem};
use crate::school::{FileFault, Form, Line, Row};
use crate::store::{Batch, Change, Import, ImportState, Staged, StoreError, StoredPupil, Summary};

/// With so many faults it is another file than was meant.
const FAULTS_MAX: u64 = 10_000;

/// Begins to take a file in.
///
/// # Errors
/// An import with this id was begun before, or the store cannot be used.
///
/// `hash` is a keyed hash of what came, by which the same is known again.
pub async fn begin_import(
    house: &House,
    id: Uuid,
    form: Form,
    author: &PartnerId,
    at: DateTime<Utc>,
    hash: Option<String>,
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
        note: hash,
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
}
