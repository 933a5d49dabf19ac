//! What was found, as people read it: how much of what, and every issue with its place, its rule and its correction.

use super::correction::Correction;
use super::listing::{Piece, Row, rows};
use super::{DEPTH_MAX, Entered, Mended};
use crate::json::document::{Document, parse};
use crate::page::developers::page_of;
use crate::problem::Severity;
use crate::profile::Conformance;
use crate::profile::walk::Finding;

/// So many issues are named in the summary; all are in the listing.
const SUMMARY_MAX: usize = 10;

/// Everything that was found.
#[derive(Debug)]
pub struct Report<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// The profile that was chosen.
    pub against: Option<Rule<'a>>,
    /// What became of the correction that was asked for.
    pub mended: &'a Mended,
    /// Errors, then warnings: severity, line and text; as many as the summary takes.
    pub summary: Vec<(Severity, Option<usize>, &'a str)>,
    /// The listing.
    pub rows: Vec<Row<'a>>,
}

/// A profile by its title, with a link where Kith has it, else by its canonical address.
#[derive(Debug, Clone)]
pub struct Rule<'a> {
    /// What people read.
    pub title: &'a str,
    /// Where it is.
    pub link: Option<String>,
}

/// An issue.
#[derive(Debug)]
pub struct Shown<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub text: &'a str,
    /// Line and column.
    pub position: Option<(usize, usize)>,
    /// FHIRPath of the element.
    pub expression: Option<&'a str>,
    /// The key of the rule that does not hold.
    pub rule: Option<&'a str>,
    /// The profile that demands it.
    pub profile: Option<Rule<'a>>,
    /// What would mend it: in words, and as the form names it.
    pub fix: Option<(String, String)>,
    /// The place in a line that is too long to be shown.
    pub excerpt: Vec<Piece>,
}

impl Shown<'_> {
    /// The line.
    pub fn line(&self) -> Option<usize> {
        self.position.map(|(line, _)| line)
    }

    /// The column.
    pub fn column(&self) -> Option<usize> {
        self.position.map(|(_, column)| column)
    }

    /// How bad it is, in a word.
    pub fn severity(&self) -> &'static str {
        word(&self.severity)
    }

    /// The name of its style.
    pub fn style(&self) -> &'static str {
        style(self.severity)
    }

    /// An error on that line.
    #[cfg(test)]
    pub fn at_line(line: usize) -> Shown<'static> {
        Shown {
            severity: Severity::Error,
            text: "",
            position: Some((line, 1)),
            expression: None,
            rule: None,
            profile: None,
            fix: None,
            excerpt: vec![],
        }
    }
}

impl<'a> Report<'a> {
    /// The report on what was found in what was entered.
    pub fn new(
        conformance: &'a Conformance,
        entered: &'a Entered,
        findings: &'a [Finding],
        mended: &'a Mended,
    ) -> Self {
        let document = parse(&entered.text, DEPTH_MAX).ok();
        let count = |severity| findings.iter().filter(|one| one.issue.severity == severity).count();
        let of = |severity| findings.iter().map(|one| &one.issue).filter(move |one| one.severity == severity);
        let worst = of(Severity::Error).chain(of(Severity::Warning)).take(SUMMARY_MAX);
        let summary = worst.map(|one| (one.severity, one.position.map(|(line, _)| line), one.text.as_str()));
        let against = Some(entered.profile.as_str()).filter(|url| !url.is_empty());
        let mut issues: Vec<Shown<'a>> =
            findings.iter().map(|one| shown(conformance, document.as_ref(), one)).collect();
        // Issues without a place come first, at the first line.
        issues.sort_by_key(Shown::line);
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Information),
            against: against.map(|url| rule(conformance, url)),
            mended,
            summary: summary.collect(),
            rows: rows(&entered.text, issues),
        }
    }

    /// How much was found, such as `2 errors and 1 warning`.
    pub fn headline(&self) -> String {
        match (self.errors, self.warnings) {
            (0, 0) => "No errors and no warnings".to_owned(),
            (0, warnings) => format!("No errors, {}", many(warnings, "warning")),
            (errors, 0) => many(errors, "error"),
            (errors, warnings) => format!("{} and {}", many(errors, "error"), many(warnings, "warning")),
        }
    }

    /// The style of the whole.
    pub fn style(&self) -> &'static str {
        match (self.errors, self.warnings) {
            (0, 0) => "good",
            (0, _) => style(Severity::Warning),
            _ => style(Severity::Error),
        }
    }

    /// Errors and warnings that the summary has no room for.
    pub fn others(&self) -> usize {
        (self.errors + self.warnings).saturating_sub(self.summary.len())
    }

    /// Notes, where there are any: `1 note`.
    pub fn notes(&self) -> Option<String> {
        (self.notes > 0).then(|| many(self.notes, "note"))
    }

    /// Whether lines were cut.
    pub fn has_cut_lines(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, Row::Line(line) if line.is_cut))
    }

    /// Whether lines were left out.
    pub fn has_gaps(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, Row::Gap(..)))
    }
}

/// A severity in a word.
pub fn word(severity: &Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Information => "Note",
    }
}

/// The name of a severity's style.
pub fn style(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
    }
}

/// A number of bytes as people say it.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn shown<'a>(
    conformance: &'a Conformance,
    document: Option<&Document<'_>>,
    finding: &'a Finding,
) -> Shown<'a> {
    let correction = Correction::of(finding);
    let fix = correction.zip(document).and_then(|(correction, document)| {
        Some((correction.told(document, ["replace", "rename", "remove"])?, correction.name()))
    });
    Shown {
        severity: finding.issue.severity,
        text: &finding.issue.text,
        position: finding.issue.position,
        expression: finding.issue.expression.as_deref(),
        rule: finding.rule.as_deref(),
        profile: finding.profile.as_deref().map(|url| rule(conformance, url)),
        fix,
        excerpt: vec![],
    }
}

fn rule<'a>(conformance: &'a Conformance, url: &'a str) -> Rule<'a> {
    match page_of(conformance, url) {
        Some((title, link)) => Rule { title, link: Some(link) },
        None => Rule { title: url, link: None },
    }
}
