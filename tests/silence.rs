//! No log line, no error answer and no health answer holds anything of a message: canaries in every field, good and bad.

#[path = "silence/canary.rs"]
mod canary;
#[path = "silence/lists.rs"]
mod lists;
#[path = "silence/log.rs"]
mod log;
mod world;

use canary::{BIRTH_DATE, CANARY, NUMBER, OTHER_NUMBER, POSTCODE, SECRETS, broken, leaves, planted};
use serde_json::{Value, json};
use world::caller::Request;
use world::{Answer, Caller, Manner, World, run};

const KINDS: &[(&str, &str, &str)] = &[
    (
        "first-visit-form",
        "health-visitor",
        include_str!("../mappings/first-visit-form/examples/agreed-named-centre.json"),
    ),
    (
        "new-birth-visit",
        "health-visitor",
        include_str!("../mappings/new-birth-visit/examples/full-with-permission.json"),
    ),
    (
        "new-birth-visit",
        "health-visitor",
        include_str!("../mappings/new-birth-visit/examples/concerns-no-permission.json"),
    ),
    ("safeguarding-template", "gp", include_str!("../mappings/safeguarding-template/examples/full.json")),
    (
        "school-health-needs",
        "school-nurse",
        include_str!("../mappings/school-health-needs/examples/full.json"),
    ),
    (
        "safeguarding-template",
        "gp",
        include_str!("../mappings/safeguarding-template/examples/ended-entries-nursery.json"),
    ),
    ("birth-notification", "maternity", include_str!("../mappings/birth-notification/examples/full.json")),
    ("gp-move", "gp", include_str!("../mappings/gp-move/examples/full.json")),
    ("health-review", "health-visitor", include_str!("../mappings/health-review/examples/six-weeks.json")),
    ("integrated-review", "health-visitor", include_str!("../mappings/integrated-review/examples/full.json")),
    ("eyfs-profile", "school", include_str!("../mappings/eyfs-profile/examples/full.json")),
    ("concern", "school", include_str!("../mappings/concern/examples/full.json")),
    ("joint-plan", "centre", include_str!("../mappings/joint-plan/examples/full.json")),
    (
        "centre-registration",
        "centre",
        include_str!("../mappings/centre-registration/examples/attending.json"),
    ),
];

/// What was answered, as far as it must be silent.
#[derive(Default)]
struct Answers(Vec<String>);

impl Answers {
    fn keep(&mut self, answer: &Answer) {
        let body = answer.json();
        // A resource that its own sender reads back is no account of Kith's.
        let silent =
            answer.status >= 400 || body["resourceType"] == "OperationOutcome" || body["type"] == "message";
        if silent {
            self.0.push(format!("{} {}", answer.status, answer.text()));
        }
    }
}

async fn records(world: &World, answers: &mut Answers) {
    for (name, who, example) in KINDS {
        let kind = world.house().kind(name).unwrap();
        let record = planted(&kind, &serde_json::from_str(example).unwrap());
        assert!(record.to_string().contains(CANARY) && record.to_string().contains(NUMBER), "{record}");
        let caller = Caller::of(world, who);
        answers.keep(&caller.sends(name, &record).await.expect(202));
        for leaf in leaves(&record, "").iter().step_by(5) {
            for broken in broken(&record, leaf) {
                answers.keep(&caller.sends(name, &broken).await);
            }
        }
        let text = record.to_string();
        for cut in (1..text.len()).step_by(193).filter(|cut| text.is_char_boundary(*cut)) {
            let mut request =
                Request::new("POST", "/records/new-birth-visit").with("content-type", "application/json");
            request.body = Some(text.as_bytes()[..cut].to_vec());
            answers.keep(&caller.asks(request).await);
        }
        let mut unknown = record.clone();
        unknown[NUMBER] = json!(CANARY);
        unknown[format!("{CANARY} the younger")] = json!(NUMBER);
        unknown["child"][NUMBER] = json!(CANARY);
        answers.keep(&caller.sends(name, &unknown).await.expect(422));
    }
}

fn as_fhir(kind: &kith::catalogue::Kind, record: &Value) -> Value {
    let record = kith::json::Tree::of(record);
    let envelope = kith::map::Envelope::of_record(&kind.name, &record);
    kith::map::to_fhir(&kind.mapping, &record, &envelope).0.to_value()
}

