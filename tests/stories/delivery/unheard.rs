//! Nobody reads the log any more: Kith goes on delivering, and ends when it is told to.

use std::process::{Child, Command, Stdio};

use super::check;
use crate::world::caller::Request;
use crate::world::{Caller, Tweaks, World, run, until};

/// The built program with a standard error that is a pipe without a reader.
fn unheard(world: &World) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.arg("serve").arg("--config").arg(&world.folder.path);
    let mut program = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(program.stderr.take());
    Program(program)
}

/// Killed when the test ends before it does.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let first = 26_000 + u16::try_from(std::process::id() % 5_000).unwrap();
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (first..first + 500).find(free).expect("a free port")
}

#[test]
fn a_log_that_nobody_reads_neither_stops_delivery_nor_keeps_kith_from_stopping() {
    run(async {
        let port = free_port();
        let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
        let world = World::without_gateway(&tweaks).await;
        world.centre().goes_down().await;
        let mut program = unheard(&world);
        let base = format!("http://127.0.0.1:{port}");
        let caller = Caller::at(&base, "health-visitor");
        until("it answers", || async { caller.tries(Request::new("GET", "/health/live")).await.ok() }).await;

        // One delivery is logged as done, one as to be tried again, and the latter still gets there.
        caller.sends("new-birth-visit", &check("one")).await.expect(202);
        let waiting = |state: &'static str| {
            let (caller, path) = (&caller, format!("/fhir/Task?status={state}&_count=0"));
            async move { caller.gets(&path).await.expect(200).json()["total"].as_u64() }
        };
        until("the surgery has it", || async { (waiting("completed").await == Some(1)).then_some(()) }).await;
        world.centre().comes_back().await;
        until("the centre has it", || async { (waiting("completed").await == Some(2)).then_some(()) }).await;

        let told = Command::new("kill").args(["-TERM", &program.0.id().to_string()]).status().unwrap();
        assert!(told.success());
        let ended = until("it ends", || {
            let ended = program.0.try_wait().expect("its end can be asked for");
            async move { ended }
        })
        .await;
        assert_eq!(ended.code(), Some(0), "{ended}");
    });
}
