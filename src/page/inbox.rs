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
    /// What it says.
    pub groups: Vec<Group>,
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
