//! The whole journey over HTTP, through the built program: how many messages a second are accepted durably, how long one takes to its
//! recipients at half of what can be carried, and what a long queue costs. `benches/journey/run` measures both engines.
//!
//! KITH_TEST_POSTGRES names a database of the other engine; KITH_BENCH_QUEUE how long a queue is tried (10,000); KITH_BENCH_FILL how long one
//! that is not sent but put there (nothing else is measured then); KITH_BENCH_MINUTES how long the load at half of what can be carried lasts (one third of a minute); KITH_BENCH_HFS the program of Helios FHIR Server, to be
//! measured too.

#[path = "floor/mod.rs"]
mod floor;
#[path = "journey/filler.rs"]
mod filler;
#[path = "journey/gateway.rs"]
mod gateway;
#[path = "journey/hfs.rs"]
mod hfs;
#[path = "journey/proxy.rs"]
mod proxy;
#[path = "journey/sender.rs"]
mod sender;
#[path = "../tests/world/mod.rs"]
mod world;

use std::time::{Duration, Instant};

use gateway::Gateway;
use sender::{Target, percentile};
use world::Manner;

/// How many call at once.
const CONNECTIONS: [usize; 3] = [1, 10, 100];

/// What is asked for from outside.
struct Wanted {
    /// Whether anything is measured; as a test it only has to work.
    measures: bool,
    queue: usize,
    /// How long a queue is put there, instead of all else.
    fill: Option<usize>,
    half_load: Duration,
}

#[allow(clippy::disallowed_methods, reason = "a measure is told from outside how much it shall do")]
fn wanted() -> Wanted {
    let measures = std::env::args().any(|argument| argument == "--bench");
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let half_load = number("KITH_BENCH_MINUTES").map_or(20, |minutes| 60 * minutes as u64);
    if measures {
        Wanted {
            measures,
            queue: number("KITH_BENCH_QUEUE").unwrap_or(10_000),
            fill: number("KITH_BENCH_FILL"),
            half_load: Duration::from_secs(half_load),
        }
    } else {
        Wanted { measures, queue: 50, fill: None, half_load: Duration::from_millis(500) }
    }
}

fn main() {
    let wanted = wanted();
    world::run(async {
        if let Some(messages) = wanted.fill {
            return filled(messages).await;
        }
        let carried = accepting(&wanted).await;
        half_load(&wanted, carried / 2.0).await;
        queued(&wanted).await;
    });
}

/// Messages that are accepted while recipients keep Kith waiting; beside bare commits, and beside a proxy that keeps nothing. Answers how
/// many a second are accepted and delivered when recipients take them.
async fn accepting(wanted: &Wanted) -> f64 {
    let lasts = Duration::from_millis(if wanted.measures { 8_000 } else { 300 });
    let gateway = Gateway::starts(Manner::Hold).await;
    println!("{}: accepted durably, with recipients that keep it waiting", gateway.engine());
    println!("  99 of 100 waits for the disk: {:.2?}", floor::fdatasync(&gateway.world.folder.path));
    println!(
        "  connections  accepted/s  p50        p99        bare commits of the same bytes/s, as many together  ratio  processor time each"
    );
    let kith = Target::kith(&gateway.base).await;
    sender::calls(&kith, 4, lasts / 4).await;
    let bytes = gateway.bytes_of_a_message().await;
    for connections in CONNECTIONS {
        let before = gateway.worked();
        let answered = sender::calls(&kith, connections, lasts).await;
        let each = (gateway.worked() - before) / u32::try_from(answered.waits.len()).unwrap_or(u32::MAX);
        let bare = floor::commits(&gateway.address, connections, &bytes, lasts / 2).await;
        let (p50, p99) = (percentile(&answered.waits, 50), percentile(&answered.waits, 99));
        let ratio = answered.rate / bare;
        println!(
            "  {connections:>11}  {:>10.0}  {p50:<9.1?}  {p99:<9.1?}  {bare:>51.0}  {ratio:>5.2}  {each:>9.1?}",
            answered.rate
        );
    }
    others(&gateway, &kith, lasts / 4).await;
    drop(gateway);

    let gateway = Gateway::starts(Manner::Note).await;
    let kith = Target::kith(&gateway.base).await;
    let started = Instant::now();
    let answered = sender::calls(&kith, 10, lasts).await;
    gateway.all_is_delivered(answered.waits.len()).await;
    let carried = answered.waits.len() as f64 / started.elapsed().as_secs_f64();
    println!(
        "{}: accepted and delivered to two recipients, 10 connections: {carried:.0} messages/s",
        gateway.engine()
    );
    carried
}

/// What somebody could run instead, asked by the same senders.
async fn others(gateway: &Gateway, kith: &Target, lasts: Duration) {
    if let Some(proxy) = proxy::Proxy::starts(&gateway.world, &gateway.world.centre().url()) {
        println!(
            "nginx as a bare proxy to one of these recipients: keeps nothing, looks at nothing, decides nothing"
        );
        gateway.world.centre().behaves(Manner::Note);
        other(&Target { url: proxy.url(), ..kith.clone() }, lasts).await;
    }
    if let Some(hfs) = hfs::Hfs::starts(&gateway.world.folder.path).await {
        println!(
            "Helios FHIR Server on SQLite, each message one transaction: answers before it is on disk, asks for no token, decides and delivers nothing"
        );
        other(&hfs.target(), lasts).await;
    }
}

