//! What the validator needs of others: definitions with their snapshots, answers about codes, and an engine for rules.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::definition::Structure;
use crate::json::document::{Document, Id};

/// Whether a code is in a value set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// It is.
    In,
    /// It is not.
    NotIn,
    /// The code system is not known here, so nobody can tell.
    UnknownSystem,
    /// The value set is not known here, or is defined by what only a terminology server can answer.
    CannotTell,
    /// The definitions that would tell cannot be used; with the reason, as a sentence without a full stop.
    Broken(String),
}

/// What is known of a code in its code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeStatus {
    /// It is defined, and the display that was asked about is one of its own, or it has none.
    Known,
    /// It is defined, but is called otherwise: its preferred display.
    KnownAs(String),
    /// The system is known completely and has no such code.
    Unknown,
    /// The code system is not known here.
    UnknownSystem,
    /// Only part of the code system is known here.
    CannotTell,
    /// The address is that of a supplement, which has no codes of its own.
    Supplement,
    /// The definitions that would tell cannot be used; with the reason, as a sentence without a full stop.
    Broken(String),
}

/// What a code system has under a name that a filter uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterName {
    /// A property, of this type.
    Property(String),
    /// A filter of its own.
    Filter,
    /// Neither.
    Nothing,
    /// The code system, or what it has under names, is not known here.
    UnknownSystem,
    /// The definition of the code system cannot be used; with the reason, as a sentence without a full stop.
    Broken(String),
}

/// Says whether a code, perhaps of a system, is in one value set.
pub type Holds = dyn Fn(Option<&str>, &str) -> Membership;

/// Definitions and terminology. Canonicals may carry `|version`. What is known but cannot be used is an error with the
/// reason, as a sentence without a full stop: nothing may pass because there was nothing to check it against.
pub trait Definitions: Send + Sync {
    /// The definition of a type (`Patient`) or with a canonical address, with its snapshot; none when nobody knows it.
    fn structure(&self, canonical_or_type: &str) -> Result<Option<Arc<Structure>>, String>;

    /// The id or path of the element of a differential that fits nowhere in the base, or not after the one before it; none where all
    /// fit, or where it cannot be told.
    fn misfit(&self, _: &Structure) -> Option<String> {
        None
    }

    /// The Questionnaire, Measure or SearchParameter of a package with that canonical; none when nobody knows it.
    fn form(&self, canonical: &str) -> Result<Option<Arc<Value>>, String>;

    /// The profiles that all resources of a type must meet, whether they claim them or not.
    fn globals(&self, _: &str) -> Vec<&str> {
        vec![]
    }

    /// Whether a code is in a value set; without a system, the code alone decides.
    fn member(&self, value_set: &str, system: Option<&str>, code: &str) -> Membership;

    /// What a value set holds that stands inside another resource, worked out once for all that ask.
    fn holds(&self, _: &Value) -> Box<Holds> {
        Box::new(|_, _| Membership::CannotTell)
    }

    /// What is known of a code, and whether a display is one of its own.
    fn code(&self, system: &str, code: &str, display: Option<&str>) -> CodeStatus;

    /// Whether the address is that of a value set that is known.
    fn is_value_set(&self, _: &str) -> bool {
        false
    }

    /// What a value set's filter on a code system can mean by a name.
    fn filter(&self, system: &str, name: &str) -> FilterName;

    /// Every (system, code) of a value set, when it is known completely and is small; lets a plan answer by itself.
    fn enumerate(&self, value_set: &str) -> Option<Vec<(Box<str>, Box<str>)>>;
}

/// An engine that compiles rules written in FHIRPath.
pub trait Rules: Send + Sync {
    /// Compiles an expression.
    fn compile(&self, expression: &str) -> Result<Box<dyn Rule>, String>;

    /// What a rule names that nothing has, each as a sentence, where the rule is about the element at that path; nothing where this
    /// cannot be told beforehand.
    fn misnamed(&self, _expression: &str, _path: &str) -> Vec<String> {
        vec![]
    }

    /// The same for an expression that begins at a resource of any of these types.
    fn misnamed_in_all(&self, _expression: &str, _types: &[&str]) -> Vec<String> {
        vec![]
    }

    /// What time it is, for what is limited by it; none where no clock is at hand.
    fn now(&self) -> Option<DateTime<FixedOffset>> {
        None
    }
}

/// Says whether what stands somewhere in a document meets a profile; `None` when nobody can tell.
pub type Conforms<'d> = dyn Fn(Id, &str) -> Option<bool> + 'd;

/// What a rule is asked of.
#[derive(Clone, Copy)]
pub struct Focus<'d, 't> {
    /// The document.
    pub document: &'d Document<'t>,
    /// The element.
    pub node: Id,
    /// What stands beside a simple value under `_name`: its id and extensions.
    pub twin: Option<Id>,
    /// Its type: a data type, a resource type, or the path of a part, such as `Patient.contact`.
    pub type_name: &'d str,
    /// The resource that the element is in.
    pub resource: Id,
    /// The resource that contains that one, or itself.
    pub root: Id,
    /// What answers whether an element conforms to a profile.
    pub conforms: &'d Conforms<'d>,
}

/// A compiled rule.
pub trait Rule: Send + Sync {
    /// Whether it holds.
    fn holds(&self, focus: &Focus<'_, '_>) -> Result<bool, String>;
}

/// No engine: every rule that has no native form is named as unchecked.
#[derive(Debug, Clone, Copy)]
pub struct NoRules;

impl Rules for NoRules {
    fn compile(&self, _: &str) -> Result<Box<dyn Rule>, String> {
        Err("no engine for FHIRPath is at hand".to_owned())
    }
}
