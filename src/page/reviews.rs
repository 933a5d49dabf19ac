//! `/school/reviews`: places for which a person decides whose they are, or whether the child has moved.

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::problem::Problem;

/// What the page shows.
pub struct Shown {
    /// What waits.
    pub waiting: Vec<One>,
    /// Whether there is more than is shown.
    pub is_cut: bool,
    /// What was just decided.
    pub done: Option<String>,
    /// Why it was not.
    pub fault: Option<String>,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// A place.
pub struct One {
    /// Its id.
    pub id: String,
    /// What has to be decided, in a few words.
    pub title: String,
    /// What the source says, by name.
    pub facts: Vec<(&'static str, String)>,
    /// The question.
    pub question: &'static str,
    /// What can be decided.
    pub choices: Vec<Choice>,
}

/// One of the things that can be decided.
pub struct Choice {
    /// The id of its field.
    pub id: String,
    /// What the form sends.
    pub value: String,
    /// What it means.
    pub label: String,
    /// Why it is offered.
    pub hint: String,
}

#[derive(Template)]
#[template(path = "reviews.html")]
struct Reviews<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Reviews { frame: Frame::of("/school/reviews"), shown })
}
