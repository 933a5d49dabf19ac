//! Kith is killed again and again while messages stream through it, and at each moment that has a name: nothing that it accepted is lost,
//! each message arrives once as its recipient sees it, a child's messages arrive in their order, and the journal holds.
//!
//! KITH_KILLS says how often it is killed under load (20 unless told).

use std::time::Duration;

use crate::world::caller::Request;
use crate::world::load::{
    Chance, Load, Program, RECIPIENTS, Sent, check, everything_is_there, free_port, is_live,
    journal_is_intact,
};
use crate::world::{Caller, Manner, Tweaks, World, run, until};
use sqlx::{AnyConnection, Connection as _};
use uuid::Uuid;

#[allow(clippy::disallowed_methods)] // A test has no configuration.
fn kills() -> usize {
    std::env::var("KITH_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(20)
}

async fn world_at(port: u16) -> World {
    let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
    World::without_gateway(&tweaks).await
}

/// One recipient is slow, the other refuses, falls silent and talks nonsense in between.
#[test]
fn killed_at_any_moment_it_loses_nothing_and_delivers_once() {
    run(async {
        let (port, kills) = (free_port(), kills());
        let world = world_at(port).await;
        world.partner(RECIPIENTS[0]).behaves(Manner::Slow(Duration::from_millis(15)));
        world.partner(RECIPIENTS[1]).behaves(Manner::Fickle);
        let base = format!("http://127.0.0.1:{port}");
        let mut program = Program::start(&world.folder);
        let load = Load::start(std::slice::from_ref(&base));

        let mut chance = Chance(20_261_123);
        for kill in 0..kills {
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
        load.ends(&world, &base, kills).await;
    });
}

/// Kith between two recipients, which is killed at a moment that they or the disk make last.
struct Moments {
    world: World,
    base: String,
    program: Program,
    sent: Vec<Sent>,
    /// How much has come to recipients again so far.
    again: usize,
}

impl Moments {
    /// The next message, of one child.
    fn next(&self) -> Sent {
        Sent { child: 0, turn: self.sent.len(), id: Uuid::new_v4() }
    }

    /// Sends it, and whether that is answered 202.
    async fn is_accepted(base: &str, sent: &Sent) -> bool {
        let caller = Caller::at(base, "health-visitor");
        let request = Request::new("POST", "/records/new-birth-visit").json(&check(sent.child, sent.turn));
        caller.tries(request.known_as(sent.id)).await.is_ok_and(|answer| answer.status == 202)
    }

    fn recipients_are(&self, manner: &Manner) {
        RECIPIENTS.iter().for_each(|partner| self.world.partner(partner).behaves(manner.clone()));
    }

    /// A message is with both recipients, who have not answered yet.
    async fn is_handed_over(&mut self) {
        self.recipients_are(&Manner::Hold);
        let sent = self.next();
        assert!(Self::is_accepted(&self.base, &sent).await);
        self.sent.push(sent);
        for partner in RECIPIENTS {
            let held = || async {
                let arrived = self.world.partner(partner).arrived();
                arrived.last().is_some_and(|last| last.status == 0).then_some(())
            };
            until("the recipient has it", held).await;
        }
    }

    /// Another process has the file: whatever Kith wants to write waits.
    async fn file_is_held(&self) -> AnyConnection {
        let address = format!("sqlite://{}", self.world.folder.store().display());
        sqlx::any::install_default_drivers();
        let mut other = AnyConnection::connect(&address).await.expect("the store");
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("nobody else writes");
        other
    }

    /// It is killed while the file is held or is not, starts again, and everything that was accepted comes to its end. Answers how much
    /// came again.
    async fn is_killed(&mut self, when: &str, held: Option<AnyConnection>) -> usize {
        self.program.kill();
        if let Some(held) = held {
            held.close().await.expect("the file is free");
        }
        journal_is_intact(&self.world.folder);
        self.recipients_are(&Manner::Take);
        self.program = Program::start(&self.world.folder);
        until("the program answers", || is_live(&self.base)).await;
        let all: usize = everything_is_there(&self.world, &self.base, &self.sent).await.into_iter().sum();
        let again = all - std::mem::replace(&mut self.again, all);
        println!("killed {when}: {again} came again");
        again
    }

    async fn while_a_message_waits_to_be_written(&mut self) {
        let (held, sent, base) = (self.file_is_held().await, self.next(), self.base.clone());
        let sending = tokio::spawn(async move { (Self::is_accepted(&base, &sent).await, sent) });
        tokio::time::sleep(A_MOMENT).await;
        assert_eq!(self.is_killed("while a message waits to be written", Some(held)).await, 0);
        let (accepted, sent) = sending.await.expect("it ends");
        assert!(!accepted, "nothing is accepted before it is on disk");
        assert!(Self::is_accepted(&self.base, &sent).await, "its sender sends it again");
        self.sent.push(sent);
        self.is_killed("when a message is on its way, or has arrived", None).await;
    }

    async fn while_an_answer_waits_to_be_written(&mut self) {
        self.is_handed_over().await;
        let held = self.file_is_held().await;
        self.recipients_are(&Manner::Take);
        for partner in RECIPIENTS {
            let answered = || async {
                let arrived = self.world.partner(partner).arrived();
                arrived.last().is_some_and(|last| last.status == 200).then_some(())
            };
            until("the recipient has answered", answered).await;
        }
        tokio::time::sleep(A_MOMENT).await;
        let again = self.is_killed("while answers of recipients wait to be written", Some(held)).await;
        assert_eq!(again, 2, "Kith cannot know that they have it, so that it comes again under its id");
    }
}

/// For what nobody can see from outside to have begun.
const A_MOMENT: Duration = Duration::from_millis(300);

#[test]
fn killed_at_each_moment_that_has_a_name_it_loses_nothing_and_delivers_once() {
    run(async {
        let port = free_port();
        let world = world_at(port).await;
        if world.folder.database.is_some() {
            println!("left out: these moments are made by holding the file of the store");
            return;
        }
        let (base, program) = (format!("http://127.0.0.1:{port}"), Program::start(&world.folder));
        let mut moments = Moments { world, base, program, sent: vec![], again: 0 };
        until("the program answers", || is_live(&moments.base)).await;

        moments.while_a_message_waits_to_be_written().await;
        moments.is_handed_over().await;
        assert_eq!(moments.is_killed("before recipients answer", None).await, 2);
        moments.while_an_answer_waits_to_be_written().await;
        moments.is_handed_over().await;
        moments.program.is_told_to_end();
        tokio::time::sleep(A_MOMENT).await;
        assert_eq!(moments.is_killed("while it ends, and waits for recipients", None).await, 2);
        for pause in [10, 40, 100, 300, 800] {
            moments.program.kill();
            moments.program = Program::start(&moments.world.folder);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        assert_eq!(moments.is_killed("again and again while it starts", None).await, 0);
    });
}
