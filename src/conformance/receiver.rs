//! The checks of a system that receives: what Kith's deliveries rely on, one check a rule.
//!
//! The rules are those of the README's *Receive*. The system is called as often as there are messages and eleven times more; what it
//! took it may throw away.

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use uuid::Uuid;

use super::call::{Met, Token};
use super::report::{Verdict, Weight};
use super::{Message, Report, Role, Target, is_final, is_good};

/// How many messages come at the same moment.
const TOGETHER: usize = 5;

/// Tries everything, in order, and tells of each message and each rule what was seen. Nothing more is tried where nothing answers.
pub async fn try_receiver(target: &Target, messages: &[Message], at: DateTime<Utc>) -> Report {
    let mut report = Report::new(Role::Receiver, target.address(), at);
    for (number, message) in messages.iter().enumerate() {
        let met = target.post(message).await;
        let unreachable = number == 0 && matches!(met, Met::Silence(_));
        report.add(&format!("takes {}", message.name), took(&met));
        if unreachable {
            report.add("everything else", Verdict::Untried("the first message was not answered".to_owned()));
            return report;
        }
    }
    if let Some(message) = messages.first() {
        again(target, message, &mut report).await;
        together(target, messages, &mut report).await;
        tokens(target, message, &mut report).await;
        unreadable(target, message, &mut report).await;
    }
    report
}

/// The same message under the same id, as after an answer that was lost.
async fn again(target: &Target, message: &Message, report: &mut Report) {
    let verdict = match target.post(message).await {
        Met::Answered { status: 409, after } => Verdict::held(409, after),
        met => took(&met),
    };
    report.add("takes a message again under its X-Request-ID, or says 409", verdict);
}

/// Messages about several children at once: Kith keeps them in order for each child, and does not wait with the others.
async fn together(target: &Target, messages: &[Message], report: &mut Report) {
    let fresh: Vec<Message> = messages.iter().cycle().take(TOGETHER).map(anew).collect();
    let met = join_all(fresh.iter().map(|message| target.post(message))).await;
    let verdict = met.iter().map(took).reduce(Verdict::worse);
    if let Some(verdict) = verdict {
        report.add(&format!("takes {TOGETHER} messages at once"), verdict);
    }
}

/// What comes without a token that the system's own identity provider issued.
async fn tokens(target: &Target, message: &Message, report: &mut Report) {
    for (name, token) in
        [("refuses who has no token", Token::None), ("refuses a token that nobody issued", Token::Foreign)]
    {
        if !target.has_token() {
            let why = "it was called without a token, so that it cannot ask for one; give --token-file or --token-url";
            report.add(name, Verdict::Untried(why.to_owned()));
            continue;
        }
        let met = target.post_with(&anew(message), token).await;
        let taken =
            "Anybody could put records into this system. Check the token of every request, and answer 401.";
        let other =
            "Answer 401 (RFC 6750, 3.1): by it Kith knows that its token ended, and fetches a new one.";
        report.add(name, refused(&met, |status| status == 401, taken, other));
    }
}

/// What cannot be read must not be taken; and it is refused for good, so that it is not sent for days.
async fn unreadable(target: &Target, message: &Message, report: &mut Report) {
    let half = message.body.get(..message.body.len() / 2).unwrap_or("{").to_owned();
    let wrongs = [
        ("refuses what is no JSON", Message { body: half, ..anew(message) }),
        ("refuses an object without anything in it", Message { body: "{}".to_owned(), ..anew(message) }),
        (
            "refuses another media type",
            Message { media_type: "text/plain", body: "hello".to_owned(), ..anew(message) },
        ),
    ];
    for (name, wrong) in wrongs {
        let met = target.post(&wrong).await;
        let taken =
            "Whoever sent it believes that it arrived, and nobody will ever read it. Answer 400, 415 or 422.";
        let other = "Answer 400, 415 or 422: after anything else Kith sends the same again for days.";
        report.add(name, refused(&met, is_final, taken, other));
    }
}

/// Whether what must not be taken was refused as it should be; what to do when it was `taken`, or answered in an `other` way.
fn refused(met: &Met, as_it_should: fn(u16) -> bool, taken: &'static str, other: &'static str) -> Verdict {
    match *met {
        Met::Answered { status, .. } if is_good(status) => {
            Verdict::broken(Weight::Must, format!("{status}: it was taken"), taken)
        }
        Met::Answered { status, after } if as_it_should(status) => Verdict::held(status, after),
        Met::Answered { status, .. } => Verdict::broken(Weight::Should, status.to_string(), other),
        Met::Silence(what) => silence(what),
    }
}

/// The same message under an id that nobody knows.
fn anew(message: &Message) -> Message {
    let id = Uuid::new_v4();
    Message { id, body: message.body.replace(&message.id.to_string(), &id.to_string()), ..message.clone() }
}

/// Whether a message was taken; or what Kith would make of the answer, and what to do.
fn took(met: &Met) -> Verdict {
    let (status, after) = match met {
        Met::Answered { status, after } => (*status, *after),
        Met::Silence(what) => return silence(what),
    };
    let remedy = match status {
        200..=299 => return Verdict::held(status, after),
        300..=399 => {
            "Kith follows no redirect, for it would carry its token elsewhere. Register the address that answers."
        }
        401 => "The token was not accepted. Check the audience, the scope and the end of the token.",
        409 => {
            "409 says that it was here before, and it was not. Know a message by its X-Request-ID alone; that another is about \
             the same child, or says the same, does not make it the same."
        }
        status if is_final(status) => {
            "By this answer the message is refused for good: it becomes a dead letter that a person has to look at. It is as Kith sends it; take it."
        }
        _ => "Kith would send it again, for days. Answer 2xx once it is safely kept.",
    };
    Verdict::broken(Weight::Must, status.to_string(), remedy)
}

fn silence(what: &str) -> Verdict {
    let remedy = "Kith would send it again, for days. Answer within 10 s, once it is safely kept.";
    Verdict::broken(Weight::Must, what.to_owned(), remedy)
}
