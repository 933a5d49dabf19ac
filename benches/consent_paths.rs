//! What consent costs from end to end, in one run over real HTTP, TLS, tokens, SQLite and a journal on disk: reading through beside asking the
//! source directly and through nginx, which decides and keeps nothing; the three answers that must look alike, by their times; withdrawing while something waits, and
//! until when anything more is released, over two replicas too.
//!
//! `cargo bench --bench consent_paths`, `tests/postgres -- cargo bench --bench consent_paths` (needs Node.js and `npm ci` in tests/world/op, as
//! tests/run does it)

#[path = "consent_paths/last.rs"]
mod last;
#[path = "journey/proxy.rs"]
mod proxy;
#[path = "../tests/world/mod.rs"]
mod world;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use world::caller::Request;
use world::{World, run};

const CHECK: &str = include_str!("../mappings/new-birth-visit/examples/full-with-permission.json");
const NHS: &str = "https://fhir.nhs.uk/Id/nhs-number";
const ROUNDS: usize = 300;

fn main() {
    run(async {
        let world = World::start().await;
        reading(&world).await;
        last::releases(&world).await;
        withdrawing(&world).await;
    });
}

/// Percentiles, in milliseconds.
fn told(name: &str, mut took: Vec<Duration>) -> f64 {
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("{name:<58} p50 {:>7.2}  p90 {:>7.2}  p99 {:>7.2} ms", at(50), at(90), at(99));
    at(50)
}

async fn times<F: AsyncFnMut()>(mut step: F) -> Vec<Duration> {
    let mut took = Vec::new();
    for round in 0..ROUNDS + 20 {
        let started = Instant::now();
        step().await;
        // The first are for connections, tokens and caches.
        if round >= 20 {
            took.push(started.elapsed());
        }
    }
    took
}

async fn reading(world: &World) {
    let check: Value = serde_json::from_str(CHECK).expect("an example");
    let number = check["child"]["nhsNumber"].as_str().expect("a number").to_owned();
    let patient = json!({
        "resourceType": "Patient", "id": "p1", "identifier": [{ "system": NHS, "value": number }],
        "address": [{ "postalCode": "CV99 1AA" }],
        "generalPractitioner": [{ "identifier": { "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y99901" } }],
    });
    let weight = json!({
        "resourceType": "Observation", "id": "o1", "status": "final",
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "subject": { "reference": "Patient/p1" }, "effectiveDateTime": "2026-03-16",
        "valueQuantity": { "value": 3.9, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" },
    });
    world.partner("health-visiting").holds(&json!({ "Patient": [patient], "Observation": [weight] }));
    let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
    world.wait_for(&sent, "weir-lane", "completed").await;

    let of = |number: &str| format!("/fhir/Observation?patient:identifier={NHS}%7C{number}");
    let (known, unknown) = (of(&number), of("9991000208"));
    let (gp, stranger) = (world.gp(), world.other_gp());
    let reads = async |caller: &world::Caller<'_>, path: &str, total: u64| {
        let answer = caller.asks(Request::new("GET", path)).await;
        assert_eq!(answer.json()["total"], json!(total), "{}", answer.text());
    };
    let floor = told(
        "health check: a request through the same server",
        times(async || {
            gp.asks(Request::new("GET", "/health/live")).await;
        })
        .await,
    );
    let pem = world::authority::AUTHORITY.pem.as_bytes();
    let http = kith::tls::http_client(Some(pem), None, false).expect("a client");
    let direct = told(
        "the source asked directly, once",
        times(async || {
            let source = world.partner("health-visiting");
            source.asked_at(&source.source(), &http, "Observation").await;
        })
        .await,
    );
    let through = told(
        "read through: token, source asked twice, cut, journalled",
        times(async || reads(&gp, &known, 1).await).await,
    );
    proxied(world, through).await;
    println!(
        "read through : asked directly once = {:.1}; without the server's own {floor:.2} ms = {:.1}",
        through / direct,
        (through - floor) / direct
    );
    let no_relation = told("not in the caseload", times(async || reads(&stranger, &known, 0).await).await);
    let no_child = told("no such child", times(async || reads(&stranger, &unknown, 0).await).await);
    let nothing = format!("/fhir/CareTeam?patient:identifier={NHS}%7C{number}");
    let nothing = told("in the caseload, nothing held", times(async || reads(&gp, &nothing, 0).await).await);
    println!(
        "not in the caseload : no such child = {:.2}; : nothing held = {:.2}",
        no_relation / no_child,
        no_relation / nothing
    );
}

/// What somebody could run instead who only wants to reach the source: nginx before it.
async fn proxied(world: &World, through: f64) {
    let source = world.partner("health-visiting");
    let Some(proxy) = proxy::Proxy::starts(world, &format!("{}/", source.source())) else { return };
    let (base, http) = (proxy.url(), kith::tls::http_client(None, None, true).expect("a client"));
    let base = base.trim_end_matches('/');
    let once = told(
        "the source through nginx, once",
        times(async || source.asked_at(base, &http, "Observation").await).await,
    );
    let twice = told(
        "the source through nginx, for the Patient and then for that",
        times(async || {
            for kind in ["Patient", "Observation"] {
                source.asked_at(base, &http, kind).await;
            }
        })
        .await,
    );
    println!("read through : nginx, once = {:.1}; twice = {:.1}", through / once, through / twice);
}

async fn withdrawing(world: &World) {
    world.centre().goes_down().await;
    let form: Value =
        serde_json::from_str(include_str!("../mappings/first-visit-form/examples/agreed-named-centre.json"))
            .expect("an example");
    let mut took = Vec::new();
    for round in 0..100_u32 {
        let number = number(round);
        let mut form = form.clone();
        form["child"]["nhsNumber"] = json!(number);
        world.health_visitor().sends("first-visit-form", &form).await.expect(202);
        let asked = format!("/fhir/Consent?patient:identifier={NHS}%7C{number}");
        let mut consent =
            world.health_visitor().asks(Request::new("GET", &asked)).await.json()["entry"][0]["resource"]
                .clone();
        consent["status"] = json!("inactive");
        let path = format!("/fhir/Consent/{}", consent["id"].as_str().expect("an id"));
        let started = Instant::now();
        let request = Request::new("PUT", &path)
            .json(&consent)
            .with("content-type", "application/fhir+json")
            .with("if-match", "W/\"1\"");
        world.health_visitor().asks(request).await.expect(200);
        took.push(started.elapsed());
    }
    told("withdrawn, and what waited is taken back: PUT Consent", took);
}

/// An invented NHS number (999 …) with its check digit; the next one where there is none.
fn number(round: u32) -> String {
    (0..)
        .map(|more| 999_100_000 + round * 20 + more)
        .find_map(|nine: u32| {
            let digits = nine.to_string();
            let sum: u32 = digits
                .bytes()
                .zip((2..=10).rev())
                .map(|(digit, weight)| u32::from(digit - b'0') * weight)
                .sum();
            match 11 - sum % 11 {
                10 => None,
                check => Some(format!("{digits}{}", check % 11)),
            }
        })
        .expect("there are many")
}
