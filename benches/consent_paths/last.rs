//! Withdrawal to last release: messages about a child stream to a centre on a consent, through one Kith or through another on the same
//! database, while the consent is withdrawn; until when does anything more reach the centre?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::caller::Request;
use crate::world::load::{Program, free_port, is_live};
use crate::world::{Caller, Manner, World, until};
use crate::{CHECK, NHS, number, told};

const ROUNDS: u32 = 100;
/// Children of other numbers than those of the other measures.
const FIRST: u32 = 5_000;

/// The measure on this gateway alone; and on PostgreSQL with another beside it, which is sent everything.
pub async fn releases(world: &World) {
    world.centre().behaves(Manner::Note);
    let alone = rounds(world, world.base(), FIRST).await;
    told("withdrawn, to the last that reaches the centre: one Kith", alone);
    if world.folder.database.is_none() {
        println!(
            "withdrawal over two replicas: needs PostgreSQL (tests/postgres -- cargo bench --bench consent_paths)"
        );
        return;
    }
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let _other = Program::start_with(&world.folder, &[("KITH__SERVER__BIND", format!("127.0.0.1:{port}"))]);
    until("the other Kith answers", || is_live(&base)).await;
    let over_two = rounds(world, &base, FIRST + ROUNDS).await;
    told("the same, withdrawn at one Kith and sent to another", over_two);
}

async fn rounds(world: &World, sent_to: &str, first: u32) -> Vec<Duration> {
    let mut took = Vec::new();
    for round in first..first + ROUNDS {
        took.push(one(world, sent_to, &number(round)).await);
    }
    took
}

/// How long after the withdrawal was sent something still came; nothing where nothing did.
async fn one(world: &World, sent_to: &str, number: &str) -> Duration {
    let mut check: Value = serde_json::from_str(CHECK).expect("an example");
    check["child"]["nhsNumber"] = json!(number);
    world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
    let asked = format!("/fhir/Consent?patient:identifier={NHS}%7C{number}");
    let found = world.health_visitor().gets(&asked).await.expect(200).json();
    let mut consent = found["entry"][0]["resource"].clone();
    assert_eq!(found["total"], 1, "{found}");
    consent["status"] = json!("inactive");
    // What follows says nothing of consents: it is told on the one on file.
    check.as_object_mut().expect("a record").remove("permission");
    let ends = Arc::new(AtomicBool::new(false));
    let (base, is_over) = (sent_to.to_owned(), Arc::clone(&ends));
    let stream = tokio::spawn(async move {
        let visitor = Caller::at(&base, "health-visitor");
        let mut sent = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            let id = Uuid::new_v4();
            visitor.sends_as("new-birth-visit", &check, id).await.expect(202);
            sent.push(Uuid::new_v5(&id, b"health-visiting/north-centre").to_string());
        }
        sent
    });
    // The check that brought the consent, and some of what followed.
    until("the centre is told", || async { (world.centre().noted_count() > 3).then_some(()) }).await;
    let path = format!("/fhir/Consent/{}", consent["id"].as_str().expect("an id"));
    let request = Request::new("PUT", &path)
        .json(&consent)
        .with("content-type", "application/fhir+json")
        .with("if-match", "W/\"1\"");
    let begun = Instant::now();
    world.health_visitor().asks(request).await.expect(200);
    // Whatever would still come has come by then.
    tokio::time::sleep(Duration::from_millis(200)).await;
    ends.store(true, Ordering::Relaxed);
    let sent = stream.await.expect("it ends");
    world.wait_until_all_settled().await;
    let arrived = world.centre().noted();
    let came: Vec<Instant> = sent.iter().filter_map(|id| arrived.get(id)).copied().collect();
    assert!(!came.is_empty(), "nothing was told on the consent while it held: {} sent", sent.len());
    came.into_iter().max().map_or(Duration::ZERO, |last| last.saturating_duration_since(begun))
}
