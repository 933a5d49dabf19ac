//! What can go wrong with an expression, in a sentence for its author.

use std::fmt;

/// At which step an expression failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is no expression (FHIRPath, Appendix B).
    Syntax,
    /// It names an element, a type or a function that does not exist.
    Semantic,
    /// It cannot be evaluated on what it was given.
    Execution,
    /// It would take more steps, depth or items than allowed.
    Limit,
}

/// Why an expression was refused or has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The step that failed.
    pub kind: FaultKind,
    /// What is wrong, in a sentence.
    pub text: String,
    /// The byte of the expression at which it shows.
    pub at: usize,
}

impl Fault {
    pub(super) fn syntax(at: usize, text: impl Into<String>) -> Self {
        Self { kind: FaultKind::Syntax, text: text.into(), at }
    }

    pub(super) fn semantic(at: usize, text: impl Into<String>) -> Self {
        Self { kind: FaultKind::Semantic, text: text.into(), at }
    }

    /// The place is filled in by the evaluator, which knows what it was at.
    pub(super) fn execution(text: impl Into<String>) -> Self {
        Self { kind: FaultKind::Execution, text: text.into(), at: NOWHERE }
    }

    pub(super) fn limit(text: impl Into<String>) -> Self {
        Self { kind: FaultKind::Limit, text: text.into(), at: NOWHERE }
    }

    pub(super) fn place(mut self, at: u32) -> Self {
        if self.at == NOWHERE {
            self.at = at as usize;
        }
        self
    }
}

const NOWHERE: usize = usize::MAX;

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (at character {} of the expression)", self.text, self.at.saturating_add(1))
    }
}

impl std::error::Error for Fault {}
