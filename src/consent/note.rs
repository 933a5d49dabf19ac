//! What a policy says of itself, and what is wrong with one that cannot be used.

use cedar_policy::Effect;

use crate::domain::Ground;

/// Why a policy file or the schema was refused: where, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {sentence}")]
pub struct Fault {
    /// The file's name as it was given; the schema's is `kith.cedarschema`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// What a policy does when it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// It permits, on this ground.
    Permit(Ground),
    /// It forbids; this is the refusal's name.
    Forbid(String),
}

/// What people are told about a policy: its annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// `@id`: the name by which decisions and the journal cite it.
    pub id: String,
    /// `@ground`.
    pub means: Means,
    /// `@law`: the law or guidance that it rests on.
    pub law: String,
    /// `@sentence`: what people are told when it decides.
    pub sentence: String,
    /// The file that it stands in.
    pub file: String,
    /// The line that it begins on.
    pub line: usize,
}

/// Reads `@ground`: for a permit one of the grounds, for a forbid the refusal's own name.
pub(super) fn means(effect: Effect, ground: &str) -> Result<Means, String> {
    let word = ground.parse::<Ground>();
    match effect {
        Effect::Permit => word.map(Means::Permit).map_err(|unknown| unknown.to_string()),
        Effect::Forbid if word.is_ok() => Err(format!(
            "'{ground}' is a ground for sharing; a forbid names its refusal, such as 'consent-denied'"
        )),
        Effect::Forbid => Ok(Means::Forbid(ground.to_owned())),
    }
}
