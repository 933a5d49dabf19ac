//! `/inbox`: what people of an organisation without a system of its own were sent.

use askama::Template;

use super::frame::Frame;
use super::record::Group;
use super::render;
use crate::problem::Problem;

/// What the page shows.
pub struct Shown {
    /// What lies there, newest first.
    pub items: Vec<Item>,
    /// What was just done.
    pub done: Option<String>,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// One message.
pub struct Item {
    /// The delivery.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Who sent it.
    pub from: String,
    /// When it came.
    pub received: String,
    /// When somebody said that they read it.
    pub read: Option<String>,
    /// Whether the family may be visited, where somebody decided about that.
    pub visit: Option<Visit>,
    /// What it says.
    pub groups: Vec<Group>,
}

/// What became of a no-visit rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visit {
    /// It holds, for this reason if one was given.
    Forbidden(Option<String>),
    /// It ended: why.
    Allowed(&'static str),
}

impl Visit {
    /// Whether the family may not be visited.
    pub fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden(_))
    }
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Inbox { frame: Frame::of("/inbox"), shown })
}
