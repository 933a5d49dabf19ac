//! One attempt to deliver, from the decision made again to the journal entry of how it ended.

use tracing::{Instrument as _, info_span};
use uuid::Uuid;

use super::courier::{Courier, Handed};
use super::ending::{entry, failed, later, names, settlement, taken, told, unreached};
use crate::clock;
use crate::config;
use crate::journal::Event;
use crate::pipeline::{self, Contact, House, Outgoing, Release};
use crate::store::{Delivery, Inboxed, Settlement, State, StoreError};

/// How an attempt ended, to be written, and how it met the recipient.
pub struct Ended {
    /// What is written.
    pub settlement: Settlement,
    /// What the recipient's circuit is told.
    pub contact: Contact,
}

impl From<Settlement> for Ended {
    /// Nothing was sent.
    fn from(settlement: Settlement) -> Self {
        Self { settlement, contact: Contact::Untried }
    }
}

/// Tries once. What is returned has to be written: it says how the attempt ended.
pub async fn attempt(
    house: &House,
    courier: &Courier,
    delivery: &Delivery,
    settings: &config::Delivery,
) -> Ended {
    // First the token, which may take a while: between the decision and the leaving nothing else should lie.
    let has_system =
        house.directory.partner(&delivery.recipient).is_some_and(|partner| partner.endpoint.is_some());
    let prepared = if has_system {
        courier.prepare(&delivery.recipient).instrument(info_span!("token")).await
    } else {
        Ok(())
    };
    let at = clock::now();
    let outgoing = match pipeline::release(house, delivery, at).instrument(info_span!("decide")).await {
        Ok(Release::Send(outgoing)) => outgoing,
        Ok(Release::Withdraw { sentence, decided }) => {
            let mut entry = entry(delivery, Event::Withdrawn, at);
            entry.held = Some(delivery.items.clone());
            entry.decided = decided;
            entry.note = Some(sentence.replace('\n', " "));
            return settlement(delivery, State::Cancelled, at, Some(sentence), entry).into();
        }
        Ok(Release::Impossible(why)) => return failed(delivery, at, &why).into(),
        Err(problem) => return later(delivery, settings, &format!("not sent: {problem}"), None).into(),
    };
    if let Err(why) = prepared {
        let settlement = later(delivery, settings, &why, None);
        return Ended { settlement, contact: Contact::Trouble(None) };
    }
    // Nothing leaves before its entry is durable. If it cannot be written, this was no attempt.
    let mut before = entry(delivery, Event::Releasing, at);
    before.held = Some(outgoing.told.as_ref().map(names).unwrap_or_default());
    before.decided.clone_from(&outgoing.decided);
    if let Err(error) = house.store.enter(&before).instrument(info_span!("journal")).await {
        return later(
            delivery,
            settings,
            &format!("not sent, because the journal cannot be written: {error}"),
            None,
        )
        .into();
    }
    let Some(url) = &outgoing.url else { return into_inbox(house, delivery, &outgoing).into() };
    let leaves = info_span!("hand over", otel.kind = "client");
    let handed = courier.hand_over(delivery, url, &outgoing).instrument(leaves).await;
    let now = clock::now();
    let contact = match &handed {
        Handed::Unreached(_) => Contact::Trouble(None),
        Handed::Later(_, patience) | Handed::InTheDark(_, patience) => Contact::Trouble(*patience),
        Handed::Taken(_) | Handed::Refused(_) => Contact::Answered,
    };
    let settlement = match handed {
        Handed::Taken(words) => taken(delivery, &outgoing, now, words),
        Handed::Refused(words) => failed(delivery, now, &words),
        Handed::Unreached(words) => unreached(later(delivery, settings, &words, None)),
        Handed::Later(words, patience) => later(delivery, settings, &words, patience),
        Handed::InTheDark(words, patience) => {
            Settlement { told: told(delivery, &outgoing), ..later(delivery, settings, &words, patience) }
        }
    };
    Ended { settlement, contact }
}

