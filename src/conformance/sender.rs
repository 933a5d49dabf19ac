//! The rules for a system that sends: what it has to do when something goes wrong on the way, so that nothing is lost and nothing doubled.
//!
//! They are read off what came over the line, by nothing but that.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::report::{Verdict, Weight};
use super::{Report, Role, is_final, is_good};

/// What goes wrong with a message, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Kith has no time for it.
    Unavailable,
    /// Kith took it, and its answer is lost.
    Lost,
    /// The token has ended.
    TokenEnded,
    /// The sender sends too much.
    TooMany,
}

impl Trouble {
    /// In the order of the messages; the first message has none.
    pub const ALL: [Self; 4] = [Self::Unavailable, Self::Lost, Self::TokenEnded, Self::TooMany];

    /// What goes wrong with the message before which so many came.
    pub(super) fn of_message(before: usize) -> Option<Self> {
        before.checked_sub(1).and_then(|place| Self::ALL.get(place)).copied()
    }

    /// The status by which the sender is told; of a lost answer it sees none.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Unavailable => 503,
            Self::Lost => 0,
            Self::TokenEnded => 401,
            Self::TooMany => 429,
        }
    }

    /// How long it is asked to wait.
    pub(super) fn wait(self) -> Option<Duration> {
        matches!(self, Self::Unavailable | Self::TooMany).then_some(Duration::from_secs(1))
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Unavailable => {
                "sends the same again, after the time that Kith asked for, when it was answered 503"
            }
            Self::Lost => "sends the same again when the answer was lost",
            Self::TokenEnded => "fetches a new token and sends the same again when it was answered 401",
            Self::TooMany => {
                "sends the same again, after the time that Kith asked for, when it was answered 429"
            }
        }
    }
}

/// A message as it came, once.
#[derive(Debug, Clone)]
pub struct Call {
    /// When.
    pub at: Instant,
    /// Its id: `X-Request-ID`, or that of its MessageHeader.
    pub id: Option<String>,
    /// A hash of its body.
    pub body: u64,
    /// A hash of its token.
    pub token: Option<u64>,
    /// Whether its address holds what may be an NHS number.
    pub number_in_url: bool,
    /// What went wrong with it, on purpose.
    pub trouble: Option<Trouble>,
    /// How Kith, or the line, answered; nothing before that.
    pub status: Option<u16>,
}

/// Whether everything was tried, and whatever went wrong was put right.
pub fn is_done(calls: &[Call]) -> bool {
    let put_right = |trouble: &Trouble| {
        calls.iter().any(|call| call.trouble == Some(*trouble) && comes_again(calls, call).is_some())
    };
    Trouble::ALL.iter().all(put_right) && calls.iter().all(|call| call.status.is_some())
}

/// What the calls say of the system that made them.
pub fn judge_sender(address: &str, calls: &[Call], at: DateTime<Utc>) -> Report {
    let mut report = Report::new(Role::Sender, address, at);
    report.add("names each message by a UUID", named(calls));
    report.add("gives each message an id of its own", own(calls));
    report.add("sends what Kith accepts", accepted(calls));
    for trouble in Trouble::ALL {
        report.add(trouble.rule(), mended(calls, trouble));
    }
    report.add("does not send again what was refused for good", final_refusals(calls));
    report.add("puts no NHS number into an address", addresses(calls));
    report
}

/// The next call of the same message.
fn comes_again<'c>(calls: &'c [Call], first: &Call) -> Option<&'c Call> {
    calls.iter().find(|call| call.id == first.id && call.at > first.at)
}

/// The calls of each message, in their order.
fn by_message(calls: &[Call]) -> BTreeMap<&str, Vec<&Call>> {
    let mut messages: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in calls {
        if let Some(id) = call.id.as_deref() {
            messages.entry(id).or_default().push(call);
        }
    }
    messages
}

fn nothing() -> Verdict {
    Verdict::Untried("no message came".to_owned())
}

/// Whether all of them are right, of which so many are wrong.
fn none_of(all: usize, wrong: usize, what: &str, remedy: &'static str) -> Verdict {
    match (all, wrong) {
        (0, _) => nothing(),
        (all, 0) => Verdict::Held(format!("{all} {what}")),
        (all, wrong) => Verdict::broken(Weight::Must, format!("{wrong} of {all} {what} did not"), remedy),
    }
}

fn named(calls: &[Call]) -> Verdict {
    let is_uuid = |call: &&Call| call.id.as_deref().is_some_and(|id| Uuid::try_parse(id).is_ok());
    let wrong = calls.len() - calls.iter().filter(is_uuid).count();
    let remedy = "Give X-Request-ID with every message (in a message Bundle MessageHeader.id), a UUID: by it Kith knows what it has already.";
    none_of(calls.len(), wrong, "requests", remedy)
}

fn own(calls: &[Call]) -> Verdict {
    let messages = by_message(calls);
    let doubled =
        messages.values().filter(|calls| calls.iter().any(|call| call.body != calls[0].body)).count();
    let remedy = "Kith answers 409 to another message under a known id. Make the id when the message is made, and keep both until it is accepted.";
    none_of(messages.len(), doubled, "messages", remedy)
}

fn addresses(calls: &[Call]) -> Verdict {
    let wrong = calls.iter().filter(|call| call.number_in_url).count();
    let remedy = "Ten digits stood in the query: addresses stand in the logs of every proxy. Put identifiers into the body.";
    none_of(calls.len(), wrong, "requests", remedy)
}