async fn messages(world: &World, answers: &mut Answers) {
    for (name, who, example) in KINDS {
        let kind = world.house().kind(name).unwrap();
        let record = planted(&kind, &serde_json::from_str(example).unwrap());
        let bundle = as_fhir(&kind, &record);
        let caller = Caller::of(world, who);
        let send = |bundle: Value| caller.asks_owned("/fhir/$process-message", bundle);
        answers.keep(&send(bundle.clone()).await.expect(200));
        for leaf in leaves(&bundle, "").iter().step_by(23) {
            for broken in broken(&bundle, leaf) {
                answers.keep(&send(broken).await);
            }
        }
        // What no row carries, under names that are none.
        let mut foreign = bundle.clone();
        for entry in foreign["entry"].as_array_mut().unwrap() {
            entry["resource"][NUMBER] = json!(CANARY);
            entry["resource"][format!("_{CANARY} {POSTCODE}")] = json!({ NUMBER: Value::Null });
        }
        foreign["entry"][0]["resource"]["id"] = json!(uuid::Uuid::new_v4());
        let stranger = json!({ "resourceType": format!("{CANARY} {NUMBER}"), "id": CANARY });
        foreign["entry"].as_array_mut().unwrap().push(json!({ "fullUrl": CANARY, "resource": stranger }));
        answers.keep(&send(foreign).await.expect(422));
        // What no row carries, and FHIR allows.
        let mut foreign = bundle.clone();
        let id = uuid::Uuid::new_v4();
        foreign["entry"][0]["fullUrl"] = json!(format!("urn:uuid:{id}"));
        foreign["entry"][0]["resource"]["id"] = json!(id);
        for entry in foreign["entry"].as_array_mut().unwrap() {
            let extension =
                json!({ "url": format!("https://elsewhere.test/{NUMBER}"), "valueString": CANARY });
            entry["resource"]["meta"]["tag"] = json!([{ "display": CANARY }]);
            entry["resource"]["meta"]["extension"] = json!([extension]);
        }
        let stranger = json!({ "resourceType": "Basic", "code": { "text": format!("{CANARY} {NUMBER}") } });
        let url = format!("urn:uuid:{}", uuid::Uuid::new_v4());
        foreign["entry"].as_array_mut().unwrap().push(json!({ "fullUrl": url, "resource": stranger }));
        answers.keep(&send(foreign).await.expect(200));
    }
}

impl Caller<'_> {
    /// Posts FHIR.
    async fn asks_owned(&self, path: &str, body: Value) -> Answer {
        self.asks(Request::new("POST", path).json(&body)).await
    }
}

