//! What people are told, as the text of an e-mail and as a webhook's event: which messages wait, between whom and since when.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::pipeline::{Letter, Notice, Part};
use crate::store::State;

/// So many are named one by one.
const NAMED: usize = 50;

/// The subject of an e-mail.
pub(super) fn subject(letter: &Letter) -> String {
    let messages = match letter.notices.len() {
        1 => "A message".to_owned(),
        many => format!("{many} messages"),
    };
    match letter.part {
        Part::Recipient => format!("Kith: {messages} about children that nobody has read"),
        Part::Sender => format!("Kith: {messages} of yours that nobody has read"),
    }
}

/// Its text.
pub(super) fn text(letter: &Letter, organisation: &str, public_url: &str) -> String {
    let mut text = match letter.part {
        Part::Recipient => format!(
            "{organisation} was sent what follows, and nobody there has said that they read it.\n\
             Please read it now, in your own system or at {public_url}/inbox, and mark it as read.\n"
        ),
        Part::Sender => format!(
            "{organisation} sent what follows, and nobody at its recipient has said that they read it.\n\
             The persons whom the recipient names were told before, if there are any. Please speak to the recipient yourselves.\n"
        ),
    };
    for notice in letter.notices.iter().take(NAMED) {
        let _ = write!(
            text,
            "\n* {}\n  from {} to {}\n  accepted {}; {}\n  receipt {}\n",
            notice.title,
            notice.sender,
            notice.recipient,
            notice.accepted.format("%-d %B %Y, %H:%M UTC"),
            standing(notice),
            notice.delivery
        );
    }
    if let Some(more) = letter.notices.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = write!(text, "\n… and {more} more.\n");
    }
    text.push_str(
        "\nThis letter says nothing about a child on purpose. Do not answer it: nobody reads the answers.\n",
    );
    text
}

fn standing(notice: &Notice) -> &'static str {
    match notice.state {
        State::Completed => "delivered",
        State::Failed => "it could not be delivered, and is not tried again by itself",
        _ => "not delivered yet",
    }
}

/// A webhook's event, as Standard Webhooks recommends: `type`, `timestamp`, `data`.
pub(super) fn event(letter: &Letter, now: DateTime<Utc>) -> Value {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let message = |notice: &Notice| {
        json!({
            "receipt": notice.delivery,
            "title": notice.title,
            "from": notice.sender,
            "to": notice.recipient,
            "accepted": time(notice.accepted),
            "state": notice.state,
            "time": notice.time,
        })
    };
    json!({
        "type": "message.unread",
        "timestamp": time(now),
        "data": {
            "part": match letter.part { Part::Recipient => "recipient", Part::Sender => "sender" },
            "messages": letter.notices.iter().map(message).collect::<Vec<_>>(),
        },
    })
}
