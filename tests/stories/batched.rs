//! Several requests in one Bundle: each is answered as it would be alone, and none gets more.

use crate::world::caller::Request;
use crate::world::{Answer, Caller, World, run};
use serde_json::{Value, json};
use uuid::Uuid;

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const FLAG: &str = include_str!("../journeys/flag-pushed-and-ended/1-push/given.json");
const CONSENT: &str = include_str!("../journeys/consent-kept/01-put-on-file/given.json");
const CHILD: &str = "patient:identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018";
const NOBODY: &str = "patient:identifier=https://fhir.nhs.uk/Id/nhs-number|9991000186";

fn entry(method: &str, url: &str) -> Value {
    json!({ "request": { "method": method, "url": url } })
}

fn with(mut entry: Value, resource: Value) -> Value {
    entry["resource"] = resource;
    entry
}

fn batch(entries: &[Value]) -> Value {
    json!({ "resourceType": "Bundle", "type": "batch", "entry": entries })
}

async fn sends(caller: &Caller<'_>, bundle: &Value) -> Answer {
    caller.asks(Request::new("POST", "/fhir").json(bundle)).await
}

async fn answers(caller: &Caller<'_>, entries: &[Value]) -> Vec<Value> {
    let answer = sends(caller, &batch(entries)).await.expect(200).json();
    assert_eq!(answer["type"], "batch-response");
    let found = answer["entry"].as_array().cloned().unwrap_or_default();
    assert_eq!(found.len(), entries.len());
    found
}

/// The status and the body, without what differs from one time of asking to the next.
fn seen(status: u16, mut body: Value) -> (u16, Value) {
    if let Some(bundle) =
        body.as_object_mut().filter(|body| body.get("resourceType") == Some(&json!("Bundle")))
    {
        for changing in ["id", "timestamp", "meta"] {
            bundle.shift_remove(changing);
        }
    }
    (status, body)
}

fn answered(entry: &Value) -> (u16, Value) {
    let status = entry["response"]["status"].as_str().and_then(|status| status.get(..3)?.parse().ok());
    let body = entry.get("resource").or_else(|| entry["response"].get("outcome"));
    seen(status.unwrap_or_default(), body.cloned().unwrap_or_default())
}

/// What is asked of Kith in these stories, for which the answer does not change by asking.
fn asked() -> Vec<Value> {
    let mut known = entry("GET", "metadata");
    known["request"]["ifNoneMatch"] = json!("*");
    let mut unless = with(entry("POST", "Consent"), serde_json::from_str(CONSENT).unwrap());
    unless["request"]["ifNoneExist"] = json!(format!("{CHILD}&status=active"));
    let body = json!({ "resourceType": "Observation", "status": "final", "code": { "text": "weight" }, "colour": "red" });
    vec![
        entry("GET", &format!("Observation?{CHILD}")),
        entry("GET", &format!("Encounter?{CHILD}")),
        entry("GET", &format!("CarePlan?{NOBODY}")),
        entry("GET", &format!("Consent?{CHILD}")),
        entry("GET", &format!("Consent?{NOBODY}&_summary=count")),
        entry("GET", &format!("Flag?{CHILD}&_include=Flag:patient")),
        entry("GET", &format!("AuditEvent?{CHILD}")),
        entry("GET", "AuditEvent/nothing"),
        entry("GET", "Consent/nothing"),
        entry("GET", "Task?colour=red"),
        entry("GET", "Task?_format=xml"),
        entry("GET", "Patient/$school?nhs-number=9991000186&birthdate=2020-01-01"),
        entry("GET", "CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=female"),
        entry("GET", "nothing"),
        entry("DELETE", "Consent/nothing"),
        entry("PATCH", "Consent/nothing"),
        with(entry("POST", "Observation/$validate"), body),
        with(entry("POST", "Flag"), json!({ "resourceType": "Flag" })),
        with(entry("PUT", "Flag/nothing"), json!({ "resourceType": "Flag" })),
        with(entry("POST", "$process-message"), json!({ "resourceType": "Bundle", "type": "collection" })),
        entry("POST", "Consent"),
        entry("HEAD", "metadata"),
        known,
        unless,
    ]
}

