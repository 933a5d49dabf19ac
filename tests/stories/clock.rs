//! The machine's clock jumps while messages stream through Kith, and Kith is killed in between: a clock that jumps within what is told
//! to be tolerated changes nothing; one that was set back further keeps everything waiting until it is right again, and loses nothing.
//! The clock is libfaketime's (Debian: faketime); without it the test says that it was left out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::world::load::{Load, Program, free_port, is_live};
use crate::world::{Caller, Folder, Tweaks, World, run, until};

const KILLS: usize = 3;

fn library() -> Option<PathBuf> {
    let places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    places.iter().map(|place| Path::new(place).join("faketime/libfaketime.so.1")).find(|path| path.is_file())
}

/// The program by a clock that is wrong by what the file says.
fn start(folder: &Folder, library: &Path) -> Program {
    let file = folder.path.join("clock");
    let variables = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        // What passes goes on as it does: only the time of day jumps.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    Program::start_with(folder, &variables)
}

/// Whether Kith believes its clock.
async fn believes_its_clock(base: &str) -> bool {
    let caller = Caller::at(base, "health-visitor").with_token("missing");
    caller.gets("/health/ready").await.json()["clock"] == "up"
}

#[test]
fn a_clock_that_jumps_loses_nothing_and_doubles_nothing() {
    let Some(library) = library() else {
        println!("left out: there is no libfaketime (apt-get install faketime)");
        return;
    };
    run(async {
        let port = free_port();
        let tweaks = Tweaks { bind: format!("127.0.0.1:{port}"), ..Tweaks::default() };
        let world = World::without_gateway(&tweaks).await;
        let base = format!("http://127.0.0.1:{port}");
        let clock = |offset: &str| world.folder.put("clock", offset);
        clock("+600");
        let mut program = start(&world.folder, &library);
        until("the program answers", || is_live(&base)).await;
        let load = Load::start(std::slice::from_ref(&base));
        // Forward by ten minutes, back by one, forward, back within what is tolerated.
        for (kill, offset) in ["+1200", "+1140", "+1500", "+1410"].into_iter().enumerate() {
            clock(offset);
            tokio::time::sleep(Duration::from_secs(2)).await;
            if kill < KILLS {
                program.kill();
                program = start(&world.folder, &library);
                until("the program answers", || is_live(&base)).await;
            }
        }
        // Back by twenty minutes: nothing is decided by such a clock.
        clock("+300");
        until("it does not believe its clock", || async { (!believes_its_clock(&base).await).then_some(()) })
            .await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        clock("+1500");
        until("it believes its clock again", || async { believes_its_clock(&base).await.then_some(()) })
            .await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        load.ends(&world, &base, KILLS).await;
    });
}