async fn other(target: &Target, lasts: Duration) {
    for connections in CONNECTIONS {
        let answered = sender::calls(target, connections, lasts).await;
        let (p50, p99) = (percentile(&answered.waits, 50), percentile(&answered.waits, 99));
        println!("  {connections:>11}  {:>10.0}  {p50:<9.1?}  {p99:<9.1?}", answered.rate);
    }
}

/// How long a message takes from its sending to each of its recipients, when messages come at this rate; and what the program holds.
async fn half_load(wanted: &Wanted, rate: f64) {
    let gateway = Gateway::starts(Manner::Note).await;
    let kith = Target::kith(&gateway.base).await;
    let before = sender::calls(&kith, 4, wanted.half_load.min(Duration::from_secs(2))).await;
    gateway.all_is_delivered(before.waits.len()).await;
    gateway.world.partners().for_each(|partner| drop(partner.noted()));
    println!("{}: {rate:.0} messages/s, half of that, for {:.0?}", gateway.engine(), wanted.half_load);
    let mut took = Vec::new();
    let mut accepted = Vec::new();
    let parts = u32::try_from(wanted.half_load.as_secs() / 60).unwrap_or(1).max(1);
    for minute in 1..=parts {
        let sent = sender::at_rate(&kith, rate, wanted.half_load / parts).await;
        took.extend(gateway.times_to_recipients(&sent.begun).await);
        accepted.extend(sent.waits);
        if parts > 1 {
            println!("  after {minute} of {parts} min: {} MB resident", gateway.memory_mb());
        }
    }
    accepted.sort();
    took.sort();
    let line =
        |times: &[Duration]| format!("p50 {:.1?}, p99 {:.1?}", percentile(times, 50), percentile(times, 99));
    println!("  answered: {}; at a recipient: {}", line(&accepted), line(&took));
    println!("  {} MB resident in the end", gateway.memory_mb());
}

/// What a queue costs while recipients keep Kith waiting: memory, and the time to carry it off.
async fn queued(wanted: &Wanted) {
    let gateway = Gateway::starts(Manner::Hold).await;
    let kith = Target::kith(&gateway.base).await;
    println!("{}: a queue that grows, and is carried off", gateway.engine());
    println!("  messages  deliveries waiting  accepted/s  MB resident  delivered/s afterwards");
    let mut length = (wanted.queue / 100).max(50);
    while length <= wanted.queue {
        gateway.world.partners().for_each(|partner| partner.behaves(Manner::Hold));
        let accepted = sender::so_many(&kith, 20, length).await;
        let (memory, waiting) = (gateway.memory_mb(), gateway.waiting().await);
        gateway.world.partners().for_each(|partner| drop(partner.noted()));
        gateway.world.partners().for_each(|partner| partner.behaves(Manner::Note));
        let started = Instant::now();
        gateway.all_is_delivered(length).await;
        let rate = waiting as f64 / started.elapsed().as_secs_f64();
        println!("  {length:>8}  {waiting:>18}  {accepted:>10.0}  {memory:>11}  {rate:>22.0}");
        length *= 10;
    }
}

/// How long a queue is that grows tenfold twice, up to so many messages, that nobody has to send: the program starts on it, takes more, and
/// carries some of it off.
async fn filled(messages: usize) {
    let (lasts, mut there) = (Duration::from_secs(15), 0);
    let mut gateway = Gateway::stands(Manner::Hold).await;
    println!("{}: a queue that is there when the program starts", gateway.engine());
    println!(
        "  messages  put there/s  starts in  deliveries waiting  MB resident  accepted/s  p50        delivered/s  MB resident then"
    );
    for length in [messages / 100, messages / 10, messages] {
        gateway.world.partners().for_each(|partner| partner.behaves(Manner::Hold));
        let rate = filler::fill(&gateway.world.folder, length - there).await;
        there = length;
        let starts = gateway.runs().await;
        let kith = Target::kith(&gateway.base).await;
        let (waiting, memory) = (gateway.waiting().await, gateway.memory_mb());
        let answered = sender::calls(&kith, 10, lasts).await;
        gateway.world.partners().for_each(|partner| drop(partner.noted()));
        gateway.world.partners().for_each(|partner| partner.behaves(Manner::Note));
        tokio::time::sleep(lasts).await;
        let delivered: usize = gateway.world.partners().map(|partner| partner.noted().len()).sum();
        println!(
            "  {length:>8}  {rate:>11.0}  {starts:<9.1?}  {waiting:>18}  {memory:>11}  {:>10.0}  {:<9.1?}  {:>11.0}  {:>16}",
            answered.rate,
            percentile(&answered.waits, 50),
            delivered as f64 / lasts.as_secs_f64(),
            gateway.memory_mb()
        );
        gateway.is_killed();
    }
}
