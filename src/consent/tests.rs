//! A small world for the tests of this room, and the tests themselves by what they show.

mod invariants;
mod limits;
mod loading;
mod properties;
mod provisions;
mod remembered;
mod scenarios;
mod stage;
mod voices;
mod weighed;

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::domain::{NHS_NUMBER_SYSTEM, ODS_SYSTEM, Role, SCHOOL_URN_SYSTEM};
use crate::message::Relation;

const SCHEMA: &str = include_str!("../../config/policies/kith.cedarschema");
const FILES: [(&str, &str); 4] = [
    ("consent.cedar", include_str!("../../config/policies/consent.cedar")),
    ("direct-care.cedar", include_str!("../../config/policies/direct-care.cedar")),
    ("refusals.cedar", include_str!("../../config/policies/refusals.cedar")),
    ("safeguarding-duty.cedar", include_str!("../../config/policies/safeguarding-duty.cedar")),
];
const CHILD: &str = "9434765919";
const OTHER_CHILD: &str = "9000000009";
const CENTRE: &str = "123456";
const OTHER_CENTRE: &str = "654321";
const NAME_DATE_ADDRESS: [&str; 3] = ["identity/name", "identity/birth-date", "identity/address"];
const MINIMUM: [&str; 4] = ["identity/birth-date", "identity/name", "identity/nhs-number", "safeguarding"];

fn policies() -> &'static Policies {
    static POLICIES: OnceLock<Policies> = OnceLock::new();
    POLICIES.get_or_init(|| Policies::load(SCHEMA, &FILES).unwrap())
}

/// Everything a question is made of; each test changes what it is about.
#[derive(Clone)]
struct World {
    child: Demographics,
    sender: Sender,
    recipient: Recipient,
    claimed: Option<Ground>,
    reason_given: bool,
    consents: Vec<ConsentOnFile>,
    /// What the message holds, where that is known.
    pieces: Option<Vec<Piece>>,
    duty_in_force: bool,
    at: DateTime<Utc>,
}

/// Shows the invented consents, so that a failing property can be read.
impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "to {} {:?}, {:?}", self.recipient.role, self.recipient.relations, self.claimed)?;
        self.consents.iter().try_for_each(|consent| write!(f, "\n{}", consent.resource.reveal()))
    }
}

impl World {
    fn to(role: Role, relations: &[Relation]) -> Self {
        Self {
            child: Demographics {
                nhs_number: CHILD.parse().unwrap(),
                postcode: None,
                practices: Vec::new(),
                schools: Vec::new(),
                deceased: false,
                restricted: false,
                sealed: false,
            },
            sender: Sender {
                partner: PartnerId("warwick-health-visiting".into()),
                role: Role::HealthVisitor,
                organisation: "RYG".parse().unwrap(),
                name: "Warwick Health Visiting".into(),
            },
            recipient: Recipient {
                partner: PartnerId("westgate".into()),
                role,
                name: "Westgate".into(),
                concealed: false,
                identifiers: vec![
                    (ODS_SYSTEM.into(), "A81001".into()),
                    (SCHOOL_URN_SYSTEM.into(), CENTRE.into()),
                ],
                relations: relations.to_vec(),
            },
            claimed: None,
            reason_given: false,
            consents: Vec::new(),
            pieces: None,
            duty_in_force: false,
            at: "2026-07-01T12:00:00Z".parse().unwrap(),
        }
    }

    /// A children's centre in whose area the child lives.
    fn to_centre() -> Self {
        Self::to(Role::ChildrensCentre, &[Relation::InReach])
    }

    fn with(mut self, consents: &[ConsentOnFile]) -> Self {
        self.consents = consents.to_vec();
        self
    }

    fn claiming_duty(mut self) -> Self {
        self.claimed = Some(Ground::SafeguardingDuty);
        self.reason_given = true;
        self
    }

    fn at(mut self, at: &str) -> Self {
        self.at = at.parse().unwrap();
        self
    }

    fn decide(&self) -> Decision {
        decide(policies(), &self.question())
    }

    fn question(&self) -> Question<'_> {
        let Self { child, sender, recipient, claimed, reason_given, consents, pieces, duty_in_force, at } =
            self;
        Question {
            child,
            sender,
            recipient,
            claimed: *claimed,
            reason_given: *reason_given,
            consents,
            contents: pieces.as_deref().map_or(Contents::Unknown, Contents::Known),
            duty_in_force: *duty_in_force,
            at: *at,
        }
    }

    #[track_caller]
    fn releases(&self, items: &[&str]) {
        let mut expected: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        expected.sort();
        let mut released: Vec<String> = self.decide().permitted().iter().map(Item::to_string).collect();
        released.sort();
        assert_eq!(released, expected);
    }

    /// Nothing is released, and the name is withheld by this refusal.
    #[track_caller]
    fn withholds_all(&self, refusal: &str) {
        self.releases(&[]);
        assert_eq!(self.name_is(), Verdict::Withhold(refusal.to_owned()));
    }

    fn outcome(&self, item: &str) -> Outcome {
        let item: Item = item.parse().unwrap();
        self.decide().outcomes().iter().find(|outcome| outcome.item == item).unwrap().clone()
    }

    fn name_is(&self) -> Verdict {
        self.outcome("identity/name").verdict
    }
}

/// A Consent as Kith's mappings write it.
fn consent(id: &str, status: &str, provision: Value) -> ConsentOnFile {
    let resource = json!({
        "resourceType": "Consent",
        "status": status,
        "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
        "patient": { "identifier": { "system": NHS_NUMBER_SYSTEM, "value": CHILD } },
        "dateTime": "2026-06-01",
        "provision": provision,
    });
    ConsentOnFile { id: id.into(), version: 1, resource: Private::new(resource) }
}

fn changed(consent: &ConsentOnFile, change: impl FnOnce(&mut Value)) -> ConsentOnFile {
    let mut resource = consent.resource.reveal().clone();
    change(&mut resource);
    ConsentOnFile { resource: Private::new(resource), ..consent.clone() }
}

fn classes(items: &[&str]) -> Value {
    items.iter().map(|item| json!({ "system": DATASET_SYSTEM, "code": item })).collect()
}

fn actor(system: &str, value: &str) -> Value {
    json!({
        "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] },
        "reference": { "identifier": { "system": system, "value": value } },
    })
}

fn rule(kind: &str, urn: &str, items: &[&str]) -> Value {
    json!({ "type": kind, "actor": [actor(SCHOOL_URN_SYSTEM, urn)], "class": classes(items) })
}

/// The first-visit form's consent: name, birth date and address to the named centre.
fn first_visit() -> ConsentOnFile {
    consent("c1", "active", rule("permit", CENTRE, &NAME_DATE_ADDRESS))
}

fn refusal(items: &[&str]) -> ConsentOnFile {
    consent("d1", "active", rule("deny", CENTRE, items))
}

fn refusal_of_all() -> ConsentOnFile {
    consent("d0", "active", json!({ "type": "deny" }))
}

fn local_centres(kind: &str, items: &[&str]) -> ConsentOnFile {
    let extension = json!([{ "url": LOCAL_CENTRES, "valueBoolean": true }]);
    consent("l1", "active", json!({ "type": kind, "extension": extension, "class": classes(items) }))
}
