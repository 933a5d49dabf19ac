//! A record of a child that was born: who it is about, and taken in so that what it decides is on file.

use serde_json::Value;
use uuid::Uuid;

use super::{BIRTH_DATE, NHS_NUMBER, Order};
use crate::catalogue::Kind;
use crate::domain::{Demographics, NhsNumber, OdsCode, Private};
use crate::journal::Event;
use crate::map;
use crate::message::{Content, Received, Sender};
use crate::pipeline::acceptance::{self, Extras, Reply};
use crate::pipeline::explain::as_sender;
use crate::pipeline::{House, Prepared, prepare, unavailable};
use crate::problem::{Category, Problem};
use crate::store::StoreError;

/// A record as a file has it.
pub struct Born {
    /// Where it stands: whoever reads the files counts.
    pub place: usize,
    /// Its kind.
    pub kind: String,
    /// What it says.
    pub record: Private<Value>,
}

impl Born {
    /// The child and its birth date, read where the kind's mapping has them.
    pub(super) fn who(&self, kind: &Kind) -> Result<(NhsNumber, String), Problem> {
        let faults = kind.schema.faults(self.record.reveal());
        if !faults.is_empty() {
            return Err(Problem::with(Category::Invalid, faults));
        }
        let said = |item: &str| map::said(&kind.mapping, self.record.reveal(), item);
        let number = said(NHS_NUMBER).and_then(|number| number.parse().ok());
        number.zip(said(BIRTH_DATE)).ok_or_else(|| {
            let text = "The record does not say whose it is: NHS number and birth date are needed.";
            Problem::new(Category::BusinessRule, text)
        })
    }

    /// Who wrote it: the partner with the organisation that it names, which sends such records.
    fn sender(&self, house: &House, kind: &Kind) -> Result<Sender, Problem> {
        let path = kind.mapping.sender.as_ref();
        let named = path.and_then(|path| path.read(self.record.reveal(), &[]).pop());
        let code: Option<OdsCode> = named.and_then(|(_, code)| code.as_str()?.parse().ok());
        let wrote = |code: OdsCode| {
            house.directory.partners().find(|one| one.ods == code && one.sends.contains(&self.kind))
        };
        code.and_then(wrote).map(as_sender).ok_or_else(|| {
            let text = format!(
                "The organisation that wrote the record is not in the directory, or does not send '{}'.",
                self.kind
            );
            Problem::new(Category::BusinessRule, text)
        })
    }
}

/// A record that is right, with what is on file about its child.
pub(super) struct Read {
    pub(super) place: usize,
    pub(super) prepared: Prepared,
    /// Whether it says what somebody agreed to, or refused.
    pub(super) brings_consent: bool,
}

impl Read {
    /// Reads a record. Where it brings a consent that is not on file yet, that is put there: from then on it can be withdrawn like any
    /// other. The record itself is sent to nobody.
    pub(super) async fn record(
        house: &House,
        order: &Order<'_>,
        born: Born,
    ) -> Result<Self, (usize, Problem)> {
        let place = born.place;
        Self::taken_in(house, order, born).await.map_err(|problem| (place, problem))
    }

    async fn taken_in(house: &House, order: &Order<'_>, born: Born) -> Result<Self, Problem> {
        let kind = house.kind(&born.kind)?;
        let sender = born.sender(house, &kind)?;
        let body_hash =
            house.vault.digest(&format!("births/{}", born.kind), born.record.reveal().to_string().as_bytes());
        let message_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, body_hash.as_bytes());
        let content = Content::Record(born.record);
        let received = Received { sender, message_id, at: order.at, kind: born.kind, content };
        let prepared = prepare(house, received).await?;
        let brings_consent = !prepared.mapped.consents.is_empty();
        let mut read = Self { place: born.place, prepared, brings_consent };
        let partner = &read.prepared.mapped.sender.partner;
        let known =
            house.store.first_answer(partner, message_id).await.map_err(|error| unavailable(&error))?;
        if known.is_some() {
            // What it says of consents was done when it first came.
            read.prepared.arriving.clear();
        } else if brings_consent && !order.preview {
            read.is_put_on_file(house, order, body_hash).await?;
        }
        Ok(read)
    }

    async fn is_put_on_file(
        &mut self,
        house: &House,
        order: &Order<'_>,
        body_hash: String,
    ) -> Result<(), Problem> {
        let Prepared { kind, mapped, key, arriving, .. } = &mut self.prepared;
        let answer = Box::new(|_: &[_]| Reply { status: 202, headers: vec![], body: Value::Null });
        let extras = Extras { body_hash, flag: None, answer };
        let mut written = acceptance::write(house, kind, mapped, std::mem::take(arriving), &[], &extras)?;
        for entry in written.rows.entries.iter_mut().filter(|entry| entry.event == Event::Accepted) {
            entry.note = Some(format!("taken in for {}; sent to nobody", order.words()));
        }
        match house.store.accept(&written.rows).await {
            // Somebody else makes the same list.
            Ok(()) | Err(StoreError::DuplicateMessage) => {}
            Err(error) => return Err(unavailable(&error)),
        }
        self.prepared.file = house.store.child_file(key).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    /// Its child.
    pub(super) fn child(&self) -> &Demographics {
        &self.prepared.mapped.child
    }
}
