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
fn a_systems_provider_is_asked_for_a_token_as_kith_asks_it() {
    run(async {
        let world = start().await;
        let url = format!("{}/fhir/$process-message", world.base());
        let known = tokens::provider().credentials("health-visitor");
        let key = world.folder.path.join("client.pem");
        std::fs::write(&key, known.key_pem.reveal()).unwrap();
        let with = |kid: &str| -> Vec<String> {
            let scope = known.scope.clone().unwrap_or_default();
            let key = key.display().to_string();
            let words = [
                ("--token-url", known.token_endpoint.as_str()),
                ("--client-id", &known.client_id),
                ("--client-key", &key),
                ("--kid", kid),
                ("--algorithm", known.algorithm.name()),
                ("--scope", &scope),
                ("--kind", "new-birth-visit"),
            ];
            words.into_iter().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]).collect()
        };
        let good = with(&known.kid);
        let good: Vec<&str> = good.iter().map(String::as_str).collect();
        let (report, code) = reports(&world, None, &good, &url).await;
        assert_eq!((code, &report["result"]), (0, &json!("pass")), "{report}");
        let bad = with("another");
        let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
        let (said, code) = tries(&world, None, &bad, &url).await;
        assert!(code == 2 && said.contains("no token"), "{said}");
        let (said, code) = tries(&world, None, &good[..2], &url).await;
        assert!(code == 2 && said.contains("--client-id"), "{said}");
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
                "The forms are: fhir, birth-list, centre-notice, school-notice.",
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

/// How a system sends: with what its messages are named, and what it does when it is not answered well.
struct Sending {
    keeps_ids: bool,
    waits: bool,
    renews: bool,
}

/// Sends so many messages over the line, each until it is accepted or five times.
async fn sends(port: u16, messages: usize, how: &Sending) {
    const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
    let good = tokens::authorization("health-visitor", "good").await.unwrap();
    let http = kith::tls::http_client(None, None, true).unwrap();
    for number in 0..messages {
        let (mut id, mut token) = (uuid::Uuid::new_v4(), good.clone());
        let body = CHECK.replace("\"female\"", if number % 2 == 0 { "\"female\"" } else { "\"male\"" });
        for _ in 0..5 {
            let url = format!("http://127.0.0.1:{port}/records/new-birth-visit");
            let request = http.post(url).header("content-type", "application/json").body(body.clone());
            let answer =
                request.header("authorization", &token).header("x-request-id", id.to_string()).send().await;
            let (status, headers) = match answer {
                Ok(answer) => {
                    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                    // An answer that breaks off is none.
                    if answer.bytes().await.is_ok() { (status, headers) } else { (0, headers) }
                }
                Err(_) => (0, Default::default()),
            };
            match status {
                200..300 => break,
                401 if how.renews => {
                    token = format!("Bearer {}", tokens::provider().token("health-visitor").await);
                }
                400..500 if status != 401 && status != 429 => break,
                _ => {}
            }
            if !how.keeps_ids {
                id = uuid::Uuid::new_v4();
            }
            let asked = headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
            if let Some(seconds) = asked.filter(|_| how.waits) {
                tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
            }
        }
    }
}

/// Puts the line before the world's gateway while it sends; the report.
async fn on_the_line(world: &World, messages: usize, how: Sending) -> (Value, i32) {
    let port = crate::world::load::free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(["conformance", "sender", "--format", "json", "--minutes", "1", "--to", world.base()]);
    command
        .args(["--port", &port.to_string()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let child = command.spawn().unwrap();
    let id = child.id();
    crate::world::until("the line is there", || async {
        std::net::TcpStream::connect(("127.0.0.1", port)).ok()
    })
    .await;
    sends(port, messages, &how).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    // As Ctrl-C does; who was tried with everything has its report already.
    let _ = Command::new("kill").args(["-INT", &id.to_string()]).status();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}")), output.status.code().unwrap())
}

#[test]
fn a_system_that_keeps_its_messages_until_they_are_accepted_loses_and_doubles_nothing_on_a_bad_line() {
    run(async {
        let world = start().await;
        let how = Sending { keeps_ids: true, waits: true, renews: true };
        let (report, code) = on_the_line(&world, 5, how).await;
        assert_eq!((code, &report["result"]), (0, &json!("pass")), "{report}");
        for rule in ["503", "the answer was lost", "401", "429", "sends what Kith accepts", "by a UUID"] {
            assert_eq!(result(&report, rule).0, "pass", "{rule}: {report}");
        }
        assert_eq!(result(&report, "refused for good").0, "pass");
        assert_eq!(report["participant"][0]["type"], "client");
        let journal = world.journal().await;
        let accepted = journal.iter().filter(|entry| entry["event"] == "accepted");
        let accepted: BTreeSet<_> = accepted.map(|entry| entry["messageId"].as_str().unwrap()).collect();
        assert_eq!(accepted.len(), 5, "the one whose answer was lost too, and once");
    });
}

#[test]
fn a_system_that_would_lose_or_double_messages_is_told_so() {
    run(async {
        let world = start().await;
        let how = Sending { keeps_ids: false, waits: false, renews: false };
        let (report, code) = on_the_line(&world, 2, how).await;
        assert_eq!((code, &report["result"]), (1, &json!("fail")), "{report}");
        let (verdict, message) = result(&report, "503");
        assert!(verdict == "fail" && message.contains("under its id"), "{message}");
        let how = Sending { keeps_ids: true, waits: false, renews: false };
        let (report, code) = on_the_line(&world, 4, how).await;
        let (verdict, message) = result(&report, "503");
        assert!(verdict == "warning" && message.contains("Retry-After"), "{message}");
        let (verdict, message) = result(&report, "401");
        assert!(code == 1 && verdict == "fail" && message.contains("same token"), "{message}");
        assert_eq!(result(&report, "429").0, "skip");
    });
}
