//! What somebody was answered who asked for it on a parent's consent is asked back when the consent ends, as what was sent is.

use serde_json::{Value, json};

use crate::world::caller::Request;
use crate::world::{self, Caller, Tweaks, World};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
/// A consent for the centre, to be changed.
const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
pub const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// What the health visitors' system holds: the child, and its weight.
pub fn held(number: &str) -> Value {
    json!({
        "Patient": [{
            "resourceType": "Patient", "id": "p1", "identifier": [{ "system": NHS, "value": number }],
            "address": [{ "postalCode": "CV99 1AA" }],
        }],
        "Observation": [{
            "resourceType": "Observation", "id": "o1", "status": "final",
            "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }],
            "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
            "subject": { "reference": "Patient/p1" }, "effectiveDateTime": "2026-03-16",
            "valueQuantity": { "value": 3.9, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
        }],
    })
}

/// Withdraws every consent about the child.
pub async fn withdraws(world: &World, number: &str) {
    let asked = format!("/fhir/Consent?patient:identifier={NHS}%7C{number}");
    let found = world.health_visitor().gets(&asked).await.expect(200).json();
    for entry in found["entry"].as_array().unwrap() {
        let mut consent = entry["resource"].clone();
        consent["status"] = json!("inactive");
        let path = format!("/fhir/Consent/{}", consent["id"].as_str().unwrap());
        let request = Request::new("PUT", &path).json(&consent).with("if-match", "W/\"1\"");
        world.health_visitor().asks(request.with("content-type", "application/fhir+json")).await.expect(200);
    }
}

#[test]
fn what_was_read_on_a_consent_is_asked_back_when_it_ends() {
    world::run(async {
        let world = World::start().await;
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let number = check["child"]["nhsNumber"].as_str().unwrap();
        world.health_visiting().holds(&held(number));
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        let delivered = world.wait_for(&sent, "north-centre", "completed").await;
        let weight = format!("/fhir/Observation?patient:identifier={NHS}%7C{number}");
        let centre = Caller::of(&world, "centre");
        let answer = centre.gets(&weight).await.expect(200);
        assert_eq!(answer.json()["total"], 1, "{}", answer.text());
        let question = answer.header("x-request-id").unwrap().to_owned();
        // The practice reads in direct care, which no consent ends.
        let practice = world.gp().gets(&weight).await.expect(200);

        withdraws(&world, number).await;
        let notices = world.centre().wait_until_arrived(2).await;
        let notice = notices[1].json();
        let messages = notice["messages"].as_array().unwrap();
        let named = |id: &str| messages.iter().find(|one| one["id"] == format!("urn:uuid:{id}"));
        assert!(named(delivered["id"].as_str().unwrap()).is_some(), "{notice}");
        let read = named(&question).unwrap_or_else(|| panic!("{question} in {notice}"));
        assert_eq!(read["kind"], "Observation");
        assert!(!read["parts"].as_str().unwrap().is_empty(), "{read}");
        assert_eq!(messages.len(), 2, "{notice}");

        let after = centre.gets(&weight).await.expect(200);
        assert_eq!(after.json()["total"], 0, "{}", after.text());
        world.wait_until_all_settled().await;
        let told = world.journal().await;
        let recalls: Vec<&Value> = told.iter().filter(|entry| entry["event"] == "recalled").collect();
        assert!(
            recalls.iter().any(|entry| entry["note"].as_str().unwrap().contains(&question)),
            "{recalls:?}"
        );
        let kept = practice.header("x-request-id").unwrap();
        assert!(!recalls.iter().any(|entry| entry["note"].as_str().unwrap().contains(kept)), "{recalls:?}");
    });
}

#[test]
fn who_only_asks_finds_the_recall_among_its_tasks() {
    world::run(async {
        let mut world = World::without_gateway(&Tweaks::default()).await;
        // The centre has no system that receives.
        world.folder.changes("directory.toml", |text| {
            let (before, rest) = text.split_once("id = \"north-centre\"").unwrap();
            let (entry, after) = rest.split_once("[[partner]]").unwrap();
            let asks = entry.split("[partner.endpoint]").next().unwrap();
            format!("{before}id = \"north-centre\"{asks}\n[[partner]]{after}")
        });
        world.opens().await;
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let number = check["child"]["nhsNumber"].as_str().unwrap();
        world.health_visiting().holds(&held(number));
        world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        let centre = Caller::of(&world, "centre");
        let weight = format!("/fhir/Observation?patient:identifier={NHS}%7C{number}");
        let answer = centre.gets(&weight).await.expect(200);
        assert_eq!(answer.json()["total"], 1, "{}", answer.text());
        assert_eq!(centre.gets("/fhir/Task?code=recall").await.expect(200).json()["total"], 0);

        withdraws(&world, number).await;
        let tasks = centre.gets("/fhir/Task?code=recall&status=received").await.expect(200).json();
        assert_eq!(tasks["total"], 1, "{tasks}");
        let mut task = tasks["entry"][0]["resource"].clone();
        let says = task["description"].as_str().unwrap();
        assert!(says.contains(answer.header("x-request-id").unwrap()) && !says.contains(number), "{says}");

        // It says that it is done, and whoever withdrew the consent sees that.
        task["status"] = json!("completed");
        let path = format!("/fhir/Task/{}", task["id"].as_str().unwrap());
        let done = Request::new("PUT", &path).json(&task).with("content-type", "application/fhir+json");
        centre.asks(done).await.expect(200);
        let receipt = world.health_visitor().gets(&path).await.expect(200).json();
        assert_eq!(receipt["status"], "completed", "{receipt}");
        assert_eq!(
            centre.gets("/fhir/Task?code=recall&status=received").await.expect(200).json()["total"],
            0
        );
        assert_eq!(centre.gets(&weight).await.expect(200).json()["total"], 0);
    });
}

/// Whether what the centre read on a check's consent is asked back when that ends, where another consent is on file to data of this time only, and
/// what is on file speaks by then of the child's other number too.
async fn is_asked_back(period: &Value, other: Option<&str>) -> bool {
    let world = World::start().await;
    let check: Value = serde_json::from_str(CHECK).unwrap();
    let number = check["child"]["nhsNumber"].as_str().unwrap();
    world.health_visiting().holds(&held(number));
    world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
    let found = format!("/fhir/Consent?patient:identifier={NHS}%7C{number}");
    let found = world.health_visitor().gets(&found).await.expect(200).json();
    let brought = &found["entry"][0]["resource"];
    let mut limited: Value = serde_json::from_str(CONSENT).unwrap();
    limited["patient"]["identifier"]["value"] = json!(number);
    limited["performer"] = json!([{ "display": "Grace Whitlock" }]);
    limited["provision"]["class"] =
        json!([{ "system": "https://kith.example/fhir/CodeSystem/dataset", "code": "measurements" }]);
    limited["provision"]["dataPeriod"] = period.clone();
    let keeps = async |consent: &Value| {
        world.health_visitor().asks(Request::new("POST", "/fhir/Consent").json(consent)).await.expect(201)
    };
    keeps(&limited).await;
    let weight = format!("/fhir/Observation?patient:identifier={NHS}%7C{number}");
    let answer = Caller::of(&world, "centre").gets(&weight).await.expect(200);
    assert_eq!(answer.json()["total"], 1, "{}", answer.text());
    let question = answer.header("x-request-id").unwrap().to_owned();
    let is_recalled = async || {
        let journal = world.journal().await;
        let mut recalls = journal.iter().filter(|entry| entry["event"] == "recalled");
        recalls.any(|entry| entry["note"].as_str().unwrap().contains(&question))
    };
    if let Some(other) = other {
        let identifier = |name: &str, number: &str| json!({ "name": name, "valueIdentifier": { "system": NHS, "value": number } });
        let merge = json!({ "resourceType": "Parameters", "parameter": [
            identifier("source-patient-identifier", number), identifier("target-patient-identifier", other),
        ] });
        let request = Request::new("POST", "/fhir/Patient/$merge").json(&merge);
        let request = request.with("content-type", "application/fhir+json");
        Caller::of(&world, "authority").asks(request).await.expect(200);
        // Another change of the child's consents, under its other number.
        let mut more: Value = serde_json::from_str(CONSENT).unwrap();
        more["patient"]["identifier"]["value"] = json!(other);
        more["performer"] = json!([{ "display": "Tom Whitlock" }]);
        keeps(&more).await;
        assert!(!is_recalled().await, "nothing ended");
    }
    let mut ends = brought.clone();
    ends["status"] = json!("inactive");
    let path = format!("/fhir/Consent/{}", ends["id"].as_str().unwrap());
    let request = Request::new("PUT", &path).json(&ends).with("if-match", "W/\"1\"");
    world.health_visitor().asks(request.with("content-type", "application/fhir+json")).await.expect(200);
    world.wait_until_all_settled().await;
    is_recalled().await
}

#[test]
fn what_was_read_may_be_kept_on_another_consent_that_covers_it_and_on_no_other() {
    world::run(async {
        let (covers, apart) = (json!({ "start": "2026-03-16" }), json!({ "end": "2026-03-12" }));
        assert!(!is_asked_back(&covers, None).await, "it covers what was read");
        assert!(is_asked_back(&apart, None).await, "it was on file, and means other data");
        assert!(!is_asked_back(&covers, Some("9991000216")).await, "under whichever number");
        assert!(is_asked_back(&apart, Some("9991000216")).await, "under whichever number");
    });
}
