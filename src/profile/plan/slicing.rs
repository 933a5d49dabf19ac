//! How repetitions are told apart: each slice becomes a list of tests, one for each discriminator
//! (<https://hl7.org/fhir/R4/profiling.html#discriminator>).

mod tests_of;

use serde_json::Value;

pub(super) use tests_of::tests_of;

/// The slices of an element.
#[derive(Debug)]
pub struct Slicing {
    /// In the order of their definition.
    pub slices: Vec<Slice>,
    /// Whether they must stand in that order.
    pub ordered: bool,
    /// Whether everything must be in a slice.
    pub is_closed: bool,
    /// Whether what is in no slice must come after all that is.
    pub open_at_end: bool,
}

/// One slice.
#[derive(Debug)]
pub struct Slice {
    /// Its name.
    pub name: Box<str>,
    /// Its check.
    pub check: u32,
    /// Fewest occurrences.
    pub min: u32,
    /// Most occurrences.
    pub max: u32,
    /// What tells its members from others; with none, nothing is known to be in it.
    pub tests: Vec<Test>,
}

/// One discriminator of a slice.
#[derive(Debug)]
pub struct Test {
    /// Where to look.
    pub path: Vec<Step>,
    /// What to find there.
    pub want: Want,
}

/// One step of a discriminator's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// An element.
    Member(Box<str>),
    /// `extension('url')`
    Extension(Box<str>),
    /// `ofType(Type)`
    OfType(Box<str>),
    /// `resolve()`
    Resolve,
}

/// What a discriminator wants.
#[derive(Debug)]
pub enum Want {
    /// Exactly this value.
    Fixed(Value),
    /// At least what this value says.
    Pattern(Value),
    /// A code of this value set.
    ValueSet(Box<str>),
    /// One of these types.
    Types(Vec<Box<str>>),
    /// One of these profiles.
    Profiles(Vec<Box<str>>),
    /// Something.
    Exists,
    /// Nothing.
    Absent,
    /// The definition does not say.
    Unclear,
}
