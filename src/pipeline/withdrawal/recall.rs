//! Asks back what recipients hold on a consent that does not carry it any more.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Case;
use super::addressee::Addressee;
use super::held::Held;
use super::notice::REASON;
use crate::consent;
use crate::domain::{Ground, Item, PartnerId};
use crate::journal::{Entry, Event};
use crate::pipeline::concealed::delivery_id;
use crate::pipeline::{CONCEALED, unavailable};
use crate::problem::Problem;
use crate::route::Partner;
use crate::store::{Acceptance, Delivery, FirstAnswer, NOT_WEIGHED, Recalled, Sealed, State, StoreError};

/// The record kind that a recall is sent as.
pub const RECALL: &str = "recall-notice";
/// Something that is held, and the parts of it that may not be kept.
type Gone<'h> = (&'h Held, Vec<Item>);

/// What is marked of it.
fn recalled((held, gone): &Gone<'_>) -> Recalled {
    let stays = |name: &&String| !gone.iter().any(|item| item.to_string() == **name);
    let left = held.items.iter().filter(stays).cloned().collect();
    Recalled { id: held.id, held: held.items.clone(), left }
}

/// Why a recall is a dead letter from the beginning.
const UNHEARD: &str =
    "The recipient has left the directory, or neither receives nor asks for anything any more.";

/// What the receipt of a recall says, and the task by which its recipient does it.
fn asking(name: &str, named: &[String], state: State) -> String {
    let what = if named.len() == 1 { "a message".to_owned() } else { format!("{} messages", named.len()) };
    match state {
        State::Requested => format!(
            "{name}: asked to delete {what} that it was sent on consent, because the consent was withdrawn, and to acknowledge it."
        ),
        State::Failed => format!(
            "{name}: cannot be asked to delete {what} that it was sent on consent, although the consent was withdrawn. {UNHEARD} Ask it \
             in another way; when it is in the directory again, this can be sent."
        ),
        _ => format!(
            "{name}: asked to delete what it was told on consent, because the consent was withdrawn, and to acknowledge it: the messages, \
             and the answers to its questions, with the X-Request-ID {}. It receives nothing, so this task is its notice.",
            named.join(", ")
        ),
    }
}

