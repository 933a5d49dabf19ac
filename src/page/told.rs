//! `/who-was-told`: everything that the journal holds about a child, in plain words, for whoever answers for it to the family.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{DateTime, Utc};

use super::frame::Frame;
use super::render;
use crate::consent::items_in_words;
use crate::domain::Item;
use crate::journal::{DecisionLine, Entry, Event};
use crate::problem::Problem;

/// What the page shows besides its form.
pub struct Shown {
    /// The NHS number as it was typed, shown again in its field.
    pub typed: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// What was found, newest first; `None` when nothing was asked.
    pub lines: Option<Vec<Line>>,
    /// When it was looked up.
    pub at: String,
    /// What every form brings along.
    pub token: String,
    /// For whom the person acts.
    pub organisation: String,
}

/// One thing that was done.
pub struct Line {
    /// When, in words.
    pub at: String,
    /// What, in words.
    pub title: String,
    /// From whom to whom.
    pub parties: String,
    /// Of which message: its kind and id.
    pub message: String,
    /// What `permitted` and `withheld` stand under.
    pub heads: [&'static str; 2],
    /// What was shared, or is to be, each with its reason and law.
    pub permitted: Vec<String>,
    /// What was withheld, likewise.
    pub withheld: Vec<String>,
    /// The note, where nothing else says it.
    pub note: Option<String>,
}

#[derive(Template)]
#[template(path = "told.html")]
struct Told<'a> {
    frame: Frame,
    shown: &'a Shown,
}

/// The page.
pub fn html(shown: &Shown) -> Result<String, Problem> {
    render(&Told { frame: Frame::of("/who-was-told"), shown })
}

/// What stands over what has not left yet.
const TO_BE_SHARED: [&str; 2] = ["To be shared", "Not to be shared"];

/// A journal entry in words; `left` whether anything left after it, where it is a release, and `name` gives a partner's name.
pub fn line(entry: &Entry, left: bool, name: impl Fn(&str) -> String) -> Line {
    let from = name(entry.sender.as_str());
    let parties = match &entry.recipient {
        Some(to) => format!("From {from} to {}", name(to.as_str())),
        None => format!("By {from}"),
    };
    let permitted =
        grouped(entry, if entry.event.holds_back() { vec![] } else { entry.permitted().collect() });
    let withheld = grouped(entry, entry.withheld().collect());
    // Of a message the note says the same as the lines below; of a question, what became of it.
    let says_the_same = entry.delivery.is_some()
        && entry.left_out.is_empty()
        && !(permitted.is_empty() && withheld.is_empty());
    Line {
        at: day_and_time(entry.at),
        title: if left { title(entry.event) } else { "The recipient could not be reached" }.to_owned(),
        parties,
        message: format!("{}, {}", entry.kind, entry.message_id),
        heads: match (entry.event, &entry.held) {
            (Event::Accepted, _) => TO_BE_SHARED,
            _ if !left => TO_BE_SHARED,
            (_, Some(_)) => ["Shared", "Not shared"],
            // What there was to share is not known.
            (_, None) => ["Could be shared", "Could not be shared"],
        },
        permitted,
        withheld,
        note: entry.note.as_deref().filter(|_| !says_the_same).map(sentence),
    }
}

/// A day and time in UTC, which the journal is kept in.
pub fn day_and_time(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M:%S UTC").to_string()
}

/// With a capital, as a sentence begins.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn sentence(text: &str) -> String {
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{}{end}", capital(text))
}

/// What happened, as a heading.
pub fn title(event: Event) -> &'static str {
    match event {
        Event::Accepted => "A message was accepted",
        Event::Withheld => "Nothing was shared",
        Event::Releasing => "Information was released",
        Event::Delivered => "The recipient took it",
        Event::Failed => "It was not delivered",
        Event::Retrying => "It is to be delivered again",
        Event::Withdrawn => "It was taken back",
        Event::ConsentChanged => "A consent or a decision changed",
        Event::FlagChanged => "A safeguarding flag changed",
        Event::Recalled => "The recipient was asked to delete what it was sent",
        Event::Acknowledged => "The recipient acknowledged it",
        Event::MatterChanged => "Something is to be settled, or was",
        Event::Read => "A partner asked what others hold",
        Event::Explained => "Somebody asked why",
        Event::Viewed => "Somebody looked at this record of sharing",
        Event::LookedUp => "Somebody asked which school the child attends",
        Event::PlaceChanged => "A place at a school was put on file, or decided about",
        Event::Imported => "A list was taken in",
        Event::Listed => "The child was put on the list of births for the recipient",
        Event::Kept => "The birth was noted for the list that is made for the recipient",
        Event::Replayed => "It was put back to be delivered again",
        Event::Parked => "Deliveries to the recipient were held back",
        Event::NumbersMerged => "Another NHS number was said to be this child's",
        Event::NumbersUnmerged => "It was taken back that another NHS number is this child's",
        Event::VisitsAllowed => "The family registered with the recipient, or was referred to it",
        Event::Alerted => "People were told that nobody had read it",
        Event::Unparked => "Deliveries to the recipient went on",
    }
}