async fn flags_and_consents(world: &World, answers: &mut Answers) {
    let (gp, visitor) = (world.gp(), world.health_visitor());
    let subject = json!({ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": NUMBER });
    let flag = json!({
        "resourceType": "Flag", "status": "active", "code": { "text": format!("{CANARY} at risk") },
        "subject": { "identifier": subject, "display": CANARY },
        "extension": [{ "url": format!("https://elsewhere.test/{CANARY}"), "valueString": NUMBER }],
    });
    let consent = json!({
        "resourceType": "Consent", "status": "active", "scope": { "text": CANARY }, "category": [{ "text": CANARY }],
        "patient": { "identifier": subject, "display": CANARY }, "performer": [{ "display": CANARY }],
        "dateTime": "2026-03-01",
        "policyRule": { "text": CANARY },
        "provision": { "type": "permit", "actor": [{ "role": { "text": CANARY }, "reference": { "display": CANARY } }] },
    });
    answers.keep(&gp.asks_owned("/fhir/Flag", flag.clone()).await.expect(201));
    answers.keep(&visitor.asks_owned("/fhir/Consent", consent.clone()).await.expect(201));
    answers.keep(&visitor.asks_owned("/fhir/Consent", consent.clone()).await.expect(422));
    for (caller, path, resource) in [(&gp, "/fhir/Flag", &flag), (&visitor, "/fhir/Consent", &consent)] {
        for leaf in leaves(resource, "") {
            for broken in broken(resource, &leaf) {
                answers.keep(&caller.asks_owned(path, broken).await);
            }
        }
    }
}

async fn addresses_headers_and_tokens(world: &World, answers: &mut Answers) {
    let visitor = world.health_visitor();
    for path in [
        &format!("/fhir/Consent?patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C{NUMBER}"),
        &format!("/fhir/Consent?patient:identifier={NUMBER}"),
        &format!("/fhir/Consent?name={CANARY}&birthdate={BIRTH_DATE}"),
        &format!("/fhir/Consent?{CANARY}={NUMBER}"),
        &format!("/fhir/Consent/{NUMBER}"),
        &format!("/fhir/Task/{CANARY}"),
        &format!("/fhir/Task?status={CANARY}"),
        &format!("/fhir/Task?group-identifier={NUMBER}"),
        &format!("/fhir/Patient/{NUMBER}?family={CANARY}"),
        &format!("/records/{CANARY}"),
        &format!("/{CANARY}/{NUMBER}"),
    ] {
        answers.keep(&visitor.gets(path).await);
        answers.keep(&visitor.asks(Request::new("POST", path).json(&json!({ CANARY: NUMBER }))).await);
        answers.keep(&visitor.asks(Request::new("PUT", path).json(&json!({ CANARY: NUMBER }))).await);
        let odd =
            ["if-match", "x-request-id", "x-correlation-id", "prefer", "accept", "cookie", "content-type"];
        for name in odd {
            let request = Request::new("PUT", path).with(name, &format!("{CANARY} {NUMBER}"));
            answers.keep(&visitor.asks(request).await);
        }
    }
    for token in ["missing", "expired", "wrong-issuer", "alg-none", "forged", "unknown-client", "no-scope"] {
        let caller = visitor.clone().with_token(token);
        answers.keep(&caller.sends("new-birth-visit", &json!({ "child": { "nhsNumber": NUMBER } })).await);
    }
}

/// The workbench shows a person what that person pasted, and tells nobody else.
async fn workbench(world: &World) {
    let kind = world.house().kind("new-birth-visit").unwrap();
    let record = planted(&kind, &serde_json::from_str(KINDS[1].2).unwrap());
    let bundle = as_fhir(&kind, &record);
    let fix = json!([{ "op": "remove", "path": format!("/{CANARY}") }]).to_string();
    for text in [bundle.to_string(), bundle.to_string().chars().take(2_000).collect()] {
        let form = [("resource", text.as_str()), ("profile", ""), ("fix", &fix)];
        let answer = world::caller::HTTP.post(format!("{}/workbench", world.base())).form(&form).send().await;
        assert!(answer.unwrap().text().await.unwrap().contains(CANARY));
    }
}

/// Recipients that answer with the child's particulars wherever they can.
async fn talkative_recipients(world: &World, answers: &mut Answers) {
    let issue = json!({
        "severity": "error", "code": NUMBER, "diagnostics": format!("{CANARY} {NUMBER}"),
        "details": { "text": CANARY, "coding": [{ "code": NUMBER, "display": CANARY }] },
    });
    world.centre().behaves(Manner::Answer(503, json!({ "issue": [issue] })));
    world.surgery().behaves(Manner::Answer(400, json!({ "issue": [issue] })));
    let kind = world.house().kind("new-birth-visit").unwrap();
    let mut record = planted(&kind, &serde_json::from_str(KINDS[1].2).unwrap());
    // Another child: of the first, somebody has refused everything by now.
    record["child"]["nhsNumber"] = json!(OTHER_NUMBER);
    let arrived = world.centre().arrived().len();
    let sent = world.health_visitor().sends("new-birth-visit", &record).await.expect(202);
    answers.keep(&sent);
    world.centre().wait_until_arrived(arrived + 1).await;
    world.wait_for(&sent, "weir-lane", "failed").await;
    world.centre().behaves(Manner::Take);
    world.wait_for(&sent, "north-centre", "completed").await;
    answers.0.push(json!(world.receipts(&sent).await).to_string());
}

#[test]
fn nothing_of_any_message_is_logged_or_answered() {
    run(async {
        let log = log::listen();
        let world = World::start().await;
        let mut answers = Answers::default();
        records(&world, &mut answers).await;
        messages(&world, &mut answers).await;
        flags_and_consents(&world, &mut answers).await;
        addresses_headers_and_tokens(&world, &mut answers).await;
        talkative_recipients(&world, &mut answers).await;
        lists::lists_and_look_ups(&world, &mut answers).await;
        workbench(&world).await;
        world.wait_until_all_settled().await;
        for path in ["/health/live", "/health/ready", "/metrics"] {
            answers.0.push(world.health_visitor().gets(path).await.text());
        }
        answers.0.extend(world.journal().await.iter().map(Value::to_string));

        let log = log.text();
        let received: usize = world.partners().map(|partner| partner.received().len()).sum();
        assert!(
            received > 10 && answers.0.len() > 1_000,
            "{received} deliveries, {} answers",
            answers.0.len()
        );
        assert!(
            log.contains("answered") && log.contains("delivered") && log.contains("DEBUG"),
            "the log is heard"
        );
        let mut told: Vec<String> = Vec::new();
        for (what, lines) in [
            ("log", log.lines().collect::<Vec<_>>()),
            ("answer", answers.0.iter().map(String::as_str).collect()),
        ] {
            for secret in SECRETS.iter().chain(&["eyJ", "PRIVATE KEY"]) {
                let found = lines.iter().filter(|line| line.to_lowercase().contains(&secret.to_lowercase()));
                let found: Vec<&&str> = found.collect();
                if let Some(first) = found.first() {
                    let first: String = first.chars().take(600).collect();
                    told.push(format!("{} {what} lines hold '{secret}', such as: {first}", found.len()));
                }
            }
        }
        assert!(told.is_empty(), "\n{}", told.join("\n"));
    });
}
