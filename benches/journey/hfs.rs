//! What somebody could run instead who only wants to keep what comes: Helios FHIR Server on SQLite, which stores the resources of a message as
//! one transaction. It asks for no token here, maps nothing, decides nothing and delivers to nobody.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use serde_json::{Value, json};

use crate::sender::Target;
use crate::world::caller::HTTP;
use crate::world::load::free_port;

const RECORD: &str = "mappings/new-birth-visit/examples/full-with-permission.json";

/// The server on an empty database; ended when dropped.
pub struct Hfs {
    server: Child,
    port: u16,
}

impl Hfs {
    /// Starts it, if KITH_BENCH_HFS names its program; `benches/journey/run` says how that is built.
    #[allow(clippy::disallowed_methods, reason = "a measure is told from outside how much it shall do")]
    pub async fn starts(folder: &Path) -> Option<Self> {
        let program = std::env::var_os("KITH_BENCH_HFS")?;
        let port = free_port();
        let database = folder.join("hfs.sqlite");
        let log = fs::File::create(folder.join("hfs.log")).expect("a file");
        let mut command = Command::new(program);
        command.current_dir(folder).env("HFS_DATABASE_URL", database).env("HFS_LOG_LEVEL", "warn");
        command.args(["--port", &port.to_string()]);
        // What it brings with it beside the API of FHIR stays away, as do definitions that it would store first.
        for off in ["HFS_UI_ENABLED", "HFS_SOF_ENABLED", "HFS_NL_SEARCH_ENABLED", "HFS_SEED_CONFORMANCE"] {
            command.env(off, "false");
        }
        let server = command.stdout(log.try_clone().expect("a file")).stderr(log).spawn().expect("it starts");
        let one = Self { server, port };
        for _ in 0..600 {
            let answer = HTTP.get(format!("{}/metadata", one.base())).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Some(one);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        println!("Helios FHIR Server did not answer within a minute: not measured");
        None
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its door for transactions, and the message that Kith's senders send, as one.
    pub fn target(&self) -> Target {
        let url = self.base();
        let body = transaction().to_string().into();
        Target { url, authorization: "none".into(), body, content_type: "application/fhir+json" }
    }
}

/// The message as Kith makes it of the record, each resource of it to be created.
fn transaction() -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    let made =
        command.args(["map", "to-fhir", "--kind", "new-birth-visit", RECORD]).output().expect("it runs");
    let mut bundle: Value = serde_json::from_slice(&made.stdout).expect("a Bundle");
    bundle["type"] = json!("transaction");
    for entry in bundle["entry"].as_array_mut().expect("entries") {
        let url = entry["resource"]["resourceType"].clone();
        entry["request"] = json!({ "method": "POST", "url": url });
    }
    bundle
}

impl Drop for Hfs {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
