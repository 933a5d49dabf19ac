//! `/workbench`: a resource, what is wrong with it beside its lines, and what would mend it.

mod choices;
mod correction;
mod layout;
mod listing;
mod report;

use askama::Template;

use super::frame::Frame;
use super::render;
use crate::json::document::parse;
use crate::problem::Problem;
use crate::profile::Conformance;
use crate::profile::walk::Finding;
use choices::Group;
use report::Report;

pub use choices::example;
pub use correction::Correction;
pub use layout::laid_out;

/// How deep a text may nest that the page looks into.
const DEPTH_MAX: usize = 128;

/// What a person entered, as it came.
#[derive(Debug, Default)]
pub struct Entered {
    /// The text of the resource.
    pub text: String,
    /// The canonical address of the chosen profile; empty for those that the resource claims.
    pub profile: String,
}

/// What is wrong with what was entered, so that nothing could be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: Field,
    /// What to do.
    pub text: String,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The text of the resource.
    Resource,
    /// The address of a profile that is not in the list.
    Other,
}

impl Field {
    /// The field's name in the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Other => "other",
        }
    }
}

/// What became of a correction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// None was asked for.
    Unasked,
    /// It was applied; what it did.
    Done(String),
    /// It no longer fits the text.
    Unfit,
}

#[derive(Template)]
#[template(path = "workbench.html")]
struct Workbench<'a> {
    frame: Frame,
    entered: &'a Entered,
    bytes_max: usize,
    profiles: Vec<Group<'a>>,
    examples: Vec<Group<'a>>,
    fault: Option<&'a Fault>,
    report: Option<Report<'a>>,
}

impl Workbench<'_> {
    fn fault_of(&self, field: &str) -> Option<&Fault> {
        self.fault.filter(|fault| fault.field.name() == field)
    }

    /// The address of a chosen profile that is not in the list.
    fn other(&self) -> &str {
        let is_listed = self.profiles.iter().flat_map(|group| &group.choices).any(|choice| choice.is_chosen);
        if is_listed { "" } else { &self.entered.profile }
    }

    fn largest(&self) -> String {
        report::size(self.bytes_max)
    }
}

/// The page before anything was checked, or with what is wrong about the form itself.
pub fn form(
    conformance: &Conformance,
    entered: &Entered,
    bytes_max: usize,
    fault: Option<&Fault>,
) -> Result<String, Problem> {
    render(&page(conformance, entered, bytes_max, fault, None))
}

/// The page with what was found.
pub fn checked(
    conformance: &Conformance,
    entered: &Entered,
    bytes_max: usize,
    findings: &[Finding],
    mended: &Mended,
) -> Result<String, Problem> {
    let fault = unreadable(&entered.text, findings);
    let report = Report::new(conformance, entered, findings, mended);
    render(&page(conformance, entered, bytes_max, fault.as_ref(), Some(report)))
}

fn page<'a>(
    conformance: &'a Conformance,
    entered: &'a Entered,
    bytes_max: usize,
    fault: Option<&'a Fault>,
    report: Option<Report<'a>>,
) -> Workbench<'a> {
    Workbench {
        frame: Frame::of("/workbench"),
        entered,
        bytes_max,
        profiles: choices::profiles(conformance, &entered.profile),
        examples: choices::examples(conformance),
        fault,
        report,
    }
}

/// A text that is no JSON is a fault of the field; where it breaks is shown in the listing.
fn unreadable(text: &str, findings: &[Finding]) -> Option<Fault> {
    parse(text, DEPTH_MAX).err()?;
    let issue = &findings.first()?.issue;
    let (line, column) = issue.position?;
    let text = format!("This cannot be read as JSON. Line {line}, column {column}: {}", issue.text);
    Some(Fault { field: Field::Resource, text })
}
