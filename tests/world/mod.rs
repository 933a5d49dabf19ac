//! A world to test Kith in: a real OpenID provider, the gateway as `main` builds it, and partners that really receive.
//!
//! Everything runs on loopback, on free ports, in a folder of the test's own. Waiting is for something that must happen,
//! with a bound, and never for a time to pass.
#![allow(dead_code)] // Each test file uses the part that it needs.

pub mod always;
pub mod answer;
pub mod authority;
pub mod caller;
pub mod cast;
pub mod collector;
pub mod database;
pub mod delivered;
pub mod expect;
pub mod folder;
pub mod hook;
pub mod journey;
pub mod like;
pub mod load;
pub mod mail;
pub mod op;
pub mod partner;
pub mod person;
pub mod receipts;
pub mod tokens;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use kith::config::Config;
use kith::pipeline::House;
use kith::server::Server;
use kith::store::{State, TaskQuery, verify_journal};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

pub use answer::Answer;
pub use caller::Caller;
pub use folder::{Folder, Tweaks};
pub use partner::{FakePartner, Manner};

/// One runtime for all tests of a program: connections that they share must not end with the test that opened them.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// How long anything is waited for: long enough for a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(180);

/// Tells a story to its end.
pub fn run<F: Future>(story: F) -> F::Output {
    RUNTIME.block_on(story)
}

/// Asks again and again until there is an answer; `what` says what did not happen.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let attempt = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, attempt).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// The gateway while it runs.
struct Gateway {
    base: String,
    house: Arc<House>,
    handle: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
}

/// Kith and everybody around it.
pub struct World {
    pub folder: Folder,
    partners: BTreeMap<&'static str, FakePartner>,
    gateway: Option<Gateway>,
}

impl World {
    /// Everybody is there and well.
    pub async fn start() -> Self {
        Self::start_with(&Tweaks::default()).await
    }

    /// The same with other settings.
    pub async fn start_with(tweaks: &Tweaks) -> Self {
        let mut world = Self::without_gateway(tweaks).await;
        world.opens().await;
        world
    }

    /// Everybody but the gateway is there; its folder is ready.
    pub async fn without_gateway(tweaks: &Tweaks) -> Self {
        kith::tls::install_crypto();
        let mut partners = BTreeMap::new();
        for member in cast::CAST.iter().filter(|member| member.form.is_some()) {
            partners.insert(member.id, FakePartner::open(member).await);
        }
        let folder = Folder::write(&partners, tweaks, database::schema().await.as_deref());
        Self { folder, partners, gateway: None }
    }

    /// The gateway starts, on the folder and the store that are there.
    pub async fn opens(&mut self) {
        let config = Config::read(&self.folder.path).expect("a good configuration");
        let server = Server::build(&config).await.expect("a gateway");
        let base = format!("http://{}", server.addresses()[0]);
        let (house, handle) = (server.house(), server.handle());
        let running = tokio::spawn(server.run());
        self.gateway = Some(Gateway { base, house, handle, running });
    }

    /// The gateway stops as it does when it is told to.
    pub async fn closes(&mut self) {
        let gateway = self.gateway.take().expect("it runs");
        gateway.handle.stop(true).await;
        gateway.running.await.expect("it ends").expect("it ends well");
    }

    fn gateway(&self) -> &Gateway {
        self.gateway.as_ref().expect("it runs")
    }

    /// The address of the gateway.
    pub fn base(&self) -> &str {
        &self.gateway().base
    }

    /// What messages are judged by.
    pub fn house(&self) -> &Arc<House> {
        &self.gateway().house
    }

    pub fn health_visitor(&self) -> Caller<'_> {
        Caller::of(self, "health-visitor")
    }

    pub fn gp(&self) -> Caller<'_> {
        Caller::of(self, "gp")
    }

    pub fn other_gp(&self) -> Caller<'_> {
        Caller::of(self, "other-gp")
    }

    pub fn governance(&self) -> Caller<'_> {
        Caller::of(self, "governance")
    }

    pub fn centre(&self) -> &FakePartner {
        self.partner("north-centre")
    }

    pub fn aldermere_centre(&self) -> &FakePartner {
        self.partner("aldermere-centre")
    }

    pub fn school_nurse(&self) -> &FakePartner {
        self.partner("school-nursing")
    }

    pub fn health_visiting(&self) -> &FakePartner {
        self.partner("health-visiting")
    }

    pub fn surgery(&self) -> &FakePartner {
        self.partner("weir-lane")
    }

    /// A partner by its name in the directory.
    pub fn partner(&self, id: &str) -> &FakePartner {
        self.partners.get(id).unwrap_or_else(|| panic!("there is no partner '{id}'"))
    }

    pub fn partners(&self) -> impl Iterator<Item = &FakePartner> {
        self.partners.values()
    }

    /// Waits until nothing waits to be delivered any more.
    pub async fn wait_until_all_settled(&self) {
        let query =
            TaskQuery { states: vec![State::Requested, State::InProgress], count: 1, ..TaskQuery::default() };
        until("every delivery is settled", || async {
            let (_, waiting) = self.house().store.tasks(&query).await.expect("the store answers");
            let waiting = waiting.at_least();
            (waiting == 0).then_some(())
        })
        .await;
    }

    /// Waits until the journal holds an entry like this after the first so many.
    pub async fn wait_until_journal_says(&self, after: usize, entry: &Value) {
        until(&format!("the journal says {entry}"), || async {
            let like = |got: &Value| like::difference(entry, got, like::Strictness::Subset, "").is_none();
            self.journal().await.iter().skip(after).any(like).then_some(())
        })
        .await;
    }

    /// Every entry of the journal, oldest first; the chain holds, or the test ends here.
    pub async fn journal(&self) -> Vec<Value> {
        let store = &self.house().store;
        verify_journal(store.as_ref()).await.expect("the store answers").expect("the chain holds");
        let entries = store.journal(1, u32::MAX).await.expect("the store answers");
        entries.iter().map(|(_, text, _)| serde_json::from_str(text).expect("an entry is JSON")).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(gateway) = &self.gateway {
            // The command is sent at once; nobody has to wait for the end.
            drop(gateway.handle.stop(false));
        }
    }
}
