//! `/inbox/cards`: labels for welcome cards, to be printed on sheets of three times seven.

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::Problem;

/// One label.
pub struct Label {
    /// The child's name.
    pub child: String,
    /// The lines of the address.
    pub address: Vec<String>,
}

/// What the page shows.
pub struct Shown {
    /// One a family.
    pub labels: Vec<Label>,
    /// The first day, `YYYY-MM-DD`.
    pub since: String,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

#[derive(Template)]
#[template(path = "cards.html")]
struct Cards<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Cards { frame: Frame::of("/inbox"), shown })
}