async fn alone(caller: &Caller<'_>, entry: &Value) -> (u16, Value) {
    let said = |name: &str| entry["request"][name].as_str();
    let path = format!("/fhir/{}", said("url").unwrap());
    let mut request = Request::new(said("method").unwrap(), &path);
    for (name, header) in [("ifNoneMatch", "if-none-match"), ("ifNoneExist", "if-none-exist")] {
        if let Some(value) = said(name) {
            request = request.with(header, value);
        }
    }
    request = match entry.get("resource") {
        Some(resource) => request.json(resource),
        None => request.with("content-type", "application/fhir+json"),
    };
    let answer = caller.asks(request).await;
    seen(answer.status, answer.json())
}

#[test]
fn each_is_answered_as_it_would_be_alone() {
    run(async {
        let world = World::start().await;
        world
            .health_visitor()
            .sends("new-birth-visit", &serde_json::from_str(CHECK).unwrap())
            .await
            .expect(202);
        world.wait_until_all_settled().await;
        let asked = asked();
        let mut statuses = std::collections::BTreeSet::new();
        for who in ["gp", "other-gp", "centre", "health-visitor"] {
            let caller = Caller::of(&world, who);
            let together = answers(&caller, &asked).await;
            for (entry, answer) in asked.iter().zip(&together) {
                let alone = alone(&caller, entry).await;
                assert_eq!(answered(answer), alone, "{who} {}", entry["request"]);
                statuses.insert(alone.0);
            }
        }
        assert!(
            [200, 304, 400, 403, 404, 405, 406, 422].iter().all(|one| statuses.contains(one)),
            "{statuses:?}"
        );
    });
}

#[test]
fn what_changes_something_is_done_in_its_turn_and_once() {
    run(async {
        let world = World::start().await;
        let gp = world.gp();
        let flag: Value = serde_json::from_str(FLAG).unwrap();
        let entries =
            [with(entry("POST", "Flag"), flag.clone()), entry("GET", "Task?code=deliver&_summary=count")];
        let request = |base: &'static str| {
            Request::new("POST", base).json(&batch(&entries)).known_as(Uuid::from_u128(7))
        };
        let first = gp.asks(request("/fhir")).await.expect(200).json();
        let made = &first["entry"][0];
        assert_eq!(made["response"]["status"], "201 Created");
        assert_eq!(made["response"]["etag"], "W/\"1\"");
        assert!(made["response"]["lastModified"].as_str().is_some_and(|at| at.ends_with('Z')), "{made}");
        assert_eq!(made["resource"]["resourceType"], "Flag");
        // The read after it sees it.
        let receipts = first["entry"][1]["resource"]["total"].as_u64().unwrap();
        assert!(receipts > 0);
        // Some clients write the base with a slash in the end.
        let again = gp.asks(request("/fhir/")).await.expect(200).json();
        assert_eq!(again["entry"], first["entry"]);

        let place = made["response"]["location"].as_str().unwrap();
        let place = &place[place.find("Flag/").unwrap()..place.find("/_history").unwrap_or(place.len())];
        let end = |version: &str| {
            let mut ended = with(entry("PUT", place), flag.clone());
            ended["resource"]["status"] = json!("entered-in-error");
            ended["request"]["ifMatch"] = json!(version);
            ended
        };
        let found = answers(&gp, &[end("W/\"4\""), end("one")]).await;
        let statuses: Vec<&Value> = found.iter().map(|one| &one["response"]["status"]).collect();
        assert_eq!(statuses, ["412 Precondition Failed", "400 Bad Request"]);

        let consent = with(entry("POST", "Consent"), serde_json::from_str(CONSENT).unwrap());
        let kept = answers(&world.health_visitor(), &[consent]).await;
        let changed = kept[0]["response"]["lastModified"].as_str();
        assert!(changed.is_some_and(|at| at.ends_with('Z')), "{}", kept[0]);

        let checked = Request::new("POST", "/fhir/Bundle/$validate").json(&first);
        let checked = gp.asks(checked).await.expect(200);
        let errors: Vec<Value> =
            checked.issues().into_iter().filter(|issue| issue["severity"] == "error").collect();
        assert_eq!(errors, [] as [Value; 0]);
    });
}

