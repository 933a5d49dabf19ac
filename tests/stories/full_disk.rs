//! The disk is full, for real: a small one of the test's own (tmpfs, which takes root). What cannot be kept is not accepted and says so, what was
//! accepted stays, and when there is room again everything goes on by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::world;
use crate::world::{Tweaks, World, run};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

/// A disk of that size, gone with the test.
struct Disk(PathBuf);

impl Disk {
    /// `None` where nobody may mount one.
    fn of(megabytes: u32, at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then(|| Self(at.to_owned()))
    }

    /// A file that takes all the room there is.
    fn fill(&self) -> PathBuf {
        let filler = self.0.join("filler");
        let mut written = fs::File::create(&filler).unwrap();
        // It ends with an error: there is no room left.
        let _ = std::io::copy(&mut std::io::repeat(7), &mut written);
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What is still open there keeps it until it is closed.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

fn check(turn: usize) -> Value {
    let mut check: Value = serde_json::from_str(CHECK).unwrap();
    check["needs"]["plan"][0]["action"] = json!(format!("Turn {turn}"));
    check
}

#[test]
fn on_a_full_disk_nothing_is_accepted_that_could_be_lost_and_with_room_again_it_goes_on() {
    run(async {
        let mut world = World::without_gateway(&Tweaks::default()).await;
        let place = world.folder.path.join("disk");
        let Some(disk) = Disk::of(16, &place) else {
            println!("left out: no disk can be mounted here; run it as root");
            return;
        };
        let settings = world.folder.path.join("kith.toml");
        let text = fs::read_to_string(&settings).unwrap();
        fs::write(&settings, text.replacen("[store]\n", "[store]\npath = \"disk/kith.sqlite\"\n", 1))
            .unwrap();
        world.opens().await;
        let caller = world.health_visitor();
        let mut sent = vec![caller.sends("new-birth-visit", &check(0)).await.expect(202)];
        world.wait_until_all_settled().await;

        let filler = disk.fill();
        let mut refused = None;
        for turn in 1..2_000 {
            let answer = caller.sends("new-birth-visit", &check(turn)).await;
            if answer.status != 202 {
                refused = Some((turn, answer));
                break;
            }
            sent.push(answer);
        }
        let (turn, refusal) = refused.expect("there is no room left");
        assert_eq!(refusal.status, 507, "{}", refusal.text());
        assert_eq!(refusal.issues()[0]["code"], "no-store");
        let ready = caller.gets("/health/ready").await;
        assert_eq!((ready.status, &ready.json()["store"]), (503, &json!("down")));

        fs::remove_file(filler).unwrap();
        world::until("it is ready again", || async {
            (caller.gets("/health/ready").await.status == 200).then_some(())
        })
        .await;
        let again = caller.sends_as("new-birth-visit", &check(turn), refusal.message_id).await.expect(202);
        sent.push(again);
        world.wait_until_all_settled().await;
        for one in &sent {
            assert!(world.receipts(one).await.values().all(|receipt| receipt["status"] == "completed"));
        }
        assert_eq!(world.centre().received().len(), sent.len(), "each arrived, once");
        world.journal().await;
        world.closes().await;
    });
}
