//! The delivery state machine under a seeded scheduler: two Kiths on one store, recipients that take, refuse, fall silent or answer
//! too late, operators and withdrawals in between, crashes at any moment, a clock that jumps. After each step the store is held against a
//! plain model of the same machine, and what recipients hold against what was accepted.
//!
//! KITH_SEEDS says how many seeds are tried (60 unless told; 10,000 for a night), KITH_SEED tries one and tells its story. Kiths alone on
//! their store start as a single one does; two take over from each other when the lease of what one held ends.

mod happened;
mod model;
mod steps;
mod story;

use super::*;
use story::Story;

/// Steps of a story before everything is let go and has to come to its end.
const STEPS: usize = 80;
const SEEDS: u64 = 60;

#[tokio::test]
#[allow(clippy::print_stdout, reason = "a story is told to whoever asks for it")]
async fn whatever_happens_nothing_is_lost_nothing_doubled_and_each_child_in_order() {
    let told = |name: &str| number(name);
    let (seeds, tells) = match told("KITH_SEED") {
        Some(seed) => (seed..seed + 1, true),
        None => (0..told("KITH_SEEDS").unwrap_or(SEEDS), false),
    };
    let mut happened = happened::Happened::default();
    for seed in seeds.clone() {
        let mut story = Story::begins(seed).await;
        let mut ended = Ok(());
        for _ in 0..STEPS {
            ended = story.goes_on().await;
            if ended.is_err() {
                break;
            }
        }
        if ended.is_ok() {
            ended = story.ends().await;
        }
        if tells {
            story.told.iter().for_each(|line| println!("{line}"));
        }
        if let Err(why) = ended {
            let told = story.told.join("\n");
            panic!("{told}\nseed {seed}: {why}\nAgain: KITH_SEED={seed} cargo test --lib simulated");
        }
        happened.add(&story.happened);
    }
    println!("{} seeds: {happened:?}", seeds.end - seeds.start);
    // A story in which nothing happens proves nothing.
    if seeds.end - seeds.start >= SEEDS {
        assert!(happened.is_everything(), "{happened:?}");
    }
}

#[allow(clippy::disallowed_methods)] // A test has no configuration.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
