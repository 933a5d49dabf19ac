//! What it costs to ask which school a child attends, in one run over real HTTP, tokens, policies, SQLite and a journal on disk, with many
//! children in the store; beside the same server's answer to one indexed read (the receipt of a delivery that does not exist).
//!
//! `cargo bench --bench school` (needs Node.js and `npm ci` in tests/world/op, as tests/run does it; KITH_CHILDREN: how many, else 100,000)

#[path = "../tests/stories/school/lists.rs"]
mod lists;
#[path = "../tests/world/mod.rs"]
mod world;

use std::io::Cursor;
use std::time::{Duration, Instant};

use kith::domain::PartnerId;
use kith::pipeline::commit_import;
use kith::receive::take_in;
use kith::school::Form;
use world::caller::HTTP;
use world::{World, run, tokens};

/// Callers at the same time.
const CONNECTIONS: usize = 50;

#[allow(clippy::disallowed_methods, reason = "a measure is told its size from outside")]
fn main() {
    // As a test it only has to work.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let told = std::env::var("KITH_CHILDREN").ok().and_then(|text| text.parse().ok());
    let children: usize = told.unwrap_or(if measures { 100_000 } else { 500 });
    let schools = if measures { 50_000 } else { 500 };
    let lasts = Duration::from_millis(if measures { 8_000 } else { 200 });
    run(async {
        let world =
            World::start_with(&world::Tweaks { lookups_per_hour: 1_000_000_000, ..world::Tweaks::default() })
                .await;
        takes(&world, Form::Gias, lists::gias(schools, 139, 2026), schools).await;
        takes(&world, Form::Children, lists::children(children), children).await;
        let pupils = children.min(20_000);
        takes(&world, Form::Ctf, lists::ctf(pupils), pupils).await;
        println!("peak memory of this process (server, lists and callers): {} MB", peak_kb() / 1024);
        let token = tokens::token("school-nurse").await;
        let bare = phase(&world, "one indexed read, with the token's check", &token, lasts, |_| {
            format!("/fhir/Task/{}", uuid::Uuid::new_v4())
        })
        .await;
        let asked = phase(&world, "which school, with policy and journal", &token, lasts, move |n| {
            let (number, born) = lists::child(1 + n % pupils);
            format!("/fhir/Patient/$school?nhs-number={number}&birthdate={born}")
        })
        .await;
        println!("look-ups a second as a share of bare reads: {:.2}", asked / bare);
    });
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

async fn takes(world: &World, form: Form, list: String, rows: usize) {
    let (house, at) = (world.house(), kith::clock::now());
    let council = PartnerId("kenfordshire".to_owned());
    let begun = Instant::now();
    let import = take_in(house, uuid::Uuid::new_v4(), form, &council, Cursor::new(list.into_bytes()), at)
        .await
        .expect("a list");
    let read = begun.elapsed();
    let import = commit_import(house, &import, "", at).await.expect("it counts");
    let whole = begun.elapsed();
    println!(
        "{:<10} {rows:>9} rows: read {:>6.1} s, committed {:>6.1} s, {:>7.0} rows/s; {:?}",
        form.name(),
        read.as_secs_f64(),
        whole.as_secs_f64(),
        rows as f64 / whole.as_secs_f64(),
        import.summary
    );
}

async fn phase(
    world: &World,
    name: &str,
    token: &str,
    lasts: Duration,
    path: impl Fn(usize) -> String + Clone + Send + 'static,
) -> f64 {
    let begun = Instant::now();
    let callers = (0..CONNECTIONS).map(|caller| {
        let (base, token, path) = (world.base().to_owned(), token.to_owned(), path.clone());
        tokio::spawn(async move {
            let mut took = Vec::new();
            for n in 0.. {
                if begun.elapsed() > lasts {
                    break;
                }
                let started = Instant::now();
                let url = format!("{base}{}", path(n * CONNECTIONS + caller));
                let answer = HTTP.get(url).bearer_auth(&token).send().await.expect("an answer");
                assert!([200, 404].contains(&answer.status().as_u16()), "{}", answer.status());
                answer.bytes().await.expect("a body");
                took.push(started.elapsed());
            }
            took
        })
    });
    let mut took = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        took.extend(caller.await.expect("a caller"));
    }
    took.sort();
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "{name:<45} {rate:>7.0}/s at {CONNECTIONS} connections, p50 {:>6.1}, p99 {:>6.1} ms",
        at(50),
        at(99)
    );
    rate
}
