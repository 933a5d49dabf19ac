//! Systems that send: as fast as they are answered, or at a rate; each message about a child of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::world::caller::HTTP;
use crate::world::tokens;

pub const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
pub const CHILD: &str = "9990000018";

/// Whom they call.
#[derive(Clone)]
pub struct Target {
    pub url: String,
    pub authorization: Arc<str>,
    /// What is sent, about a child that is put in its place.
    pub body: Arc<str>,
    pub content_type: &'static str,
}

impl Target {
    /// Kith's door for the 14-day check, with a token that holds for the whole measure.
    pub async fn kith(base: &str) -> Self {
        let authorization = tokens::authorization("health-visitor", "good").await.expect("a token");
        Self {
            url: format!("{base}/records/new-birth-visit"),
            authorization: authorization.into(),
            body: CHECK.into(),
            content_type: "application/json",
        }
    }

    /// Sends one message, until it is taken; not for ever, for what takes nothing is not measured.
    async fn takes(&self, id: Uuid) {
        let body = self.body.replace(CHILD, &next_child());
        let begun = Instant::now();
        loop {
            let request = HTTP.post(&self.url).header("authorization", &*self.authorization);
            let request =
                request.header("x-request-id", id.to_string()).header("content-type", self.content_type);
            let answer = request.body(body.clone()).send().await.expect("an answer");
            let status = answer.status();
            let text = answer.bytes().await.expect("a body");
            if status.is_success() {
                return;
            }
            let may_come_again = status == 503 || status == 429;
            assert!(
                may_come_again && begun.elapsed() < Duration::from_secs(60),
                "{status}: {}",
                String::from_utf8_lossy(&text)
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What was answered.
pub struct Answered {
    pub rate: f64,
    /// How long each answer took, shortest first.
    pub waits: Vec<Duration>,
}

/// What was sent at a rate.
pub struct Sent {
    /// When each message was sent.
    pub begun: HashMap<Uuid, Instant>,
    pub waits: Vec<Duration>,
}

/// So many call for so long, each again as soon as it is answered.
pub async fn calls(target: &Target, connections: usize, lasts: Duration) -> Answered {
    let started = Instant::now();
    until(target, connections, Arc::new(move || started.elapsed() < lasts)).await
}

/// So many messages by so many at once; answers how many a second were accepted.
pub async fn so_many(target: &Target, connections: usize, messages: usize) -> f64 {
    let begun = Arc::new(AtomicUsize::new(0));
    until(target, connections, Arc::new(move || begun.fetch_add(1, Ordering::Relaxed) < messages)).await.rate
}

async fn until(
    target: &Target,
    connections: usize,
    goes_on: Arc<dyn Fn() -> bool + Send + Sync>,
) -> Answered {
    let started = Instant::now();
    let sender = |_| {
        let (target, goes_on) = (target.clone(), Arc::clone(&goes_on));
        tokio::spawn(async move {
            let mut waits = Vec::new();
            while goes_on() {
                let before = Instant::now();
                target.takes(Uuid::new_v4()).await;
                waits.push(before.elapsed());
            }
            waits
        })
    };
    let senders: Vec<_> = (0..connections).map(sender).collect();
    let mut waits = Vec::new();
    for sender in senders {
        waits.extend(sender.await.expect("it ends"));
    }
    let rate = waits.len() as f64 / started.elapsed().as_secs_f64();
    waits.sort();
    Answered { rate, waits }
}

/// Messages at a steady rate, whether those before were answered or not.
pub async fn at_rate(target: &Target, rate: f64, lasts: Duration) -> Sent {
    let (started, mut sending) = (Instant::now(), Vec::new());
    let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / rate.max(1.0)));
    while started.elapsed() < lasts {
        ticks.tick().await;
        let target = target.clone();
        sending.push(tokio::spawn(async move {
            let (id, before) = (Uuid::new_v4(), Instant::now());
            target.takes(id).await;
            (id, before, before.elapsed())
        }));
    }
    let (mut begun, mut waits) = (HashMap::new(), Vec::new());
    for one in sending {
        let (id, before, wait) = one.await.expect("it ends");
        begun.insert(id, before);
        waits.push(wait);
    }
    Sent { begun, waits }
}

/// The time within which so many of a hundred were done, of times in order.
pub fn percentile(times: &[Duration], percent: usize) -> Duration {
    times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

/// The NHS number of a child nobody spoke of before, from those that are never given to anybody (999…).
pub fn next_child() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let first = 999_000_000 + NEXT.fetch_add(1, Ordering::Relaxed) % 1_000_000;
        let digits = first.to_string();
        let sum: u32 = digits
            .chars()
            .zip((2..=10).rev())
            .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
            .sum();
        match 11 - sum % 11 {
            10 => {}
            check => return format!("{first}{}", check % 11),
        }
    }
}