fn accepted(calls: &[Call]) -> Verdict {
    let messages = by_message(calls);
    let last: Vec<u16> = messages.values().filter_map(|calls| calls.last()?.status).collect();
    let good = last.iter().filter(|status| is_good(**status)).count();
    let seen = format!("{good} of {} messages", messages.len());
    match messages.len() {
        0 => nothing(),
        all if all == good => Verdict::Held(seen),
        _ => {
            let others: Vec<String> =
                last.iter().filter(|status| !is_good(**status)).map(ToString::to_string).collect();
            Verdict::broken(
                Weight::Must,
                format!("{seen}; the others ended with {}", others.join(", ")),
                "The OperationOutcome of each answer names every fault and what to do; kith validate says the same of a file.",
            )
        }
    }
}

fn mended(calls: &[Call], trouble: Trouble) -> Verdict {
    let Some(first) = calls.iter().find(|call| call.trouble == Some(trouble)) else {
        return Verdict::Untried("it sent too few messages".to_owned());
    };
    let Some(again) = comes_again(calls, first) else {
        return Verdict::broken(
            Weight::Must,
            "it did not come again under its id".to_owned(),
            "What is not sent again is lost; under another id it is another message, and recipients are told twice. Keep it, with its id, until \
             Kith answers 2xx.",
        );
    };
    let waited = again.at - first.at;
    let seen = format!("again after {} ms", waited.as_millis());
    if trouble == Trouble::TokenEnded && again.token == first.token {
        return Verdict::broken(
            Weight::Must,
            format!("{seen}, with the same token"),
            "It would be refused again, and again. After 401 fetch a new token.",
        );
    }
    if trouble.wait().is_some_and(|wait| waited < wait) {
        return Verdict::broken(
            Weight::Should,
            seen,
            "Wait as long as Retry-After says: whoever comes before that makes the trouble last.",
        );
    }
    Verdict::Held(seen)
}

fn final_refusals(calls: &[Call]) -> Verdict {
    let refused = |call: &&Call| call.trouble.is_none() && call.status.is_some_and(is_final);
    let refusals: Vec<&Call> = calls.iter().filter(refused).collect();
    let again = refusals.iter().filter(|call| comes_again(calls, call).is_some()).count();
    match (refusals.len(), again) {
        (0, _) => Verdict::Held("nothing was refused".to_owned()),
        (all, 0) => Verdict::Held(format!("{all} refused")),
        (all, again) => Verdict::broken(
            Weight::Should,
            format!("{again} of {all} came again"),
            "Kith refuses the same again. Show the person who sent it what the OperationOutcome says.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call of this message so many milliseconds after the first.
    fn call(begun: Instant, id: &str, after: u64, status: u16) -> Call {
        Call {
            at: begun + Duration::from_millis(after),
            id: Some(id.to_owned()),
            body: 1,
            token: Some(1),
            number_in_url: false,
            trouble: None,
            status: Some(status),
        }
    }

    fn verdict<'r>(report: &'r Report, rule: &str) -> &'r Verdict {
        &report.findings.iter().find(|finding| finding.name.contains(rule)).unwrap().verdict
    }

    fn judged(calls: &[Call]) -> Report {
        judge_sender("http://127.0.0.1:8080", calls, DateTime::UNIX_EPOCH)
    }

    const ID: &str = "7c3e9f0e-6f0e-4b43-9c52-0d3a4d1f8a11";

    #[test]
    fn who_sent_nothing_or_too_little_has_shown_nothing() {
        let nothing = judged(&[]);
        assert!(!nothing.is_good() && nothing.to_fhir()["result"] == "pending", "{nothing:?}");
        let little = judged(&[call(Instant::now(), ID, 0, 202)]);
        assert!(!little.is_good() && little.to_text().contains("Until everything was tried"), "{little:?}");
        assert_eq!(verdict(&little, "sends what Kith accepts"), &Verdict::Held("1 of 1 messages".to_owned()));
    }

    #[test]
    fn a_message_without_a_uuid_another_under_its_id_and_a_number_in_an_address_are_wrong() {
        let begun = Instant::now();
        let mut calls = [call(begun, "letter-7", 0, 202), call(begun, ID, 1, 202), call(begun, ID, 2, 409)];
        (calls[2].body, calls[1].number_in_url) = (2, true);
        let report = judged(&calls);
        for (rule, seen) in [("by a UUID", "1 of 3"), ("id of its own", "1 of 2"), ("NHS number", "1 of 3")] {
            let found = verdict(&report, rule);
            assert!(
                matches!(found, Verdict::Broken { seen: what, .. } if what.starts_with(seen)),
                "{rule}: {found:?}"
            );
        }
    }

    #[test]
    fn what_was_refused_for_good_must_not_come_again() {
        let begun = Instant::now();
        let once = judged(&[call(begun, ID, 0, 422)]);
        assert!(matches!(verdict(&once, "refused for good"), Verdict::Held(_)));
        assert!(matches!(verdict(&once, "sends what Kith accepts"), Verdict::Broken { .. }));
        let again = judged(&[call(begun, ID, 0, 422), call(begun, ID, 5, 422)]);
        let found = verdict(&again, "refused for good");
        assert!(matches!(found, Verdict::Broken { weight: Weight::Should, .. }), "{found:?}");
    }
}
