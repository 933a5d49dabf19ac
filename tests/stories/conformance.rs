//! `kith conformance` tells a vendor what their system does wrong, before a message about a real child does.

use std::collections::BTreeSet;
use std::process::Command;

use crate::world::person::start;
use crate::world::{Manner, World, run, tokens};
use serde_json::{Value, json};

/// Tries a receiver; what is printed, and the exit code.
async fn tries(world: &World, token: Option<&str>, arguments: &[&str], url: &str) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(["conformance", "receiver", "--ca"]).arg(world.folder.path.join("authority.pem"));
    if let Some(token) = token {
        let file = world.folder.path.join("token");
        std::fs::write(&file, format!("{token}\n")).unwrap();
        command.arg("--token-file").arg(file);
    }
    command.args(arguments).arg(url);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (said, output.status.code().unwrap())
}

/// The result of each test of a TestReport, by its name.
fn result<'r>(report: &'r Value, name: &str) -> (&'r str, &'r str) {
    let tests = report["test"].as_array().unwrap();
    let test = tests.iter().find(|test| test["name"].as_str().unwrap().contains(name));
    let assert = &test.unwrap_or_else(|| panic!("{name}: {report}"))["action"][0]["assert"];
    (assert["result"].as_str().unwrap(), assert["message"].as_str().unwrap())
}

async fn reports(world: &World, token: Option<&str>, arguments: &[&str], url: &str) -> (Value, i32) {
    let (said, code) = tries(world, token, &[arguments, &["--format", "json"]].concat(), url).await;
    (serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}")), code)
}

#[test]
fn a_system_that_takes_whatever_comes_is_told_so_and_gets_every_notice_once_with_what_kith_sends_along() {
    run(async {
        let world = World::without_gateway(&crate::world::Tweaks::default()).await;
        let centre = world.centre();
        let token = centre.token();
        let (report, code) = reports(&world, Some(&token), &["--form", "centre-notice"], &centre.url()).await;
        assert_eq!((code, &report["result"]), (1, &json!("fail")), "{report}");
        assert_eq!(result(&report, "takes centre-notice/minimal.json").0, "pass");
        assert_eq!(result(&report, "takes recall-notice/full.json").0, "pass");
        assert_eq!(result(&report, "takes 5 messages at once").0, "pass");
        assert_eq!(result(&report, "refuses who has no token").0, "pass");
        assert_eq!(result(&report, "a token that nobody issued").0, "pass");
        for wrong in ["no JSON", "without anything in it", "another media type"] {
            let (verdict, message) = result(&report, wrong);
            assert!(verdict == "fail" && message.contains("200: it was taken"), "{wrong}: {message}");
        }

        let received = centre.received();
        let notices: Vec<_> = received
            .iter()
            .filter(|one| one.header("content-type") == Some("application/json") && one.bytes != b"{}")
            .collect();
        let ids: BTreeSet<_> = notices.iter().filter_map(|one| one.header("x-request-id")).collect();
        assert_eq!(ids.len() + 1, notices.len(), "one came again: under the same id");
        for notice in notices {
            assert!(notice.header("x-request-id") == notice.header("x-correlation-id"));
            assert!(["centre-notice", "recall-notice"].contains(&notice.header("x-record-kind").unwrap()));
        }
    });
}

#[test]
fn each_wrong_answer_is_explained_by_what_kith_would_make_of_it() {
    run(async {
        let world = World::without_gateway(&crate::world::Tweaks::default()).await;
        let centre = world.centre();
        let token = centre.token();
        for (manner, says) in [
            (Manner::Answer(409, json!({})), "Know a message by its X-Request-ID alone"),
            (Manner::Answer(422, json!({})), "a dead letter"),
            (Manner::Answer(503, json!({})), "for days"),
            (Manner::Answer(307, json!({})), "follows no redirect"),
        ] {
            centre.behaves(manner.clone());
            let (said, code) = tries(&world, Some(&token), &["--form", "centre-notice"], &centre.url()).await;
            assert!(code == 1 && said.contains(says), "{manner:?}: {said}");
        }
        centre.behaves(Manner::Take);
        let (said, code) =
            tries(&world, Some("e30.e30.e30"), &["--form", "centre-notice"], &centre.url()).await;
        assert!(code == 1 && said.contains("The token was not accepted"), "{said}");
        centre.goes_down().await;
        let (said, code) = tries(&world, Some(&token), &[], &centre.url()).await;
        assert!(code == 1 && said.contains("no connection") && said.contains("1 not tried"), "{said}");
    });
}

#[test]
fn kith_itself_can_receive_what_kith_sends() {
    run(async {
        let world = start().await;
        let token = tokens::token("health-visitor").await;
        let url = format!("{}/fhir/$process-message", world.base());
        let (report, code) =
            reports(&world, Some(&token), &["--kind", "new-birth-visit", "--kind", "health-review"], &url)
                .await;
        assert_eq!((code, &report["result"], &report["score"]), (0, &json!("pass"), &json!(100)), "{report}");
        let (said, _) = tries(&world, None, &["--kind", "new-birth-visit"], &url).await;
        assert!(said.contains("The token was not accepted") && said.contains("give --token-file"), "{said}");
    });
}

#[test]
fn a_call_that_cannot_be_made_says_why() {
    run(async {
        let world = World::without_gateway(&crate::world::Tweaks::default()).await;
        for (arguments, url, says) in [
            (
                vec!["--form", "letter"],
                "https://localhost:1/x",
                "The forms are: fhir, centre-notice, school-notice.",
            ),
            (vec!["--kind", "letter"], "https://localhost:1/x", "No 'letter' is sent in this form"),
            (vec![], "http://vendor.example/x", "the address must be https"),
            (vec!["--identity", "/nowhere"], "https://localhost:1/x", "/nowhere: cannot be read"),
        ] {
            let (said, code) = tries(&world, None, &arguments, url).await;
            assert!(code == 2 && said.contains(says), "{arguments:?}: {said}");
        }
    });
}
