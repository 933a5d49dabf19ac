//! The built program between its partners, and what can be seen of it from outside.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use kith::domain::Private;
use kith::store::Address;
use sqlx::{AnyConnection, Connection, Row};
use uuid::Uuid;

use crate::floor::Bytes;
use crate::world::load::{Program, RECIPIENTS, free_port, is_live};
use crate::world::{Manner, Tweaks, World, until};

/// Kith as it is run.
pub struct Gateway {
    pub base: String,
    pub world: World,
    /// Where it keeps what it keeps.
    pub address: Address,
    program: Option<Program>,
}

impl Gateway {
    /// It starts on an empty store, with recipients of this manner.
    pub async fn starts(manner: Manner) -> Self {
        let mut gateway = Self::stands(manner).await;
        gateway.runs().await;
        gateway
    }

    /// All is there, with an empty store, but the program does not run yet.
    pub async fn stands(manner: Manner) -> Self {
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}");
        let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
        let world = World::without_gateway(&tweaks).await;
        world.partners().for_each(|partner| partner.behaves(manner.clone()));
        let address = match &world.folder.database {
            Some(url) => Address::Server(Private::new(url.clone())),
            None => Address::File(world.folder.store()),
        };
        Self { base, world, address, program: None }
    }

    /// The program runs; how long it took until it answered.
    pub async fn runs(&mut self) -> Duration {
        let started = Instant::now();
        self.program = Some(Program::start(&self.world.folder));
        until("the program answers", || is_live(&self.base)).await;
        started.elapsed()
    }

    /// The program is killed, which it has to bear.
    pub fn is_killed(&mut self) {
        self.program = None;
    }

    pub fn engine(&self) -> &'static str {
        match self.address {
            Address::File(_) => "SQLite",
            Address::Server(_) => "PostgreSQL",
        }
    }

    pub fn memory_mb(&self) -> u64 {
        self.program.as_ref().map_or(0, Program::resident_kb) / 1024
    }

    /// How long the program has worked.
    pub fn worked(&self) -> Duration {
        self.program.as_ref().map(Program::worked).unwrap_or_default()
    }

    async fn connection(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let url = match &self.address {
            Address::File(path) => format!("sqlite://{}?mode=ro", path.display()),
            Address::Server(url) => url.reveal().clone(),
        };
        AnyConnection::connect(&url).await.expect("its store")
    }

    /// How large a message is in the store: the average of those that are there.
    pub async fn bytes_of_a_message(&self) -> Bytes {
        let mut connection = self.connection().await;
        let mut number = async |what: &str| {
            let sql = sqlx::AssertSqlSafe(format!("SELECT CAST({what} AS BIGINT) AS n"));
            let row = sqlx::query(sql).fetch_one(&mut connection).await.expect("a number");
            usize::try_from(row.get::<i64, _>("n")).expect("a length")
        };
        let answer = number("(SELECT avg(length(body)) FROM message)").await;
        let payload = number("(SELECT avg(length(payload)) FROM delivery WHERE payload IS NOT NULL)").await;
        let per_message =
            "(SELECT count(*) FROM delivery WHERE payload IS NOT NULL) / (SELECT count(*) FROM message)";
        let deliveries = number(per_message).await;
        let entries =
            number("(SELECT sum(length(text)) FROM journal) / (SELECT count(*) FROM message)").await;
        Bytes { answer, payload, deliveries, entry: "x".repeat(entries) }
    }

    /// How many deliveries are not settled yet.
    pub async fn waiting(&self) -> u64 {
        let sql = "SELECT count(*) AS n FROM delivery WHERE state IN ('requested', 'in-progress')";
        let row = sqlx::query(sql).fetch_one(&mut self.connection().await).await.expect("a number");
        u64::try_from(row.get::<i64, _>("n")).expect("a number")
    }

    /// Waits until each recipient was told of so many messages; the slower the longer, but not in vain.
    pub async fn all_is_delivered(&self, messages: usize) {
        let (mut seen, mut moved) = (0, Instant::now());
        loop {
            let counts = RECIPIENTS.map(|partner| self.world.partner(partner).noted_count());
            if counts.iter().all(|count| *count >= messages) {
                return;
            }
            if counts.iter().sum::<usize>() > seen {
                (seen, moved) = (counts.iter().sum(), Instant::now());
            }
            assert!(
                moved.elapsed() < Duration::from_secs(90),
                "nothing more is delivered: {counts:?} of {messages}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How long these messages took from the moment they were sent, to each of their recipients.
    pub async fn times_to_recipients(&self, begun: &HashMap<Uuid, Instant>) -> Vec<Duration> {
        self.all_is_delivered(begun.len()).await;
        let mut took = Vec::new();
        for recipient in RECIPIENTS {
            let arrived = self.world.partner(recipient).noted();
            let name = format!("health-visiting/{recipient}");
            took.extend(begun.iter().map(|(id, at)| {
                let delivery = Uuid::new_v5(id, name.as_bytes()).to_string();
                arrived[&delivery].duration_since(*at)
            }));
        }
        took
    }
}
