//! What Kith counts of itself, as Prometheus reads it (OpenMetrics). Labels are words of the directory, of the URL table and of closed
//! lists: never anything out of a message, an address or a token.

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// An answered request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Request {
    /// `GET`, `POST`, …; `other` for what no door takes.
    pub method: String,
    /// As in the URL table, with its placeholders.
    pub route: String,
    /// HTTP status.
    pub status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempt {
    recipient: String,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Recipient {
    recipient: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Telling {
    partner: String,
    way: String,
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Part {
    part: String,
}

/// What lies in the outbox for one recipient, as it is shown when the numbers are asked for.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    /// How many wait.
    pub waiting: u64,
    /// How many are on their way.
    pub under_way: u64,
    /// How many dead letters there are.
    pub failed: u64,
    /// For how long the oldest that is not settled has been there, in seconds.
    pub oldest_seconds: f64,
    /// 0: deliveries go; 1: one finds out; 2: none goes, because the recipient is in trouble.
    pub circuit: u8,
    /// Whether an operator parked it.
    pub parked: bool,
    /// How many messages its people have to have read, and nobody did for longer than `alerts.unread_hours`.
    pub unread: u64,
}

/// All numbers.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_seconds: Family<Route, Histogram>,
    accepted: Family<Kind, Counter>,
    attempts: Family<Attempt, Counter>,
    delivery_seconds: Histogram,
    waiting: Family<Recipient, Gauge>,
    under_way: Family<Recipient, Gauge>,
    failed: Family<Recipient, Gauge>,
    oldest: Family<Recipient, Gauge<f64, std::sync::atomic::AtomicU64>>,
    circuit: Family<Recipient, Gauge>,
    parked: Family<Recipient, Gauge>,
    unread: Family<Recipient, Gauge>,
    alerts: Family<Telling, Counter>,
    journal: Gauge,
    unsigned: Gauge,
    up: Family<Part, Gauge>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let from_a_millisecond = || Histogram::new(exponential_buckets(0.001, 2.0, 16));
        let mut all = Self {
            registry: Registry::with_prefix("kith"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(from_a_millisecond),
            accepted: Family::default(),
            attempts: Family::default(),
            // From five milliseconds to about three days.
            delivery_seconds: Histogram::new(exponential_buckets(0.005, 3.0, 17)),
            waiting: Family::default(),
            under_way: Family::default(),
            failed: Family::default(),
            oldest: Family::default(),
            circuit: Family::default(),
            parked: Family::default(),
            unread: Family::default(),
            alerts: Family::default(),
            journal: Gauge::default(),
            unsigned: Gauge::default(),
            up: Family::default(),
        };
        all.register();
        all
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("requests", "Requests answered", self.requests.clone());
        let (name, help) = ("request_duration", "How long requests took");
        registry.register_with_unit(name, help, Unit::Seconds, self.request_seconds.clone());
        registry.register("messages_accepted", "Messages accepted, by record kind", self.accepted.clone());
        let help = "Attempts to deliver: delivered, retrying, failed (a dead letter) or withdrawn";
        registry.register("delivery_attempts", help, self.attempts.clone());
        let help = "From acceptance until the recipient took it";
        registry.register_with_unit("delivery_duration", help, Unit::Seconds, self.delivery_seconds.clone());
        registry.register("outbox_waiting", "Deliveries that wait", self.waiting.clone());
        registry.register("outbox_under_way", "Deliveries on their way", self.under_way.clone());
        registry.register("dead_letters", "Deliveries that were refused or given up", self.failed.clone());
        let help = "For how long the oldest delivery that is not settled has been there";
        registry.register_with_unit("outbox_oldest", help, Unit::Seconds, self.oldest.clone());
        let help = "0: deliveries go; 1: one finds out; 2: the recipient is in trouble and left alone";
        registry.register("circuit", help, self.circuit.clone());
        registry.register("parked", "1: an operator parked the recipient", self.parked.clone());
        let help = "Messages that a person at the recipient has to have read, and nobody did for longer than alerts.unread_hours";
        registry.register("unread", help, self.unread.clone());
        let help = "Letters to the persons whom a partner names about what is unread: told or failed";
        registry.register("alerts", help, self.alerts.clone());
        registry.register("journal_entries", "Entries of the journal", self.journal.clone());
        let help = "Entries that no signed head covers yet";
        registry.register("journal_unsigned_entries", help, self.unsigned.clone());
        registry.register("up", "1: the part can be used", self.up.clone());
    }

    /// A request was answered.
    pub fn answered(&self, request: Request, seconds: f64) {
        let route = Route { route: request.route.clone() };
        self.request_seconds.get_or_create(&route).observe(seconds);
        self.requests.get_or_create(&request).inc();
    }

    /// A message was accepted.
    pub fn accepted(&self, kind: &str) {
        self.accepted.get_or_create(&Kind { kind: kind.to_owned() }).inc();
    }

    /// An attempt ended; `seconds` since acceptance, where the recipient took it.
    pub fn attempted(&self, recipient: &str, outcome: &str, seconds: Option<f64>) {
        let labels = Attempt { recipient: recipient.to_owned(), outcome: outcome.to_owned() };
        self.attempts.get_or_create(&labels).inc();
        if let Some(seconds) = seconds {
            self.delivery_seconds.observe(seconds);
        }
    }

    /// What lies in the outbox for a recipient now.
    pub fn queue(&self, recipient: &str, queue: &Queue) {
        let labels = Recipient { recipient: recipient.to_owned() };
        self.waiting.get_or_create(&labels).set(signed(queue.waiting));
        self.under_way.get_or_create(&labels).set(signed(queue.under_way));
        self.failed.get_or_create(&labels).set(signed(queue.failed));
        self.oldest.get_or_create(&labels).set(queue.oldest_seconds);
        self.circuit.get_or_create(&labels).set(queue.circuit.into());
        self.parked.get_or_create(&labels).set(queue.parked.into());
        self.unread.get_or_create(&labels).set(signed(queue.unread));
    }

    /// The persons whom a partner names were told of something unread, or could not be.
    pub fn alerted(&self, partner: &str, way: &str, arrived: bool) {
        let outcome = if arrived { "told" } else { "failed" }.to_owned();
        self.alerts
            .get_or_create(&Telling { partner: partner.to_owned(), way: way.to_owned(), outcome })
            .inc();
    }

    /// How long the journal is, and how much of it no signed head covers.
    pub fn journal(&self, entries: u64, unsigned: u64) {
        self.journal.set(signed(entries));
        self.unsigned.set(signed(unsigned));
    }

    /// Whether a part can be used.
    pub fn part(&self, part: &str, up: bool) {
        self.up.get_or_create(&Part { part: part.to_owned() }).set(up.into());
    }

    /// All numbers as text, in the form that Prometheus reads.
    ///
    /// # Errors
    /// Only when text cannot be written into memory.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
