//! What limits of consents said of something when it was told: what it held is not kept, so this is, to be weighed again when consents change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ConsentOnFile;
use super::contents::Contents;
use super::facts::Agreements;
use super::limits::About;
use crate::domain::{Item, NhsNumber, OdsCode};
use crate::message::Piece;

/// How much of what was told under an item limits mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    /// All of it, certainly.
    All,
    /// Some of it, or it may be so.
    Some,
    /// None of it.
    None,
}

/// By the text of limits, how much of what was told they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weighed(BTreeMap<String, Reaches>);

type Reaches = BTreeMap<Item, Reach>;

impl Weighed {
    /// What is said, by every limit in the consents for a child that has to look inside, of these pieces, which this organisation wrote. Whether a
    /// consent is in force does not matter: it may be by the time at which this is wanted.
    pub fn of(consents: &[ConsentOnFile], child: &NhsNumber, author: &OdsCode, pieces: &[Piece]) -> Self {
        let mut weighed = Self::default();
        let items: Vec<Item> = pieces.iter().flat_map(|piece| &piece.items).copied().collect();
        Agreements::read(consents, child).each_rule(|rule| {
            let about = |item: Item| About {
                author: Some(author),
                item,
                contents: Contents::Known(pieces),
                was_covered: false,
            };
            if rule.limits.look_inside() {
                let reaches = items.iter().map(|item| (*item, rule.limits.reach(&about(*item))));
                weighed.0.insert(rule.limits.text(), reaches.collect());
            }
        });
        weighed
    }

    /// Adds what is said of something else that is told with it: what is not the same of both is said of some of it.
    pub fn add(&mut self, other: Self) {
        for (limits, reaches) in other.0 {
            let known = self.0.entry(limits).or_default();
            for (item, reach) in reaches {
                let both = known.entry(item).or_insert(reach);
                if *both != reach {
                    *both = Reach::Some;
                }
            }
        }
    }

    /// As it is kept: a JSON object, `{}` where nothing was limited. Limits may name people, so each stands there by a name that is made of
    /// its text and does not show it.
    pub fn to_text(&self, name: impl Fn(&str) -> String) -> String {
        let named: BTreeMap<String, &Reaches> =
            self.0.iter().map(|(limits, reaches)| (name(limits), reaches)).collect();
        serde_json::to_string(&named).unwrap_or_else(|_| "{}".to_owned())
    }

    /// What is kept, as far as the limits in these consents are concerned, named as when it was written. What cannot be read says nothing.
    pub fn read(
        text: &str,
        consents: &[ConsentOnFile],
        child: &NhsNumber,
        name: impl Fn(&str) -> String,
    ) -> Self {
        let mut kept: BTreeMap<String, Reaches> = serde_json::from_str(text).unwrap_or_default();
        let mut weighed = Self::default();
        if !kept.is_empty() {
            Agreements::read(consents, child).each_rule(|rule| {
                let limits = rule.limits.text();
                if let Some(reaches) = kept.remove(&name(&limits)) {
                    weighed.0.insert(limits, reaches);
                }
            });
        }
        weighed
    }

    /// What these limits said of an item; `None` where nobody asked them.
    pub(super) fn said(&self, limits: &str, item: Item) -> Option<Reach> {
        self.0.get(limits)?.get(&item).copied()
    }
}