impl Case<'_> {
    /// What recipients hold about the child, and nobody recalled.
    async fn held(&self) -> Result<Vec<Held>, Problem> {
        let sent = self.house.store.held(&self.key).await.map_err(|error| unavailable(&error))?;
        let answered = self.house.answers.answered(&self.key).await.map_err(|error| unavailable(&error))?;
        Ok(sent.into_iter().map(Held::from).chain(answered.into_iter().map(Held::from)).collect())
    }

    /// Asks everybody who holds what a consent no longer carries to delete it.
    pub(super) async fn recall(&self) -> Result<Vec<PartnerId>, Problem> {
        let held = self.held().await?;
        let mut recipients: Vec<&PartnerId> = held.iter().map(|one| &one.recipient).collect();
        recipients.sort();
        recipients.dedup();
        let mut woken = Vec::new();
        for recipient in recipients {
            let addressee = self.addressee(recipient);
            let gone: Vec<Gone<'_>> = held
                .iter()
                .filter(|one| one.recipient == *recipient)
                .map(|one| (one, self.no_longer_permitted(&addressee, one)))
                .filter(|(_, items)| !items.is_empty())
                .collect();
            if gone.is_empty() {
                continue;
            }
            let notice = self.notice(&addressee, &gone)?;
            match self.house.store.accept(&notice).await {
                // Another replica was first.
                Err(StoreError::DuplicateMessage) => {}
                Ok(()) => woken.extend(notice.deliveries.into_iter().map(|delivery| delivery.recipient)),
                Err(error) => return Err(unavailable(&error)),
            }
        }
        Ok(woken)
    }

    /// The notice for one recipient, and for whoever took it there, as a message that is accepted: durable, journalled, delivered like any
    /// other.
    fn notice(&self, addressee: &Addressee<'_>, gone: &[Gone<'_>]) -> Result<Acceptance, Problem> {
        let recalls: Vec<Recalled> = gone.iter().map(recalled).collect();
        // The same for every replica that finds this to recall, and another when more of it is recalled, or it was taken anew.
        let mark = |(held, _): &Gone<'_>| format!("{}/{}/{}", held.id, held.attempts, held.items.join("+"));
        let marks: Vec<String> = gone.iter().map(mark).collect();
        let message_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("recall/{}", marks.join(",")).as_bytes());
        let (delivery, mut entries) = self.asked(addressee, gone, message_id)?;
        let mut deliveries = vec![delivery];
        for (carrier, carried) in self.carriers(gone) {
            let (delivery, asked) = self.asked(&self.addressee(&carrier.id), &carried, message_id)?;
            deliveries.push(delivery);
            entries.extend(asked);
        }
        // Nobody asks again for the first answer to a message that Kith made itself.
        let answer =
            FirstAnswer { body_hash: String::new(), status: 202, headers: vec![], body: Sealed(vec![]) };
        Ok(Acceptance {
            sender: self.by.clone(),
            message_id,
            at: self.at,
            child: self.key.clone(),
            kind: RECALL.to_owned(),
            answer,
            deliveries,
            consents: vec![],
            flag: None,
            protections: vec![],
            recalls,
            circle: vec![],
            births: vec![],
            entries,
        })
    }

    /// The local authorities that took rows of a list to this centre, which have them too, each with what it took.
    fn carriers<'h, 'g>(&'h self, gone: &[Gone<'g>]) -> Vec<(&'h Partner, Vec<Gone<'g>>)> {
        let takes = |authority: &'h Partner| {
            let lists = authority.births.as_ref()?;
            let took = |held: &Held| held.kind == lists.form && lists.centres.contains(&held.recipient);
            let carried: Vec<Gone<'g>> = gone.iter().filter(|(held, _)| took(held)).cloned().collect();
            (!carried.is_empty() && authority.receiving().is_some()).then_some((authority, carried))
        };
        self.house.directory.partners().filter_map(takes).collect()
    }

    /// What one of those who hold it is asked to delete; a dead letter where nobody can be asked, for people to see to.
    fn asked(
        &self,
        addressee: &Addressee<'_>,
        gone: &[Gone<'_>],
        message_id: Uuid,
    ) -> Result<(Delivery, Vec<Entry>), Problem> {
        let named: Vec<String> = gone.iter().map(|(held, _)| held.known_as.to_string()).collect();
        let concealed = self.conceals(addressee, gone);
        let id = delivery_id(&message_id, addressee.id.as_str(), concealed);
        let number = addressee.heard.is_some_and(|partner| self.may_have_number(partner));
        let record = self.record(gone, number, concealed);
        // A task is there at once for whoever looks for it; there is nothing else to send.
        let state = match (addressee.heard, addressee.receives()) {
            (None, _) => State::Failed,
            (Some(_), true) => State::Requested,
            (Some(_), false) => State::Completed,
        };
        let parcel = || self.house.seal_parcel(&format!("delivery/{id}"), &json!({ "recall": record }));
        let payload = if state == State::Completed { None } else { Some(parcel()?) };
        let note = asking(if concealed { CONCEALED } else { &addressee.name }, &named, state);
        let entry = |event: Event, note: String| Entry {
            recipient: Some(addressee.id.clone()),
            delivery: Some(id),
            note: Some(note),
            ..self.entry(event, RECALL, message_id)
        };
        let recalled = entry(Event::Recalled, format!("{note} Recalled: {}.", named.join(", ")));
        let failed = (state == State::Failed).then(|| entry(Event::Failed, UNHEARD.to_owned()));
        let delivery = Delivery {
            id,
            message_id,
            sender: self.by.clone(),
            recipient: addressee.id.clone(),
            concealed,
            child: self.key.clone(),
            kind: RECALL.to_owned(),
            state,
            payload,
            note,
            items: vec![],
            holds: vec![],
            weighed: NOT_WEIGHED.to_owned(),
            ground: Some(Ground::Consent.name().to_owned()),
            attempts: 0,
            acknowledged: None,
            alerted: None,
            due: self.at,
            created: self.at,
            updated: self.at,
        };
        Ok((delivery, std::iter::once(recalled).chain(failed).collect()))
    }

    /// Whether who withdrew the consent and who is asked do not learn of each other: where nobody may learn who is around the child, and the
    /// one sent the other nothing of what it is to delete.
    fn conceals(&self, addressee: &Addressee<'_>, gone: &[Gone<'_>]) -> bool {
        let knows = |held: &Held| held.named && held.sender == *self.by && held.recipient == *addressee.id;
        self.hides_where && !gone.iter().any(|(held, _)| knows(held))
    }

    fn record(&self, gone: &[Gone<'_>], number: bool, concealed: bool) -> Value {
        let message = |(held, items): &Gone<'_>| {
            json!({
                "id": format!("urn:uuid:{}", held.known_as),
                "kind": held.kind,
                "deliveredOn": held.at.to_rfc3339_opts(SecondsFormat::Secs, true),
                "parts": consent::items_in_words(items),
            })
        };
        let messages: Vec<Value> = gone.iter().map(message).collect();
        let mut record = json!({
            "recall": { "ground": Ground::Consent.name(), "reason": REASON },
            "messages": messages,
        });
        if let Some(by) = self.house.directory.partner(self.by).filter(|_| !concealed) {
            record["recall"]["from"] = json!({ "name": by.name, "odsCode": by.ods.as_str() });
        }
        if number {
            record["child"] = json!({ "nhsNumber": self.child.reveal() });
        }
        record
    }
}
