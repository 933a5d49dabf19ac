//! What was found: kept in order, not more than a limit, and turned into issues with lines and columns at the end.

use super::Place;
use crate::json::document::{Document, Id, Lines};
use crate::problem::{Issue, Severity};
use crate::profile::mend::Mend;

/// A fault with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The issue as people and systems get it.
    pub issue: Issue,
    /// The key of the rule that does not hold.
    pub rule: Option<String>,
    /// The profile or extension that demands it; `None` where FHIR itself does.
    pub profile: Option<String>,
}

#[derive(Debug)]
struct Raw {
    node: Id,
    finding: Finding,
    mend: Option<(Id, Mend)>,
    /// The resource whose own faults are why this is one.
    because_of: Option<Id>,
    /// Whether it is known who demands it.
    is_blamed: bool,
}

/// Findings so far.
#[derive(Debug)]
pub struct Findings {
    raw: Vec<Raw>,
    /// How many of them are errors.
    errors: usize,
    /// The most errors, and the most remarks beside them.
    most: usize,
    /// Whether the finding that was added last is kept.
    kept_last: bool,
    /// Whether remarks were left out for want of room.
    remarks_left_out: bool,
}

impl Findings {
    /// None so far, and at most so many.
    pub fn new(most: usize) -> Self {
        Self { raw: vec![], errors: 0, most, kept_last: false, remarks_left_out: false }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether there is no room for more errors. That there are many remarks ends nothing: an error may still follow.
    pub fn is_full(&self) -> bool {
        self.errors >= self.most
    }

    pub(super) fn has_error_since(&self, start: usize) -> bool {
        self.wrong_since(start).next().is_some()
    }

    /// Whether there is an error that is no consequence of faults elsewhere.
    pub(super) fn has_own_error_since(&self, start: usize) -> bool {
        self.wrong_since(start).any(|one| one.because_of.is_none())
    }

    pub(super) fn errors_since(&self, start: usize) -> usize {
        self.wrong_since(start).count()
    }

    pub(super) fn first_error_since(&self, start: usize) -> Option<String> {
        self.wrong_since(start).next().map(|one| one.finding.issue.text.clone())
    }

    fn wrong_since(&self, start: usize) -> impl Iterator<Item = &Raw> {
        let since = self.raw.get(start..).unwrap_or_default();
        since.iter().filter(|one| one.finding.issue.severity == Severity::Error)
    }

    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.errors -= self.errors_since(length);
        self.raw.truncate(length);
    }

    /// Names the profile in every finding since a number of which nobody knows yet who demands it.
    pub(super) fn blame(&mut self, start: usize, profile: &str) {
        for one in self.raw.iter_mut().skip(start).filter(|one| !one.is_blamed) {
            one.finding.profile = Some(profile.to_owned());
            one.is_blamed = true;
        }
    }

    /// Names the profile, or FHIR itself, in those findings since a number that were found by it alone too.
    pub(super) fn blame_where_alike(&mut self, start: usize, profile: Option<&str>, alone: &Self) {
        for one in self.raw.iter_mut().skip(start).filter(|one| !one.is_blamed) {
            let alike =
                |other: &Raw| other.node == one.node && other.finding.issue.text == one.finding.issue.text;
            if alone.raw.iter().any(alike) {
                one.finding.profile = profile.map(str::to_owned);
                one.is_blamed = true;
            }
        }
    }

    /// Whether there is an error since a number of which nobody knows who demands it.
    pub(super) fn has_open_error_since(&self, start: usize) -> bool {
        self.wrong_since(start).any(|one| !one.is_blamed)
    }

    /// Whether of a finding since a number nobody knows who demands it.
    pub(super) fn is_open_since(&self, start: usize) -> bool {
        self.raw.iter().skip(start).any(|one| !one.is_blamed)
    }

