//! Tests of the SQLite engine: a store in a folder of its own, and the things that tests put into it.

mod accepting;
mod concurrency;
mod consents;
mod group;
mod journalling;
mod migrating;
mod numbers;
mod opening;
mod order;
mod plans;
mod recalling;
mod receipts;
mod replicas;
mod retention;
mod settling;
mod simulated;
mod unread;
mod withdrawing;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use sqlx::Connection as _;

use super::SqlStore;
use super::said::Engine;
use crate::domain::{ChildKey, PartnerId, Private};
use crate::journal::{Entry, Event};
use crate::store::{
    Acceptance, Address, Answered, ConsentChange, Delivery, FirstAnswer, Parcel, Recalled, Sealed,
    Settlement, State, Store, StoredConsent, Told, verify_journal,
};

/// A store, and the folder that goes when the test ends.
struct World {
    store: SqlStore,
    address: Address,
    folder: PathBuf,
}

#[allow(clippy::disallowed_methods)] // A test has no configuration.
fn server() -> Option<String> {
    std::env::var("KITH_TEST_POSTGRES").ok()
}

/// An empty schema in a database; the address under which it is all there is.
async fn schema(url: &str) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("kith_{}", Uuid::new_v4().simple());
    let mut connection = sqlx::AnyConnection::connect(url).await.unwrap();
    let sql = format!("CREATE SCHEMA {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{name}")
}

impl World {
    /// In the engine that is tested: a file, or a schema of its own in the database that KITH_TEST_POSTGRES names.
    async fn new() -> Self {
        match server() {
            Some(url) => Self::at(Address::Server(Private::new(schema(&url).await))).await,
            None => Self::in_a_file().await,
        }
    }

    /// In a file, whatever is tested: for what only SQLite has.
    async fn in_a_file() -> Self {
        Self::at(Address::File(PathBuf::new())).await
    }

    async fn at(mut address: Address) -> Self {
        let folder = std::env::temp_dir().join(format!("kith-store-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        if let Address::File(path) = &mut address {
            *path = folder.join("kith.db");
        }
        let store = SqlStore::open_at(&address).await.unwrap();
        Self { store, address, folder }
    }

    /// The same store, opened once more as another process would.
    async fn again(&self) -> SqlStore {
        SqlStore::open_at(&self.address).await.unwrap()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("kith.db")
    }

    /// From now on a table takes no such change.
    async fn breaks(&self, table: &str, change: &str) {
        let action = match self.store.engine {
            Engine::Sqlite => "BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            Engine::Postgres => "FOR EACH ROW EXECUTE FUNCTION kith_refuses('disk full')",
        };
        self.says(format!("CREATE TRIGGER a_full BEFORE {change} ON {table} {action}")).await.unwrap();
    }

    /// It takes them again.
    async fn mends(&self, table: &str) {
        self.drops("a_full", table).await;
    }

    /// Takes a trigger away.
    async fn drops(&self, trigger: &str, table: &str) {
        let of = if self.store.engine == Engine::Postgres { format!(" ON {table}") } else { String::new() };
        self.says(format!("DROP TRIGGER {trigger}{of}")).await.unwrap();
    }

    async fn says(&self, sql: String) -> Result<(), sqlx::Error> {
        let mut connection = self.store.writer.as_ref().unwrap().pool.acquire().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *connection).await.map(drop)
    }

    /// Accepts one message about a child for one recipient; gives the delivery's id.
    async fn sends(&self, child: &str, recipient: &str) -> Uuid {
        let acceptance = message(child, &[recipient]);
        self.store.accept(&acceptance).await.unwrap();
        acceptance.deliveries[0].id
    }

    /// The id of what a recipient can claim at a minute.
    async fn claims(&self, recipient: &str, minute: i64) -> Option<Uuid> {
        let claimed = self.store.claim(&partner(recipient), at(minute), at(minute + 1)).await.unwrap();
        claimed.map(|delivery| delivery.id)
    }

    async fn settles(&self, id: Uuid, state: State, minute: i64) {
        self.store.settle(&settlement(id, state, minute)).await.unwrap();
    }

    async fn state(&self, id: Uuid) -> State {
        self.store.task(id).await.unwrap().unwrap().state
    }

    async fn next_due(&self, recipient: &str) -> Option<DateTime<Utc>> {
        self.store.next_due(&partner(recipient)).await.unwrap()
    }

