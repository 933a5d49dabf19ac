//! Kith is killed again and again while messages stream through it: nothing that it accepted is lost, each message arrives
//! once as its recipient sees it, a child's messages arrive in their order, and the journal holds.

mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use world::load::{
    CHILDREN, Chance, Program, RECIPIENTS, deliveries, free_port, is_live, journal_is_intact, judge, sends,
};
use world::{Caller, Manner, Tweaks, World, run, until};

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
        let done = Arc::new(AtomicBool::new(false));
        let mut program = Program::start(&world.folder);
        let senders: Vec<_> = (0..CHILDREN.len())
            .map(|child| tokio::spawn(sends(vec![base.clone()], child, Arc::clone(&done))))
            .collect();

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
        done.store(true, Ordering::Relaxed);
        let (mut sent, mut tried_again) = (Vec::new(), 0);
        for sender in senders {
            let (messages, again) = sender.await.unwrap();
            sent.extend(messages);
            tried_again += again;
        }

        let caller = Caller::at(&base, "health-visitor");
        until("everything is delivered", || async {
            let path = "/fhir/Task?status=requested,in-progress&_count=0";
            (caller.gets(path).await.expect(200).json()["total"] == 0).then_some(())
        })
        .await;
        let completed = caller.gets("/fhir/Task?status=completed&_count=0").await.expect(200).json();
        assert_eq!(completed["total"], sent.len() * RECIPIENTS.len(), "every receipt says completed");
        assert!(sent.len() > KILLS, "only {} messages went through", sent.len());

        let again: Vec<usize> = RECIPIENTS
            .iter()
            .map(|partner| judge(world.partner(partner), &deliveries(partner, &sent)))
            .collect();
        journal_is_intact(&world.folder);
        println!(
            "{KILLS} kills, {} messages, {tried_again} sent again; delivered again under the same id: {again:?} {RECIPIENTS:?}",
            sent.len()
        );
    });
}
