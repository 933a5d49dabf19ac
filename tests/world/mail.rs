//! A real SMTP server for tests: `tests/world/mail/mail.mjs` in a process of its own, ended with the test.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::authority::AUTHORITY;
use super::until;

/// Who may send there.
pub const USER: &str = "kith";
pub const PASSWORD: &str = "a password of the tests";

/// The running server.
pub struct MailServer {
    process: Child,
    port: u16,
    letters: Arc<Mutex<Vec<Value>>>,
    /// It ends when this does.
    _settings: ChildStdin,
}

impl MailServer {
    /// Starts it on a port; 0 for any that is free.
    pub fn start(port: u16) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world/mail");
        let missing = "run tests/run once, it installs them (npm ci in tests/world/mail)";
        assert!(folder.join("node_modules/smtp-server").is_dir(), "{missing}");
        let mut process = Command::new("node")
            .arg(folder.join("mail.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|_| panic!("{missing}"));
        let (cert, key) = AUTHORITY.server_pem();
        let settings = json!({ "port": port, "user": USER, "password": PASSWORD, "cert": cert, "key": key });
        let mut input = process.stdin.take().expect("stdin is piped");
        writeln!(input, "{settings}").expect("the server reads");
        let mut output = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let ready = line(&mut output).expect("a mail server that is ready");
        let port = u16::try_from(ready["port"].as_u64().expect("a port")).expect("a port");
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        std::thread::spawn(move || {
            while let Some(letter) = line(&mut output) {
                kept.lock().expect("the letters").push(letter);
            }
        });
        Self { process, port, letters, _settings: input }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every letter so far: `from`, `to`, `secure`, `user`, `text`.
    pub fn letters(&self) -> Vec<Value> {
        self.letters.lock().expect("the letters").clone()
    }

    /// Waits for a letter of which that holds.
    pub async fn letter(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        until(what, || async { self.letters().into_iter().find(|letter| holds(letter)) }).await
    }
}

fn line(output: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut text = String::new();
    let length = output.read_line(&mut text).ok()?;
    if length == 0 { None } else { serde_json::from_str(&text).ok() }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
