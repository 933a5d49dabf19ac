//! How many messages a second are accepted durably, with 1, 10 and 100 senders at once, beside the bare rate at which the same engine commits
//! the same bytes on the same disk with as many in one transaction. `cargo bench --bench store`; KITH_BENCH_DIR says on which disk;
//! KITH_TEST_POSTGRES names a database of the other engine.

#[allow(dead_code, reason = "each measure uses the part that it needs")]
mod floor;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kith::domain::{ChildKey, PartnerId, Private};
use kith::journal::{Entry, Event};
use kith::store::sql::SqlStore;
use kith::store::{Acceptance, Address, Delivery, FirstAnswer, Parcel, Sealed, State, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use uuid::Uuid;

/// As large as a sealed 14-day check, in bytes.
const PAYLOAD: usize = 3_000;
/// How many bytes the sealed key of a payload has.
const KEY: usize = 61;
/// As large as the answer to its sender.
const ANSWER: usize = 1_500;

fn entry(child: &ChildKey, message_id: Uuid) -> Entry {
    let note =
        "it may be shared, because a person with parental responsibility agreed to it; and so on ".repeat(8);
    let sender = PartnerId("health-visiting".to_owned());
    let entry =
        Entry::new(Event::Accepted, kith::clock::now(), child.clone(), sender, message_id, "new-birth-visit");
    Entry { note: Some(note), ..entry }
}

/// A message for one recipient.
fn message() -> Acceptance {
    let (message_id, now) = (Uuid::new_v4(), kith::clock::now());
    let child = ChildKey(Uuid::new_v4().to_string());
    let sender = PartnerId("health-visiting".to_owned());
    let delivery = Delivery {
        id: Uuid::new_v4(),
        message_id,
        sender: sender.clone(),
        recipient: PartnerId("north-centre".to_owned()),
        concealed: false,
        child: child.clone(),
        kind: "new-birth-visit".to_owned(),
        state: State::Requested,
        payload: Some(Parcel { key: Some(Sealed(vec![7; KEY])), contents: Sealed(vec![7; PAYLOAD]) }),
        note: "shared".to_owned(),
        items: vec!["identity/name".to_owned()],
        holds: vec![],
        weighed: "{}".to_owned(),
        ground: Some("consent".to_owned()),
        attempts: 0,
        acknowledged: None,
        alerted: None,
        due: now,
        created: now,
        updated: now,
    };
    Acceptance {
        sender,
        message_id,
        at: now,
        kind: "new-birth-visit".to_owned(),
        answer: FirstAnswer {
            body_hash: "hash".to_owned(),
            status: 202,
            headers: vec![],
            body: Sealed(vec![7; ANSWER]),
        },
        deliveries: vec![delivery],
        consents: vec![],
        flag: None,
        protections: vec![],
        recalls: vec![],
        circle: vec![],
        births: vec![],
        entries: vec![entry(&child, message_id)],
        child,
    }
}

/// Messages a second, and how long the slowest hundredth waited at least.
async fn accepts(store: &Arc<SqlStore>, senders: usize, lasts: Duration) -> (f64, Duration) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..senders)
        .map(|_| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let mut waits = Vec::new();
                while started.elapsed() < lasts {
                    let given = message();
                    let before = Instant::now();
                    store.accept(&given).await.expect("it is accepted");
                    waits.push(before.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.expect("it ends"));
    }
    let rate = waits.len() as f64 / started.elapsed().as_secs_f64();
    waits.sort();
    (rate, waits[waits.len() * 99 / 100])
}

/// An empty schema of a database.
async fn schema(url: &str) -> Address {
    let name = format!("kith_{}", Uuid::new_v4().simple());
    let mut connection =
        AnyConnection::connect(url).await.expect("the database that KITH_TEST_POSTGRES names");
    let sql = AssertSqlSafe(format!("CREATE SCHEMA {name}"));
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("a schema");
    Address::Server(Private::new(format!("{url}?options=-csearch_path%3D{name}")))
}

#[allow(clippy::disallowed_methods, reason = "a measure is told its disk from outside")]
#[tokio::main]
async fn main() {
    // As a test it only has to work.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let lasts = Duration::from_millis(if measures { 5_000 } else { 100 });
    let base = std::env::var_os("KITH_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = base.join(format!("kith-bench-{}", Uuid::new_v4()));
    std::fs::create_dir_all(&folder).expect("a folder");
    println!(
        "engine      senders  accepted/s  99 % within  bare commits of the same bytes/s, as many together  ratio"
    );
    sqlx::any::install_default_drivers();
    let server = std::env::var("KITH_TEST_POSTGRES").ok();
    for (engine, senders) in
        [1, 10, 100].into_iter().flat_map(|senders| [("SQLite", senders), ("PostgreSQL", senders)])
    {
        let address = match (engine, &server) {
            ("SQLite", _) => Address::File(folder.join(format!("kith-{senders}.db"))),
            (_, Some(url)) => schema(url).await,
            (_, None) => continue,
        };
        let store = Arc::new(SqlStore::open_at(&address).await.expect("a store"));
        let (rate, slow) = accepts(&store, senders, lasts).await;
        let entry = serde_json::to_string(&entry(&ChildKey(String::new()), Uuid::new_v4())).expect("JSON");
        let bytes = floor::Bytes { answer: ANSWER, payload: PAYLOAD, deliveries: 1, entry };
        let bare = floor::commits(&address, senders, &bytes, lasts).await;
        println!(
            "{engine:<10}  {senders:>7}  {rate:>10.0}  {slow:>11.1?}  {bare:>54.0}  {:>5.2}",
            rate / bare
        );
    }
    let _ = std::fs::remove_dir_all(&folder);
}