/// Kith keeps the recipient's inbox: what arrives lies there; what is recalled is gone from it, or asked for where it lies elsewhere.
fn into_inbox(house: &House, delivery: &Delivery, outgoing: &Outgoing) -> Settlement {
    let now = clock::now();
    let recalled: Vec<Uuid> = outgoing.body.reveal()["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|message| message["id"].as_str()?.strip_prefix("urn:uuid:")?.parse().ok())
        .collect();
    let is_recall = outgoing.form.as_deref() == Some(pipeline::RECALL);
    let words = if is_recall {
        "what is recalled is gone from the recipient's inbox; what was read there, or lay there no more, it is asked to delete"
    } else {
        "it lies in the recipient's inbox"
    };
    let of = house.directory.acts_for(&delivery.recipient);
    let inbox = if is_recall { Inboxed::Remove { ids: recalled, of } } else { Inboxed::Keep };
    Settlement { inbox, ..taken(delivery, outgoing, now, words.to_owned()) }
}

/// Waits for an attempt in a task of its own: whatever happens in it, the delivery does not stay in progress.
pub async fn outcome(
    attempt: impl Future<Output = Ended> + Send + 'static,
    delivery: &Delivery,
    settings: &config::Delivery,
) -> Ended {
    match tokio::spawn(attempt).await {
        Ok(ended) => ended,
        Err(_) => later(delivery, settings, "the attempt broke off inside Kith", None).into(),
    }
}

/// Counts and logs how an attempt ended; after it is written, so that nothing depends on the log.
pub fn tell(house: &House, delivery: &Delivery, settlement: &Settlement) {
    let (id, recipient, attempts) = (delivery.id, &delivery.recipient, delivery.attempts);
    let why = settlement.entry.note.as_deref().unwrap_or_default();
    let age = (settlement.at - delivery.created).num_milliseconds().max(0) as f64 / 1000.0;
    let (outcome, age) = match settlement.state {
        State::Completed => ("delivered", Some(age)),
        State::Failed => ("failed", None),
        State::Requested => ("retrying", None),
        _ => ("withdrawn", None),
    };
    house.metrics.attempted(recipient.as_str(), outcome, age);
    match settlement.state {
        State::Completed => tracing::info!(delivery.id = %id, %recipient, attempts, "delivered"),
        State::Failed => tracing::warn!(delivery.id = %id, %recipient, why, "a dead letter"),
        State::Requested => {
            let wait_ms = (settlement.due - settlement.at).num_milliseconds();
            tracing::warn!(delivery.id = %id, %recipient, why, wait_ms, "to be tried again");
        }
        _ => tracing::info!(delivery.id = %id, %recipient, "taken back before it left"),
    }
}

/// Writes how an attempt ended, however long the store takes to come back: until then nobody may try again.
pub async fn settle(house: &House, settlement: &Settlement) {
    let mut wait = std::time::Duration::from_millis(200);
    loop {
        match house.store.settle(settlement).await {
            Ok(()) => return,
            Err(StoreError::NotInProgress) => {
                tracing::error!(delivery.id = %settlement.id, "an attempt ended that was not under way");
                return;
            }
            Err(error) => {
                tracing::error!(delivery.id = %settlement.id, cause = %error, "cannot write how an attempt ended; trying again");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(std::time::Duration::from_secs(10));
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::ending::tests::settings;
    use super::*;

    pub(crate) fn delivery() -> Delivery {
        let now = clock::now();
        Delivery {
            id: Uuid::new_v4(),
            message_id: Uuid::new_v4(),
            sender: crate::domain::PartnerId("visitor".to_owned()),
            recipient: crate::domain::PartnerId("centre".to_owned()),
            concealed: false,
            child: crate::domain::ChildKey("c".to_owned()),
            kind: "new-birth-visit".to_owned(),
            state: State::InProgress,
            payload: None,
            note: "shared".to_owned(),
            items: vec![],
            holds: vec![],
            weighed: "{}".to_owned(),
            ground: None,
            attempts: 1,
            acknowledged: None,
            alerted: None,
            due: now,
            created: now,
            updated: now,
        }
    }

    #[tokio::test]
    async fn an_attempt_that_breaks_off_is_tried_again() {
        let (now, delivery) = (clock::now(), delivery());
        let Ended { settlement, contact } =
            outcome(async { panic!("a fault in Kith") }, &delivery, &settings()).await;
        assert_eq!(contact, Contact::Untried);
        assert_eq!((settlement.state, settlement.entry.event), (State::Requested, Event::Retrying));
        assert!(settlement.due > now);
    }
}
