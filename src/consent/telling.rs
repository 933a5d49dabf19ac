//! A decision told to people, in paragraphs that hold no value from any record: one for the sender, one for the recipient.

use std::collections::{BTreeMap, BTreeSet};

use super::decision::{Decision, Outcome};
use super::words;
use crate::domain::{Dataset, Ground, Item};

impl Decision {
    /// For the sender: what goes to whom and why; what does not, and what would change that. Of every item there is.
    pub fn sentence(&self) -> String {
        self.told(|_| true, &BTreeMap::new(), None)
    }

    /// For the sender, of those items that its message holds: what it did not send is nothing to wonder about.
    ///
    /// `left_out` is what does not go although it is permitted, each with the reason in a sentence; `unless` the dataset for want of which the
    /// message does not go at all, when that is so.
    pub fn sentence_about(
        &self,
        held: &BTreeSet<Item>,
        left_out: &BTreeMap<Item, &'static str>,
        unless: Option<Dataset>,
    ) -> String {
        self.told(|item| held.contains(&item), left_out, unless)
    }

    fn told(
        &self,
        which: impl Fn(Item) -> bool,
        left_out: &BTreeMap<Item, &'static str>,
        unless: Option<Dataset>,
    ) -> String {
        let mut groups: Vec<(bool, &str, Vec<&str>)> = Vec::new();
        for outcome in self.outcomes().iter().filter(|outcome| which(outcome.item)) {
            let (permit, why) = match (outcome.ground(), left_out.get(&outcome.item)) {
                (Some(_), Some(why)) => (false, *why),
                (ground, _) => (ground.is_some(), outcome.sentence.as_str()),
            };
            let word = words::item(outcome.item);
            match groups.iter_mut().find(|group| group.0 == permit && group.1 == why) {
                Some(group) => group.2.push(word),
                None => groups.push((permit, why, vec![word])),
            }
        }
        groups.sort_by_key(|group| !group.0);
        let mut text = format!("{} ({}):", self.name, words::role(self.role));
        for (permit, why, items) in groups {
            let items = words::and(&items);
            match (permit, unless) {
                (true, None) => text.push_str(&format!(" It receives {items}. {why}")),
                (true, Some(about)) => text.push_str(&format!(
                    " It might receive {items}, but the message makes no sense without {}, so it is not sent.",
                    words::dataset(about)
                )),
                (false, _) => text.push_str(&format!(" It does not receive {items}. {why}")),
            }
        }
        text
    }

    /// For the recipient: why it is told this. A recipient never learns that something was withheld, so nothing here
    /// speaks of that.
    pub fn why(&self, ground: Ground) -> String {
        let on_it = |outcome: &&Outcome| outcome.ground() == Some(ground);
        let sentences: BTreeSet<&str> =
            self.outcomes().iter().filter(on_it).map(|outcome| outcome.sentence.as_str()).collect();
        sentences.into_iter().collect::<Vec<_>>().join(" ")
    }
}
