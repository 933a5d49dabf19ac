//! The schools of Kenford and who attends them, taken in as a local authority's lists would be.

use uuid::Uuid;

use super::world;
use crate::clock;
use crate::domain::PartnerId;
use crate::pipeline::{House, commit_import};
use crate::problem::Problem;
use crate::receive;
use crate::school::Form;

/// The lists, in the order in which they build on each other.
const LISTS: [(Form, &str); 4] = [
    (Form::Gias, include_str!("schools/schools.csv")),
    (Form::GiasLinks, include_str!("schools/links.csv")),
    (Form::Children, include_str!("schools/children.csv")),
    (Form::Places, include_str!("schools/places.csv")),
];

/// Takes all of them in.
pub(super) async fn take_in(house: &House) -> Result<(), Problem> {
    let council = PartnerId(world::COUNCIL.to_owned());
    for (form, list) in LISTS {
        let at = clock::now();
        let text =
            world::dated(list, at.date_naive()).map_err(|error| Problem::internal("date a list", &error))?;
        let file = std::io::Cursor::new(text.into_bytes());
        let import = receive::take_in(house, Uuid::new_v4(), form, &council, file, at).await?;
        commit_import(house, &import, "the sandbox ", at).await?;
    }
    Ok(())
}
