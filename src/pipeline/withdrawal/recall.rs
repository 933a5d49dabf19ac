//! Asks back what recipients hold on a consent that does not carry it any more.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Case;
use super::held::Held;
use super::notice::REASON;
use crate::consent::{self, Contents, Decision, Question};
use crate::domain::{Demographics, Ground, Item, PartnerId};
use crate::journal::{Entry, Event};
use crate::message::{Recipient, Relation, Sender};
use crate::pipeline::concealed::delivery_id;
use crate::pipeline::{CONCEALED, unavailable};
use crate::problem::Problem;
use crate::route::Partner;
use crate::store::{Acceptance, Delivery, FirstAnswer, Recalled, Sealed, State, StoreError};

/// The record kind that a recall is sent as.
pub const RECALL: &str = "recall-notice";
/// Refusals that say that a consent does not carry it any more. One that ran out was kept to its end.
const ENDED: &[&str] = &["consent-withdrawn", "consent-denied", "no-basis", "recipient-not-named"];

/// Something that is held, and the parts of it that may not be kept.
type Gone<'h> = (&'h Held, Vec<Item>);

/// What is marked of it.
fn recalled((held, gone): &Gone<'_>) -> Recalled {
    let stays = |name: &&String| !gone.iter().any(|item| item.to_string() == **name);
    let left = held.items.iter().filter(stays).cloned().collect();
    Recalled { id: held.id, held: held.items.clone(), left }
}

