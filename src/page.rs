//! What people see in a browser: pages of one layout that are whole before any script runs.
//!
//! What is to be seen comes in, HTML goes out; nothing is read, kept or sent here. `templates/` holds the HTML, `assets`
//! the style and the script. Everything that is put into a page is escaped by the templates.

/// Style and script, under names that change with them.
pub mod asset;

/// `/births`: how many were born, and the list for a local authority.
pub mod births;

/// `/inbox/cards`: labels for welcome cards.
pub mod cards;

/// `/developers`: where to begin, and Kith's forms, profiles and codes as people read them.
pub mod developers;

/// What all pages have in common.
mod frame;

/// `/`: what Kith is, and the way to every page.
pub mod home;

/// `/inbox`: what an organisation without a system of its own was sent.
pub mod inbox;

/// `/school/needs`: what a school must know of a child's health.
pub mod needs;

/// `/operations`: what waits, what failed, and the life of one delivery.
pub mod operations;

/// A record as people read it.
pub mod record;

/// A page for a request that was not granted.
pub mod refusal;

/// `/school/reviews`: places for which a person decides.
pub mod reviews;

/// `/school`: which school a child attends.
pub mod school;

/// The messages of an inbox as CSV.
pub mod spreadsheet;

/// `/who-was-told`: what the journal holds about a child.
pub mod told;

/// `/workbench`: a resource, what is wrong with it, and what would mend it.
pub mod workbench;

use askama::Template;

use crate::problem::Problem;

fn render(page: &impl Template) -> Result<String, Problem> {
    page.render().map_err(|error| Problem::internal("draw the page", &error))
}
