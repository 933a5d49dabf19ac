//! An import is made to count, and places that waited for their child are looked at again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::place::contradicts;
use crate::domain::ChildKey;
use crate::journal::{Entry, Event};
use crate::pipeline::school::who;
use crate::pipeline::{House, unavailable};
use crate::problem::{Category, Problem};
use crate::school::{Form, Match};
use crate::store::{Import, PlaceState, StoreError};

/// How many places are looked at again at once.
const PAGE: u32 = 200;

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