#[test]
fn each_look_is_journalled() {
    run(async {
        let world = World::start().await;
        let governance = world.governance();
        let look = entry("GET", &format!("AuditEvent?{NOBODY}&_count=1"));
        let total = async || alone(&governance, &look).await.1["total"].as_u64().unwrap();
        let before = total().await;
        answers(&governance, &[look.clone(), entry("GET", "metadata"), look.clone()]).await;
        // The two of the batch, and this one or the one before it.
        assert_eq!(total().await - before, 3);
    });
}

#[test]
fn what_a_batch_cannot_be_is_said() {
    run(async {
        let world = World::start().await;
        let gp = world.gp();
        let says = async |bundle: Value, status: u16| sends(&gp, &bundle).await.expect(status).text();
        assert!(says(json!({ "resourceType": "Patient" }), 422).await.contains("Bundle of type 'batch'"));
        for (kind, word) in
            [("transaction", "no transaction"), ("message", "$process-message"), ("batc", "'batch'")]
        {
            let bundle =
                json!({ "resourceType": "Bundle", "type": kind, "entry": [entry("GET", "metadata")] });
            assert!(says(bundle, 422).await.contains(word));
        }
        assert!(
            says(json!({ "resourceType": "Bundle", "type": "batch", "entry": {} }), 422)
                .await
                .contains("list")
        );
        let many = vec![entry("GET", "nothing"); 101];
        assert!(says(batch(&many), 413).await.contains("at most 100"));
        assert!(sends(&gp, &batch(&[])).await.expect(200).json().get("entry").is_none());
        let nobody = gp.clone().with_token("missing");
        sends(&nobody, &batch(&[entry("GET", "metadata")])).await.expect(401);

        // Of what is no batch nothing is done.
        let flag = with(entry("POST", "Flag"), serde_json::from_str(FLAG).unwrap());
        for (wrong, at) in [
            (entry("TRACE", "Task"), ".request.method"),
            (json!({ "fullUrl": "urn:uuid:7c1b8f3a-5a3e-4d5f-9f3e-1f2d3c4b5a69" }), ".request"),
            (json!({ "request": { "method": "GET", "url": 1 } }), ".request.url"),
            (with(entry("POST", ""), batch(&[entry("GET", "metadata")])), ".request.url"),
            (json!("Task"), ".request"),
            (with(entry("POST", "Flag"), json!([null])), ".resource"),
        ] {
            let refused = sends(&gp, &batch(&[flag.clone(), wrong])).await.expect(422);
            assert_eq!(refused.issues()[0]["expression"], format!("Bundle.entry[1]{at}"));
        }
        assert_eq!(gp.gets("/fhir/Task?_summary=count").await.expect(200).json()["total"], 0);

        let wrong = [
            entry("GET", "https://elsewhere.example/fhir/Task"),
            entry("GET", "/fhir/Task"),
            entry("GET", "../metrics"),
            with(entry("GET", "Task"), json!({ "resourceType": "Task" })),
            json!({ "request": { "method": "GET", "url": "metadata", "ifNoneMatch": "\n" } }),
        ];
        for (index, found) in answers(&gp, &wrong).await.iter().enumerate() {
            assert_eq!(found["response"]["status"], "400 Bad Request", "{found}");
            let at = found.pointer("/response/outcome/issue/0/expression/0").and_then(Value::as_str);
            assert!(at.is_some_and(|at| at.starts_with(&format!("Bundle.entry[{index}]."))), "{found}");
        }
    });
}