    /// Adds an error.
    pub fn error(&mut self, place: &Place<'_>, node: Id, code: &str, text: impl Into<String>) {
        self.add(place, node, Issue::error(code, text), None);
    }

    /// Adds an error that is one only because a resource elsewhere has faults. It is left out where those are told.
    pub fn consequence(&mut self, place: &Place<'_>, node: Id, because_of: Id, text: impl Into<String>) {
        let before = self.raw.len();
        self.error(place, node, "structure", text);
        if let Some(added) = self.raw.get_mut(before) {
            added.because_of = Some(because_of);
        }
    }

    /// Whether an error is told of something in a resource.
    fn is_told(&self, document: &Document<'_>, resource: Id) -> bool {
        let own = |one: &Raw| {
            one.because_of.is_none()
                && one.finding.issue.severity == Severity::Error
                && document.holds(resource, one.node)
        };
        self.raw.iter().any(own)
    }

    /// Adds a warning.
    pub fn warning(&mut self, place: &Place<'_>, node: Id, code: &str, text: impl Into<String>) {
        self.add(place, node, Issue::warning(code, text), None);
    }

    /// Adds information.
    pub fn information(&mut self, place: &Place<'_>, node: Id, code: &str, text: impl Into<String>) {
        self.add(place, node, Issue::information(code, text), None);
    }

    /// Adds an issue that a rule gives.
    pub fn add(&mut self, place: &Place<'_>, node: Id, issue: Issue, rule: Option<&str>) {
        let is_error = issue.severity == Severity::Error;
        let remarks = self.raw.len() - self.errors;
        self.kept_last = if is_error { !self.is_full() } else { remarks < self.most };
        self.remarks_left_out |= !is_error && !self.kept_last;
        if !self.kept_last {
            return;
        }
        let issue = issue.at(place.expression());
        self.errors += usize::from(is_error);
        let finding = Finding { issue, rule: rule.map(str::to_owned), profile: None };
        self.raw.push(Raw { node, finding, mend: None, because_of: None, is_blamed: false });
    }

    /// Says what mends the finding that was added last, and at which node.
    pub fn mend(&mut self, node: Id, mend: Mend) {
        if let Some(last) = self.raw.last_mut().filter(|_| self.kept_last) {
            last.mend = Some((node, mend));
        }
    }

    /// All findings in the order of the text, with lines and columns; what several profiles say alike stands once.
    pub fn finish(mut self, document: &Document<'_>) -> Vec<Finding> {
        let (full, remarks_left_out) = (self.is_full(), self.remarks_left_out);
        let told: Vec<Id> = self.raw.iter().filter_map(|one| one.because_of).collect();
        let told: Vec<Id> = told.into_iter().filter(|one| self.is_told(document, *one)).collect();
        self.raw.retain(|one| one.because_of.is_none_or(|resource| !told.contains(&resource)));
        self.raw.sort_by_key(|one| one.node);
        let mut lines = Lines::of(document.source());
        let mut all: Vec<Finding> = Vec::with_capacity(self.raw.len());
        let mut same_node = 0;
        let mut last = None;
        for raw in self.raw {
            if last != Some(raw.node) {
                same_node = all.len();
                last = Some(raw.node);
            }
            let mut finding = raw.finding;
            let (line, column) = lines.position(document.offset(raw.node));
            finding.issue = finding.issue.on(line, column);
            finding.issue.patch = raw.mend.map(|(node, mend)| mend.patch(document, node));
            let earlier = all.get(same_node..).unwrap_or_default();
            if !earlier.iter().any(|one| one.issue == finding.issue) {
                all.push(finding);
            }
        }
        if full {
            let issue =
                Issue::error("too-costly", "There are more issues than are listed. Mend these first.");
            all.push(Finding { issue, rule: None, profile: None });
        } else if remarks_left_out {
            let issue =
                Issue::warning("too-costly", "There are more remarks than are listed; every error is.");
            all.push(Finding { issue, rule: None, profile: None });
        }
        all
    }
}
