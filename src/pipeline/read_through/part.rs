//! What is known of a source, and what becomes of it, while a question is put to all.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::consent::{Decision, Weighed};
use crate::domain::{Demographics, Item, PartnerId};
use crate::journal::Decided;
use crate::pipeline::CONCEALED;
use crate::route::Partner;

/// What became of one source.
pub(super) struct Part {
    pub(super) source: PartnerId,
    pub(super) decided: Decided,
    /// What there was to tell, by name; of a source that was not asked, what is withheld of what it may hold.
    pub(super) held: BTreeSet<String>,
    pub(super) resources: Vec<Value>,
    pub(super) missing: Option<(String, String)>,
    pub(super) note: String,
    /// Whether the source was asked for what it holds.
    pub(super) is_asked: bool,
    /// What was told on a ground that a withdrawal can end.
    pub(super) told: BTreeSet<Item>,
    /// What consents that speak of some data only say of what was found.
    pub(super) weighed: Weighed,
}

impl Part {
    /// Nothing of a source yet.
    pub(super) fn of(source: &Partner, decision: &Decision) -> Self {
        Self {
            source: source.id.clone(),
            decided: decision.decided(),
            held: BTreeSet::new(),
            resources: vec![],
            missing: None,
            note: String::new(),
            is_asked: false,
            told: BTreeSet::new(),
            weighed: Weighed::default(),
        }
    }
}

/// What a source is called to who asks. Only who knows the child is asked, so that its name would say who that is.
pub(super) fn name_of(source: &Partner, hides_where: bool) -> String {
    if hides_where { CONCEALED.to_owned() } else { source.name.clone() }
}

/// What a source says of the child.
pub(super) struct Known<'a> {
    pub(super) source: &'a Partner,
    pub(super) child: Demographics,
    pub(super) ids: Vec<String>,
    pub(super) silent: Option<String>,
}

/// A source, with what the asker may have of it.
pub(super) struct Chosen<'a> {
    pub(super) source: &'a Partner,
    pub(super) child: Demographics,
    pub(super) ids: Vec<String>,
    pub(super) decision: Decision,
    /// What is answered where it is not asked.
    pub(super) part: Part,
    pub(super) is_asked: bool,
}

/// What any source says that protects the record holds for what all of them tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strictest {
    restricted: bool,
    sealed: bool,
    deceased: bool,
}

impl Strictest {
    pub(super) fn of(known: &[Known<'_>]) -> Self {
        known.iter().map(|one| &one.child).fold(Self::default(), |all, child| Self {
            restricted: all.restricted || child.restricted,
            sealed: all.sealed || child.sealed,
            deceased: all.deceased || child.deceased,
        })
    }

    pub(super) fn put_on(self, child: &mut Demographics) {
        child.restricted |= self.restricted;
        child.sealed |= self.sealed;
        child.deceased |= self.deceased;
    }
}
