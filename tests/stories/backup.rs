//! A copy made of the store of a running Kith is a backup: put back, it sends nothing a second time by itself, and says what it cannot know.

use std::process::{Command, Output};

use crate::world::{Manner, World, run};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

fn kith(arguments: &[&str]) -> (String, Option<i32>) {
    let Output { stdout, stderr, status } =
        Command::new(env!("CARGO_BIN_EXE_kith")).args(arguments).output().unwrap();
    (String::from_utf8([stdout, stderr].concat()).unwrap(), status.code())
}

/// Copies a store; what it says is JSON.
fn copies(from: &str, to: &str) -> Value {
    let (text, code) = kith(&["store", "copy", "--from", from, "--to", to, "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_backup_of_a_running_kith_that_is_put_back_sends_nothing_twice_by_itself() {
    run(async {
        let mut world = World::start().await;
        let folder = world.folder.path.to_str().unwrap().to_owned();
        let (store, backup) = (world.folder.store(), world.folder.path.join("backup.sqlite"));
        let (store, backup) = (store.to_str().unwrap(), backup.to_str().unwrap());
        world.centre().behaves(Manner::Answer(503, json!({})));
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        world.wait_for(&sent, "weir-lane", "completed").await;

        let copied = copies(store, backup);
        assert_eq!((&copied["rows"]["message"], &copied["rows"]["delivery"]), (&json!(1), &json!(2)));
        let (text, code) = kith(&["store", "copy", "--from", store, "--to", backup]);
        assert!(code == Some(2) && text.contains("not empty"), "{text}");
        // After the backup it does arrive.
        world.centre().behaves(Manner::Take);
        world.wait_for(&sent, "north-centre", "completed").await;
        let arrived = world.centre().received().len();

        world.closes().await;
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{store}{end}"));
        }
        std::fs::copy(backup, store).unwrap();
        let (text, _) = kith(&["store", "restored", "--config", &folder]);
        assert!(
            text.contains("may have arrived since: 1") && text.contains("health-visiting to north-centre"),
            "{text}"
        );
        let (text, code) = kith(&["store", "restored", "--config", &folder, "--commit"]);
        assert!(code == Some(0) && text.contains("Held back as dead letters: 1"), "{text}");

        world.opens().await;
        world.wait_until_all_settled().await;
        assert_eq!(world.centre().received().len(), arrived, "it is not sent again");
        let receipt = world.wait_for(&sent, "north-centre", "failed").await;
        assert!(receipt["note"].as_str().unwrap().contains("comes from a backup"), "{receipt}");
        // The operator found out that it did not arrive.
        let id = receipt["id"].as_str().unwrap();
        let (text, code) = kith(&["deliveries", "replay", "--config", &folder, id, "--commit"]);
        assert_eq!(code, Some(0), "{text}");
        world.wait_for(&sent, "north-centre", "completed").await;
        assert_eq!(
            world.centre().received().last().unwrap().id(),
            id,
            "the recipient knows it again by its id"
        );
        world.journal().await;
    });
}

#[test]
fn what_was_on_its_way_cannot_be_read_from_an_archive() {
    run(async {
        let mut world = World::start().await;
        let (store, archive) = (world.folder.store(), world.folder.path.join("archive.sqlite"));
        world.centre().behaves(Manner::Answer(503, json!({})));
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        world.wait_for(&sent, "weir-lane", "completed").await;
        let paths = (store.to_str().unwrap(), archive.to_str().unwrap());
        let (text, code) = kith(&["store", "copy", "--archive", "--from", paths.0, "--to", paths.1]);
        assert!(code == Some(0) && text.contains("Everything arrived but the keys"), "{text}");

        // Even the owner of the master key, who starts Kith on it, gets nothing out of it.
        world.centre().behaves(Manner::Take);
        world.closes().await;
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", paths.0));
        }
        std::fs::copy(&archive, &store).unwrap();
        let arrived = world.centre().received().len();
        world.opens().await;
        let receipt = world.wait_for(&sent, "north-centre", "failed").await;
        assert!(receipt["note"].as_str().unwrap().contains("content is gone"), "{receipt}");
        assert_eq!(world.centre().received().len(), arrived);
        world.journal().await;
    });
}
