//! Two Kiths share one PostgreSQL database while messages stream through both; now one is killed, now the other, now the database itself:
//! nothing that was accepted is lost, each message arrives once as its recipient sees it, in its child's order, and there is one journal.
//! `tests/postgres` starts the database and tells this story by itself, for nobody else's database may be killed meanwhile.

use std::process::Command;
use std::time::Duration;

use crate::world::load::{Chance, Load, Program, RECIPIENTS, free_port, is_live};
use crate::world::{Folder, Manner, Tweaks, World, run, until};

const KILLS: usize = 9;

/// The database's programs and its folder.
#[allow(clippy::disallowed_methods)] // A test has no configuration.
fn database() -> (String, String) {
    ["KITH_TEST_POSTGRES_BIN", "KITH_TEST_POSTGRES_FOLDER"]
        .map(|name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; run tests/postgres")))
        .into()
}

/// The server ends without writing anything more, as when the power fails, and comes back.
fn kill_database((programs, folder): &(String, String)) {
    for arguments in [["-m", "immediate", "stop"].as_slice(), &["-w", "-t", "180", "start"]] {
        let control = format!("{programs}/pg_ctl");
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        let mut command = if is_root { Command::new("runuser") } else { Command::new(&control) };
        if is_root {
            command.args(["-u", "postgres", "--", &control]);
        }
        let log = format!("{folder}/../log");
        // It goes on after this command: it must not hold the test's own output.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        assert!(
            command.args(["-D", folder, "-l", &log]).args(arguments).status().unwrap().success(),
            "{arguments:?}"
        );
    }
}

/// A Kith at a port, which gives up what it holds soon.
fn replica(folder: &Folder, port: u16) -> Program {
    let bind = format!("127.0.0.1:{port}");
    let seconds = |name, seconds: u8| (name, seconds.to_string());
    Program::start_with(
        folder,
        &[
            ("KITH__SERVER__BIND", bind),
            seconds("KITH__DELIVERY__ATTEMPT_TIMEOUT_SECONDS", 2),
            seconds("KITH__DELIVERY__LEASE_SECONDS", 4),
        ],
    )
}

#[test]
#[ignore = "kills the database that others use: tests/postgres runs it by itself"]
fn replicas_and_their_database_are_killed_and_nothing_is_lost_or_doubled() {
    let database = database();
    run(async {
        let world = World::without_gateway(&Tweaks::default()).await;
        for partner in RECIPIENTS {
            world.partner(partner).behaves(Manner::Slow(Duration::from_millis(15)));
        }
        let first = free_port();
        let ports = [first, first + 5_000];
        let bases = ports.map(|port| format!("http://127.0.0.1:{port}"));
        let mut programs = ports.map(|port| replica(&world.folder, port));
        for base in &bases {
            until("both answer", || is_live(base)).await;
        }
        let load = Load::start(&bases);
        let mut chance = Chance(20_261_127);
        for kill in 0..KILLS {
            tokio::time::sleep(Duration::from_millis(500 + chance.below(2_500))).await;
            match kill % 3 {
                2 => kill_database(&database),
                which => {
                    programs[which].kill();
                    programs[which] = replica(&world.folder, ports[which]);
                    until("it answers again", || is_live(&bases[which])).await;
                }
            }
        }
        load.ends(&world, &bases[0], KILLS).await;
    });
}
