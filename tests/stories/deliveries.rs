//! The operator at the command line, beside a running Kith: sees what waits and what failed, puts it back, parks and releases.

use std::process::Command;

use crate::world::{Manner, World, run};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");

/// What `kith deliveries …` prints, and its exit code.
pub fn kith(world: &World, arguments: &[&str]) -> (String, i32) {
    let (command, rest) = arguments.split_first().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_kith"));
    program.args(["deliveries", command, "--config"]).arg(&world.folder.path).args(rest);
    let output = program.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

fn kith_json(world: &World, arguments: &[&str]) -> Value {
    let (text, code) = kith(world, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn check() -> Value {
    serde_json::from_str(CHECK).unwrap()
}

#[test]
fn a_dead_letter_is_found_looked_at_and_put_back_and_arrives_under_its_id() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Answer(422, json!({})));
        let sent = world.health_visitor().sends("new-birth-visit", &check()).await.expect(202);
        world.wait_for(&sent, "north-centre", "failed").await;
        world.wait_for(&sent, "weir-lane", "completed").await;

        let found = kith_json(&world, &["list", "--state", "failed", "--to", "north-centre"]);
        assert_eq!(found["total"], 1, "{found}");
        let id = found["deliveries"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(kith_json(&world, &["list", "--state", "failed", "--older-than", "1h"])["total"], 0);
        let load = kith_json(&world, &["load"]);
        assert_eq!(load[0]["recipient"], "north-centre");
        assert_eq!((&load[0]["failed"], &load[0]["waiting"]), (&json!(1), &json!(0)));

        let life = kith_json(&world, &["show", &id]);
        let events: Vec<&str> =
            life["life"].as_array().unwrap().iter().map(|one| one["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["accepted", "releasing", "failed"]);
        assert!(life["life"][2]["note"].as_str().unwrap().contains("422"), "{life}");
        let (text, _) = kith(&world, &["list", "--state", "failed"]);
        assert!(text.contains(&id) && !text.contains("9990000018"), "no number of a child: {text}");

        world.centre().behaves(Manner::Take);
        let (text, code) = kith(&world, &["replay", &id]);
        assert!(code == 0 && text.contains("would be sent again") && text.contains("--commit"), "{text}");
        assert_eq!(world.centre().received().len(), 0, "a dry run changes nothing");
        let (text, code) = kith(&world, &["replay", "--to", "north-centre", "--commit"]);
        assert!(code == 0 && text.contains(&id), "{text}");
        world.wait_for(&sent, "north-centre", "completed").await;
        assert_eq!(world.centre().received()[0].id(), id);
        let entries = world.journal().await;
        assert!(entries.iter().any(|entry| entry["event"] == "replayed" && entry["delivery"] == id.as_str()));

        let (text, code) = kith(&world, &["replay", &id, "--commit"]);
        assert!(code == 1 && text.contains("cannot be sent again"), "{text}");
    });
}

#[test]
fn what_is_for_a_parked_recipient_waits_until_it_is_released_and_nobody_else_does() {
    run(async {
        let world = World::start().await;
        let (text, code) = kith(&world, &["park", "north-centre"]);
        assert!(code == 0 && text.contains("Parked north-centre"), "{text}");
        let sent = world.health_visitor().sends("new-birth-visit", &check()).await.expect(202);
        world.wait_for(&sent, "weir-lane", "completed").await;
        let load = kith_json(&world, &["load"]);
        assert_eq!((&load[0]["recipient"], &load[0]["waiting"]), (&json!("north-centre"), &json!(1)));
        assert!(load[0]["parked"].is_string());
        assert_eq!(world.centre().arrived().len(), 0);

        let (text, _) = kith(&world, &["park", "north-centre"]);
        assert!(text.contains("already"), "{text}");
        let (text, code) = kith(&world, &["park", "nobody"]);
        assert!(code == 1 && text.contains("no partner of that name"), "{text}");

        let (text, code) = kith(&world, &["release", "north-centre"]);
        assert!(code == 0 && text.contains("go on"), "{text}");
        world.wait_for(&sent, "north-centre", "completed").await;
        let events: Vec<Value> =
            world.journal().await.into_iter().map(|entry| entry["event"].clone()).collect();
        assert!(events.contains(&json!("parked")) && events.contains(&json!("unparked")));
    });
}
