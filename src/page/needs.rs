//! `/school/needs`: a school nurse tells a school what teachers must know; a preview first.

use askama::Template;

use super::frame::Frame;
use super::record::Group;
use super::render;
use super::school::Fault;
use crate::problem::Problem;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// First name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// The condition.
    pub condition: String,
    /// What to do.
    pub what: String,
    /// Who is trained, one a line.
    pub trained: String,
    /// When it is looked at again.
    pub review: String,
    /// Whom to ask.
    pub contact: String,
    /// Whether the family agreed: `agreed` or `nobody`.
    pub agreed: String,
    /// Who agreed.
    pub by: String,
    /// What they are to the child.
    pub relationship: String,
}

/// What the page shows.
pub struct Shown {
    /// The school.
    pub school: String,
    /// Who the child is and for which school, sealed.
    pub context: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What would be sent; `None` while it is being written.
    pub preview: Option<Preview>,
    /// Whether it was sent.
    pub is_sent: bool,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// What would be sent.
pub struct Preview {
    /// What the school sees.
    pub groups: Vec<Group>,
    /// On what ground.
    pub why: String,
    /// Who else is told.
    pub others: Vec<String>,
}

impl Shown {
    fn has(&self, id: &str) -> bool {
        self.of(id).next().is_some()
    }

    fn of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Fault> {
        self.faults.iter().filter(move |fault| fault.id == id)
    }

    /// Every field with what was typed, for a form that shows none of them.
    fn all(&self) -> [(&'static str, &str); 10] {
        let typed = &self.typed;
        [
            ("given", &typed.given),
            ("family", &typed.family),
            ("condition", &typed.condition),
            ("what", &typed.what),
            ("trained", &typed.trained),
            ("review", &typed.review),
            ("contact", &typed.contact),
            ("agreed", &typed.agreed),
            ("by", &typed.by),
            ("relationship", &typed.relationship),
        ]
    }
}

#[derive(Template)]
#[template(path = "needs.html")]
struct Needs<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Needs { frame: Frame::of("/school"), shown })
}
