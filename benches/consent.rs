//! What a decision costs: one recipient, all items, warm and cold, beside one raw question to Cedar; consents on file by number; and
//! the look-up of a child among ten thousand with consents on file.
//!
//! `cargo bench --bench consent`

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use divan::{Bencher, black_box};
use kith::consent::{ConsentOnFile, Contents, Policies, Question, decide};
use kith::domain::{ChildKey, Demographics, PartnerId, Private, Role};
use kith::journal::{Entry, Event};
use kith::message::{Recipient, Relation, Sender};
use kith::store::sql::SqlStore;
use kith::store::{ConsentChange, Sealed, Store, StoredConsent};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const SCHEMA: &str = include_str!("../config/policies/kith.cedarschema");
const FILES: [(&str, &str); 4] = [
    ("consent.cedar", include_str!("../config/policies/consent.cedar")),
    ("direct-care.cedar", include_str!("../config/policies/direct-care.cedar")),
    ("refusals.cedar", include_str!("../config/policies/refusals.cedar")),
    ("safeguarding-duty.cedar", include_str!("../config/policies/safeguarding-duty.cedar")),
];
const CHILD: &str = "9990000018";

static WARM: LazyLock<Policies> = LazyLock::new(policies);

fn policies() -> Policies {
    Policies::load(SCHEMA, &FILES).expect("the policies")
}

fn main() {
    divan::main();
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time")
}

fn child() -> Demographics {
    Demographics::only(CHILD.parse().expect("a number"))
}

fn sender() -> Sender {
    Sender {
        partner: PartnerId("health-visiting".to_owned()),
        role: Role::HealthVisitor,
        organisation: "RZ998".parse().expect("a code"),
        name: "Health visiting".to_owned(),
    }
}

fn centre() -> Recipient {
    Recipient {
        partner: PartnerId("centre".to_owned()),
        role: Role::ChildrensCentre,
        name: "Centre".to_owned(),
        concealed: false,
        identifiers: vec![("https://fhir.hl7.org.uk/Id/urn-school-number".to_owned(), "900101".to_owned())],
        relations: vec![Relation::InReach],
    }
}

/// A consent as the forms make them; every third refuses something to another centre.
fn consent(number: usize) -> ConsentOnFile {
    let (kind, urn) = if number % 3 == 2 { ("deny", "900102") } else { ("permit", "900101") };
    let class =
        |code: &str| json!({ "system": "https://kith.example/fhir/CodeSystem/dataset", "code": code });
    let resource = json!({
        "resourceType": "Consent",
        "status": if number == 0 { "active" } else { ["active", "inactive"][number % 2] },
        "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
        "patient": { "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": CHILD } },
        "dateTime": "2026-03-13",
        "performer": [{ "display": "A parent" }],
        "provision": {
            "type": kind,
            "period": { "start": "2026-01-01", "end": "2031-01-01" },
            "class": [class("identity/name"), class("identity/birth-date"), class("identity/address"), class("feeding")],
            "actor": [{
                "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PRCP" }] },
                "reference": { "identifier": { "system": "https://fhir.hl7.org.uk/Id/urn-school-number", "value": urn } },
            }],
        },
    });
    ConsentOnFile { id: format!("c{number}"), version: 1, resource: Private::new(resource) }
}

fn consents(count: usize) -> Vec<ConsentOnFile> {
    (0..count).map(consent).collect()
}

fn asked(policies: &Policies, consents: &[ConsentOnFile]) -> usize {
    let (child, sender, recipient) = (child(), sender(), centre());
    let question = Question {
        child: &child,
        sender: &sender,
        recipient: &recipient,
        claimed: None,
        reason_given: false,
        consents,
        contents: Contents::Unknown,
        duty_in_force: false,
        at: at(),
    };
    decide(policies, &question).permitted().len()
}

