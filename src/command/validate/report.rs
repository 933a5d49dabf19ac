//! What was found, for people or for machines.

use std::fmt::Write as _;

use super::super::Format;
use super::input::Unit;
use crate::problem::{Category, Issue, Severity, outcome};
use crate::profile::validator::Outcome;
use crate::profile::walk::Finding;

/// The lines so far, and their sums.
pub(super) struct Report {
    format: Format,
    lines: String,
    files: usize,
    resources: usize,
    valid: usize,
    errors: usize,
    warnings: usize,
}

impl Report {
    pub(super) fn new(format: Format, files: usize) -> Self {
        Self { format, lines: String::new(), files, resources: 0, valid: 0, errors: 0, warnings: 0 }
    }

    /// Adds what was found in a resource.
    pub(super) fn add(&mut self, unit: &Unit, found: Outcome) {
        let count = |severity| found.findings.iter().filter(|one| one.issue.severity == severity).count();
        self.resources += 1;
        self.valid += usize::from(found.is_valid());
        self.errors += count(Severity::Error);
        self.warnings += count(Severity::Warning);
        match self.format {
            Format::Text => found.findings.into_iter().for_each(|one| self.line(unit, one)),
            Format::Json => {
                let issues: Vec<Issue> = found.issues().into_iter().map(|one| moved(unit, one)).collect();
                // Writing to a String cannot fail.
                let _ = writeln!(self.lines, "{}", outcome(&issues, Some(Category::Invalid)));
            }
        }
    }

    fn line(&mut self, unit: &Unit, one: Finding) {
        let issue = moved(unit, one.issue);
        let (line, column) = issue.position.unwrap_or((unit.line, 1));
        let severity = match issue.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
        };
        // Writing to a String cannot fail.
        let _ = write!(self.lines, "{}:{line}:{column}: {severity}: {}", unit.file, issue.text);
        if let Some(path) = issue.expression {
            let _ = write!(self.lines, " ({path})");
        }
        if let Some(rule) = one.rule {
            let _ = write!(self.lines, " [{rule}]");
        }
        if let Some(profile) = one.profile {
            let _ = write!(self.lines, " by {profile}");
        }
        self.lines.push('\n');
    }

    /// Whether there is no error.
    pub(super) fn is_good(&self) -> bool {
        self.errors == 0
    }

    /// The lines since they were last taken, without the last one's end.
    pub(super) fn take(&mut self) -> String {
        let mut lines = std::mem::take(&mut self.lines);
        lines.truncate(lines.trim_end().len());
        lines
    }

    /// What it comes to, for people.
    pub(super) fn sum(&self) -> Option<String> {
        let wrong = self.resources - self.valid;
        let sum = format!(
            "{} in {}: {} valid, {wrong} not; {}, {}",
            counted(self.resources, "resource"),
            counted(self.files, "file"),
            self.valid,
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
        );
        (self.format == Format::Text).then_some(sum)
    }
}

/// The issue where it is in the file, not in the line that the resource is.
fn moved(unit: &Unit, mut issue: Issue) -> Issue {
    issue.position = issue.position.map(|(line, column)| (line + unit.line - 1, column));
    issue
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