/// What the receipt of a recall says, and the task by which its recipient does it.
fn asking(name: &str, named: &[String], is_sent: bool) -> String {
    if is_sent {
        let what =
            if named.len() == 1 { "a message".to_owned() } else { format!("{} messages", named.len()) };
        return format!(
            "{name}: asked to delete {what} that it was sent on consent, because the consent was withdrawn, and to acknowledge it."
        );
    }
    format!(
        "{name}: asked to delete what it was told on consent, because the consent was withdrawn, and to acknowledge it: the messages, and \
         the answers to its questions, with the X-Request-ID {}. It receives nothing, so this task is its notice.",
        named.join(", ")
    )
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
            let partner = self.house.directory.partner(recipient);
            // Who receives nothing and asked finds the notice among its tasks.
            let hears = |partner: &&Partner| partner.receiving().is_some() || partner.client.is_some();
            let Some(partner) = partner.filter(hears) else { continue };
            let gone: Vec<Gone<'_>> = held
                .iter()
                .filter(|one| one.recipient == *recipient)
                .map(|one| (one, self.no_longer_permitted(partner, one)))
                .filter(|(_, items)| !items.is_empty())
                .collect();
            if gone.is_empty() {
                continue;
            }
            let notice = self.notice(partner, &gone)?;
            match self.house.store.accept(&notice).await {
                // Another replica was first.
                Err(StoreError::DuplicateMessage) => {}
                Ok(()) => woken.extend(notice.deliveries.into_iter().map(|delivery| delivery.recipient)),
                Err(error) => return Err(unavailable(&error)),
            }
        }
        Ok(woken)
    }

    /// What the recipient took of this and might not have today, because of what the consents say. That it may have moved away
    /// from the child since is no reason to ask anything back.
    fn no_longer_permitted(&self, partner: &Partner, held: &Held) -> Vec<Item> {
        let duty = held.by_duty.then_some(Ground::SafeguardingDuty);
        let decision = self.decide(partner, &held.sender, duty, Contents::Told(held.decided));
        let ended = |item: &Item| {
            decision.outcomes().iter().any(|outcome| {
                // Where a consent still agrees, it is the policies that changed, and nobody withdrew anything.
                let agreed = |why: &str| why == "no-basis" && !outcome.consents.is_empty();
                let by_consent = |why: &str| ENDED.contains(&why) && !agreed(why);
                outcome.item == *item
                    && !outcome.contested
                    && matches!(&outcome.verdict, consent::Verdict::Withhold(why) if by_consent(why))
            })
        };
        held.items.iter().filter_map(|name| name.parse().ok()).filter(ended).collect()
    }

    fn decide(
        &self,
        partner: &Partner,
        sender: &PartnerId,
        claimed: Option<Ground>,
        contents: Contents<'_>,
    ) -> Decision {
        let sender = self.house.directory.partner(sender).unwrap_or(partner);
        let child = Demographics::only(self.child.clone());
        let recipient = Recipient {
            partner: partner.id.clone(),
            role: partner.role,
            name: partner.name.clone(),
            concealed: false,
            identifiers: partner.identifiers(),
            relations: vec![Relation::InReach, Relation::Practice, Relation::School, Relation::OnFile],
        };
        let question = Question {
            child: &child,
            sender: &Sender {
                partner: sender.id.clone(),
                role: sender.role,
                organisation: sender.ods.clone(),
                name: sender.name.clone(),
            },
            recipient: &recipient,
            claimed,
            reason_given: claimed.is_some(),
            consents: &self.consents,
            contents,
            duty_in_force: self.house.duty_in_force(&child, self.at),
            at: self.at,
        };
        consent::decide(&self.house.policies, &question)
    }

    /// The notice for one recipient, and for whoever took it there, as a message that is accepted: durable, journalled, delivered like any
    /// other.
    fn notice(&self, partner: &Partner, gone: &[Gone<'_>]) -> Result<Acceptance, Problem> {
        let recalls: Vec<Recalled> = gone.iter().map(recalled).collect();
        // The same for every replica that finds this to recall, and another when more of it is recalled, or it was taken anew.
        let mark = |(held, _): &Gone<'_>| format!("{}/{}/{}", held.id, held.attempts, held.items.join("+"));
        let marks: Vec<String> = gone.iter().map(mark).collect();
        let message_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("recall/{}", marks.join(",")).as_bytes());
        let (delivery, entry) = self.asked(partner, gone, message_id)?;
        let (mut deliveries, mut entries) = (vec![delivery], vec![entry]);
        for (carrier, carried) in self.carriers(partner, gone) {
            let (delivery, entry) = self.asked(carrier, &carried, message_id)?;
            deliveries.push(delivery);
            entries.push(entry);
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
    fn carriers<'h, 'g>(&'h self, centre: &Partner, gone: &[Gone<'g>]) -> Vec<(&'h Partner, Vec<Gone<'g>>)> {
        let takes = |authority: &'h Partner| {
            let lists = authority.births.as_ref().filter(|lists| lists.centres.contains(&centre.id))?;
            let carried: Vec<Gone<'g>> =
                gone.iter().filter(|(held, _)| held.kind == lists.form).cloned().collect();
            (!carried.is_empty() && authority.receiving().is_some()).then_some((authority, carried))
        };
        self.house.directory.partners().filter_map(takes).collect()
    }

    /// What one of those who hold it is asked to delete.
    fn asked(
        &self,
        partner: &Partner,
        gone: &[Gone<'_>],
        message_id: Uuid,
    ) -> Result<(Delivery, Entry), Problem> {
        let named: Vec<String> = gone.iter().map(|(held, _)| held.known_as.to_string()).collect();
        let concealed = self.conceals(partner, gone);
        let id = delivery_id(&message_id, partner.id.as_str(), concealed);
        let number = self.decide(partner, self.by, None, Contents::Unknown).permitted();
        let number = number.iter().any(|item| item.to_string() == "identity/nhs-number");
        let record = self.record(gone, number, concealed);
        let is_sent = partner.receiving().is_some();
        let note = asking(if concealed { CONCEALED } else { &partner.name }, &named, is_sent);
        let mut entry = self.entry(Event::Recalled, RECALL, message_id);
        entry.recipient = Some(partner.id.clone());
        entry.delivery = Some(id);
        entry.note = Some(format!("{note} Recalled: {}.", named.join(", ")));
        let delivery = Delivery {
            id,
            message_id,
            sender: self.by.clone(),
            recipient: partner.id.clone(),
            concealed,
            child: self.key.clone(),
            kind: RECALL.to_owned(),
            // A task is there at once for whoever looks for it; there is nothing else to send.
            state: if is_sent { State::Requested } else { State::Completed },
            payload: if is_sent {
                Some(self.house.seal_parcel(&format!("delivery/{id}"), &json!({ "recall": record }))?)
            } else {
                None
            },
            note,
            items: vec![],
            holds: vec![],
            ground: Some(Ground::Consent.name().to_owned()),
            attempts: 0,
            acknowledged: None,
            alerted: None,
            due: self.at,
            created: self.at,
            updated: self.at,
        };
        Ok((delivery, entry))
    }

    /// Whether who withdrew the consent and who is asked do not learn of each other: where nobody may learn who is around the child, and the
    /// one sent the other nothing of what it is to delete.
    fn conceals(&self, partner: &Partner, gone: &[Gone<'_>]) -> bool {
        let knows = |held: &Held| held.named && held.sender == *self.by && held.recipient == partner.id;
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