/// A decision about all items; the policies were asked about such facts before.
#[divan::bench(args = [1, 10, 100])]
fn decision_warm(bencher: Bencher, count: usize) {
    let consents = consents(count);
    assert!(asked(&WARM, &consents) >= 4);
    bencher.bench(|| asked(black_box(&WARM), black_box(&consents)));
}

/// The same with policies that were never asked anything.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn decision_cold(bencher: Bencher) {
    let consents = consents(1);
    bencher.with_inputs(policies).bench_refs(|policies| asked(policies, black_box(&consents)));
}

/// The floor: one question to Cedar about one item, request and entities ready.
#[divan::bench]
fn one_raw_question_to_cedar(bencher: Bencher) {
    use cedar_policy::{Authorizer, Context, Entities, PolicySet, Request, Schema};
    let schema = Schema::from_cedarschema_str(SCHEMA).expect("a schema").0;
    let text: String = FILES.iter().map(|(_, text)| *text).collect();
    let set: PolicySet = text.parse().expect("policies");
    let entity = |kind: &str, id: &str, parent: (&str, &str)| json!({ "uid": { "type": format!("Kith::{kind}"), "id": id }, "attrs": {}, "parents": [{ "type": format!("Kith::{}", parent.0), "id": parent.1 }] });
    let entities = json!([
        entity("Partner", "centre", ("Role", "childrens-centre")),
        entity("Item", "feeding", ("Dataset", "feeding")),
    ]);
    let entities = Entities::from_json_value(entities, Some(&schema)).expect("entities");
    let word = |kind: &str, id: &str| json!({ "__entity": { "type": format!("Kith::{kind}"), "id": id } });
    let context = json!({
        "consent": word("Standing", "permit"), "claimed": word("Ground", "none"), "reasonGiven": false, "dutyInForce": false,
        "relations": [word("Relation", "in-reach")], "senderRole": word("Role", "health-visitor"),
        "restrictedAddress": false, "deceased": false, "sealed": false, "detriment": false,
    });
    let action = "Kith::Action::\"share\"".parse().expect("an action");
    let context = Context::from_json_value(context, Some((&schema, &action))).expect("a context");
    let uid = |text: &str| text.parse().expect("a uid");
    let request =
        Request::new(uid("Kith::Partner::\"centre\""), action, uid("Kith::Item::\"feeding\""), context, None);
    let request = request.expect("a request");
    let authorizer = Authorizer::new();
    bencher.bench(|| authorizer.is_authorized(black_box(&request), &set, &entities).decision());
}

/// Ten thousand children with a consent each on file; one is looked up.
#[divan::bench]
fn file_of_a_child_among_ten_thousand(bencher: Bencher) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = std::env::temp_dir().join(format!("kith-bench-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let store = runtime.block_on(filled(&folder.join("kith.sqlite")));
    let key = ChildKey("child-4711".to_owned());
    bencher.bench(|| runtime.block_on(store.child_file(black_box(&key))).expect("a file").consents.len());
    drop(store);
    std::fs::remove_dir_all(folder).expect("it goes");
}

async fn filled(path: &std::path::Path) -> SqlStore {
    let store = SqlStore::open(path).await.expect("a store");
    for number in 0..10_000 {
        let child = ChildKey(format!("child-{number}"));
        let sealed: Value = consent(0).resource.into_inner();
        let consent = StoredConsent {
            id: format!("c{number}"),
            version: 1,
            child: child.clone(),
            author: PartnerId("health-visiting".to_owned()),
            status: "active".to_owned(),
            scope: "scope".to_owned(),
            resource: Sealed(sealed.to_string().into_bytes()),
            updated: at(),
        };
        let entry = Entry::new(
            Event::ConsentChanged,
            at(),
            child,
            PartnerId("health-visiting".to_owned()),
            uuid::Uuid::nil(),
            "Consent".to_owned(),
        );
        store.change_consent(&ConsentChange { consent, replaces: None }, &entry).await.expect("kept");
    }
    store
}
