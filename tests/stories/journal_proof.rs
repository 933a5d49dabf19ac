//! The journal can be proved: signed heads that anybody may fetch, a cut or rewritten journal that they give away, and an export that a
//! program of another language checks.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::world::caller::Request;
use crate::world::{World, run, until};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};

const FORM: &str = include_str!("../../mappings/first-visit-form/examples/agreed-named-centre.json");

fn kith(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(arguments).arg("--config").arg(folder).output().expect("kith runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What the program of another language says of an export.
fn verified_elsewhere(export: &[u8]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify_journal.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    python.stdin.take().expect("a pipe").write_all(export).expect("it reads");
    said(&python.wait_with_output().expect("it ends"))
}

#[test]
fn what_was_signed_gives_a_cut_or_rewritten_journal_away_and_another_program_can_check_the_chain() {
    run(async {
        let mut world = World::start().await;
        let form: Value = serde_json::from_str(FORM).unwrap();
        let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
        world.wait_for(&sent, "north-centre", "completed").await;
        // A gateway that starts signs what is there; the first start may have come to it after the form was taken, or before.
        world.closes().await;
        world.opens().await;
        let heads = until("a head is signed", || async {
            let heads = world.governance().asks(Request::new("GET", "/journal/heads")).await.json();
            heads["heads"].get(0).is_some().then_some(heads)
        })
        .await;
        let text = heads.to_string();
        assert!(!text.contains("9990000018") && !text.contains("Maja"), "{text}");
        world.closes().await;

        let folder = world.folder.path.clone();
        let kept = folder.join("kept.json");
        std::fs::write(&kept, &text).unwrap();
        let kept = kept.to_str().unwrap();
        let good = kith(&["journal", "verify", "--head", kept], &folder);
        assert!(good.status.success() && said(&good).contains("2 signed heads agree"), "{}", said(&good));
        let export = kith(&["journal", "export"], &folder).stdout;
        let entries = export.iter().filter(|byte| **byte == b'\n').count();
        let elsewhere = verified_elsewhere(&export);
        assert!(elsewhere.starts_with(&format!("intact: {entries} entries")), "{elsewhere}");

        // Somebody who may write to the file cuts its end off, from the entry that was signed, and the heads with it.
        let count = heads["heads"][0]["count"].as_i64().unwrap();
        let options = SqliteConnectOptions::new().filename(world.folder.store());
        let mut file = SqliteConnection::connect_with(&options).await.unwrap();
        let cut =
            "DROP TRIGGER journal_is_not_cut; DROP TRIGGER journal_head_is_not_cut; DELETE FROM journal_head;
            DELETE FROM journal WHERE seq >= ";
        sqlx::raw_sql(AssertSqlSafe(format!("{cut}{count}"))).execute(&mut file).await.unwrap();
        drop(file);
        assert!(kith(&["journal", "verify"], &folder).status.success(), "a chain alone does not show it");
        let cut = kith(&["journal", "verify", "--head", kept, "--format", "json"], &folder);
        let told: Value = serde_json::from_slice(&cut.stdout).unwrap();
        assert_eq!((cut.status.code(), &told["entry"]), (Some(1), &json!(count)), "{told}");

        let mut forged = heads.clone();
        forged["heads"][0]["hash"] = json!("0".repeat(64));
        std::fs::write(folder.join("kept.json"), forged.to_string()).unwrap();
        let forged = kith(&["journal", "verify", "--head", kept], &folder);
        assert!(said(&forged).contains("is not signed as it says"), "{}", said(&forged));
        let changed = String::from_utf8(export).unwrap().replacen("north-centre", "south-centre", 1);
        assert!(verified_elsewhere(changed.as_bytes()).starts_with("broken at entry"));
    });
}