    /// How many entries the journal has; the chain must hold.
    async fn entries(&self) -> u64 {
        verify_journal(&self.store).await.unwrap().unwrap().count
    }

    /// Runs SQL behind the store's back.
    async fn tampers(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.says(sql.to_owned()).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A time: so many minutes into the test's day.
fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minute)
}

fn partner(name: &str) -> PartnerId {
    PartnerId(name.to_owned())
}

fn child(name: &str) -> ChildKey {
    ChildKey(name.to_owned())
}

fn entry(event: Event, about: &str, minute: i64) -> Entry {
    Entry::new(
        event,
        at(minute),
        child(about),
        partner("visitor"),
        Uuid::new_v4(),
        "new-birth-visit".to_owned(),
    )
}

fn delivery(message_id: Uuid, about: &str, recipient: &str) -> Delivery {
    Delivery {
        id: Uuid::new_v4(),
        message_id,
        sender: partner("visitor"),
        recipient: partner(recipient),
        concealed: false,
        child: child(about),
        kind: "new-birth-visit".to_owned(),
        state: State::Requested,
        payload: Some(parcel()),
        note: "shared with the parents' consent".to_owned(),
        items: vec!["identity/name".to_owned(), "birth".to_owned()],
        holds: vec![],
        weighed: "{}".to_owned(),
        ground: Some("consent".to_owned()),
        attempts: 0,
        acknowledged: None,
        alerted: None,
        due: at(0),
        created: at(0),
        updated: at(0),
    }
}

fn parcel() -> Parcel {
    Parcel { key: Some(Sealed(vec![4, 5])), contents: Sealed(vec![1, 2, 3]) }
}

/// A message at minute 0, with one delivery for each recipient and one entry.
fn message(about: &str, recipients: &[&str]) -> Acceptance {
    let message_id = Uuid::new_v4();
    Acceptance {
        sender: partner("visitor"),
        message_id,
        at: at(0),
        child: child(about),
        kind: "new-birth-visit".to_owned(),
        answer: FirstAnswer {
            body_hash: "hash of the body".to_owned(),
            status: 202,
            headers: vec![("Location".to_owned(), "/fhir/Task?group-identifier=1".to_owned())],
            body: Sealed(vec![9, 9]),
        },
        deliveries: recipients.iter().map(|recipient| delivery(message_id, about, recipient)).collect(),
        consents: Vec::new(),
        flag: None,
        protections: Vec::new(),
        recalls: Vec::new(),
        circle: Vec::new(),
        births: Vec::new(),
        entries: vec![entry(Event::Accepted, about, 0)],
    }
}

/// What the centre was answered about Maja, at minute 1: something of these items.
fn answered(items: &[&str]) -> Answered {
    Answered {
        id: Uuid::new_v4(),
        question: Uuid::new_v4(),
        child: child("maja"),
        source: partner("visitor"),
        asker: partner("centre"),
        kind: "Observation".to_owned(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        weighed: "{}".to_owned(),
        at: at(1),
    }
}

/// What is asked back of a delivery of `delivery`: all of it.
fn whole(id: Uuid) -> Recalled {
    Recalled { id, held: vec!["identity/name".to_owned(), "birth".to_owned()], left: vec![] }
}

/// That its recipient holds these items, of which a limited consent said something.
fn told(items: &[&str]) -> Told {
    let holds = items.iter().map(|item| (*item).to_owned()).collect();
    Told { holds, weighed: r#"{"limits":{"birth":"all"}}"#.to_owned() }
}

fn settlement(id: Uuid, state: State, minute: i64) -> Settlement {
    Settlement {
        id,
        state,
        due: at(minute),
        note: None,
        at: at(minute),
        inbox: crate::store::Inboxed::Nothing,
        told: (state == State::Completed).then(|| told(&["identity/name", "birth"])),
        entry: entry(Event::Delivered, "c", minute),
    }
}

fn consent(id: &str, version: u32, status: &str) -> ConsentChange {
    ConsentChange {
        consent: StoredConsent {
            id: id.to_owned(),
            version,
            child: child("c"),
            author: partner("visitor"),
            status: status.to_owned(),
            scope: "mother, identity".to_owned(),
            resource: Sealed(vec![version as u8]),
            updated: at(i64::from(version)),
        },
        replaces: (version > 1).then(|| version - 1),
    }
}