/// Lines of an entry's decision, by reason.
fn grouped(entry: &Entry, lines: Vec<&DecisionLine>) -> Vec<String> {
    let reasons: BTreeSet<Option<usize>> = lines.iter().map(|line| line.reason).collect();
    let told = |reason: Option<usize>| {
        let of_reason = lines.iter().filter(|line| line.reason == reason);
        let items: Vec<Item> = of_reason.filter_map(|line| line.item.parse().ok()).collect();
        let items = capital(&items_in_words(&items));
        let why = reason.and_then(|place| entry.decided.reasons.get(place));
        let law =
            |law: &[String]| if law.is_empty() { String::new() } else { format!(" ({})", law.join("; ")) };
        let why = why.map(|why| format!(". {}{}", why.sentence, law(&why.law))).unwrap_or_default();
        format!("{items}{why}")
    };
    reasons.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{ChildKey, PartnerId};
    use crate::journal::{Decided, Reason};

    /// A decision that permits feeding and measurements and withholds what the mother said, as an entry about a message or a question.
    fn decided(event: Event, held: Option<&[&str]>, delivery: bool) -> Entry {
        let line = |item: &str, outcome: &str, reason| DecisionLine {
            item: item.to_owned(),
            outcome: outcome.to_owned(),
            ground: (outcome == "permit").then(|| "consent".to_owned()),
            policies: vec![],
            consents: vec![],
            refusal: None,
            contested: false,
            reason: Some(reason),
        };
        let reason = |sentence: &str| Reason { sentence: sentence.to_owned(), law: vec![] };
        Entry {
            held: held.map(|held| held.iter().map(|item| (*item).to_owned()).collect()),
            decided: Decided {
                decisions: vec![
                    line("feeding", "permit", 0),
                    line("measurements", "permit", 0),
                    line("maternal-wellbeing", "withhold", 1),
                ],
                reasons: vec![reason("She agreed."), reason("It is hers.")],
                policy_set: None,
            },
            delivery: delivery.then(Uuid::nil),
            note: Some("what became of it".to_owned()),
            ..Entry::new(
                event,
                DateTime::UNIX_EPOCH,
                ChildKey("k".into()),
                PartnerId("a".into()),
                Uuid::nil(),
                "x",
            )
        }
    }

    fn said(event: Event, held: Option<&[&str]>, delivery: bool) -> (String, String, Option<String>) {
        let line = line(&decided(event, held, delivery), true, str::to_owned);
        let part = |head: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{head}: {}", parts.join(" / ")),
        };
        (part(line.heads[0], &line.permitted), part(line.heads[1], &line.withheld), line.note)
    }

    #[test]
    fn only_what_was_there_was_shared() {
        let all = said(Event::Releasing, Some(&["feeding", "maternal-wellbeing"]), true);
        assert_eq!(
            all,
            (
                "Shared: Feeding. She agreed.".into(),
                "Not shared: The mother's well-being. It is hers.".into(),
                None
            )
        );
        assert_eq!(
            said(Event::Releasing, Some(&["feeding"]), true).1,
            "",
            "nothing was there to be withheld"
        );
        assert_eq!(said(Event::Accepted, Some(&["feeding"]), true).0, "To be shared: Feeding. She agreed.");
        let of_before = said(Event::Releasing, None, true);
        assert_eq!(
            of_before.0, "Could be shared: Feeding and measurements. She agreed.",
            "nobody knows what was there"
        );
    }

    #[test]
    fn what_left_not_at_all_was_not_shared_in_part() {
        for event in [Event::Withheld, Event::Withdrawn] {
            let (shared, not, _) = said(event, Some(&["feeding", "maternal-wellbeing"]), true);
            assert_eq!(
                (shared.as_str(), not.as_str()),
                ("", "Not shared: The mother's well-being. It is hers.")
            );
        }
        let (shared, not, note) = said(Event::Withdrawn, Some(&["feeding"]), true);
        assert_eq!((shared, not, note), (String::new(), String::new(), Some("What became of it.".into())));
    }

    #[test]
    fn a_question_says_what_became_of_it() {
        let (shared, _, note) = said(Event::Read, Some(&["feeding"]), false);
        assert_eq!(
            (shared.as_str(), note.as_deref()),
            ("Shared: Feeding. She agreed.", Some("What became of it."))
        );
        assert_eq!(said(Event::Read, Some(&[]), false).0, "", "the source had nothing of it");
    }

    #[test]
    fn what_reached_nobody_was_not_shared() {
        let entry = decided(Event::Releasing, Some(&["feeding"]), true);
        let [sent, unsent] = [true, false].map(|left| line(&entry, left, str::to_owned));
        assert_eq!((sent.title.as_str(), sent.heads[0]), ("Information was released", "Shared"));
        assert_eq!(
            (unsent.title.as_str(), unsent.heads[0]),
            ("The recipient could not be reached", "To be shared")
        );
    }
}
