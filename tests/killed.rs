//! Kith is killed again and again while messages stream through it: nothing that it accepted is lost, each message arrives
//! once as its recipient sees it, a child's messages arrive in their order, and the journal holds.

mod world;

use std::time::Duration;

use world::load::{Chance, Load, Program, RECIPIENTS, free_port, is_live, journal_is_intact};
use world::{Manner, Tweaks, World, run, until};

const KILLS: usize = 15;

#[test]
fn killed_at_any_moment_it_loses_nothing_and_delivers_once() {
    run(async {
        let port = free_port();
        let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
        let world = World::without_gateway(&tweaks).await;
        for partner in RECIPIENTS {
            world.partner(partner).behaves(Manner::Slow(Duration::from_millis(15)));
        }
        let base = format!("http://127.0.0.1:{port}");
        let mut program = Program::start(&world.folder);
        let load = Load::start(std::slice::from_ref(&base));

        let mut chance = Chance(20_261_123);
        for kill in 0..KILLS {
            // Every third time it may be killed while it still starts.
            if kill % 3 != 2 {
                until("the program answers", || is_live(&base)).await;
            }
            // Longer than the unoptimised program takes to make its plans for the first message.
            tokio::time::sleep(Duration::from_millis(chance.below(2_000))).await;
            program.kill();
            journal_is_intact(&world.folder);
            program = Program::start(&world.folder);
        }
        until("the program answers", || is_live(&base)).await;
        load.ends(&world, &base, KILLS).await;
    });
}
