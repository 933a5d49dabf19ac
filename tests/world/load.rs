//! The built program under a steady load, to be killed: who sends, what was accepted, and what recipients hold in the end.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::caller::Request;
use super::{Caller, FakePartner, Folder, World, until};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const CHILDREN: [&str; 4] = ["9990000018", "9991000283", "9991000291", "9991000305"];
/// The recipients that every message has.
pub const RECIPIENTS: [&str; 2] = ["north-centre", "weir-lane"];

/// Numbers that look random and are the same in every run (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// The built program; killed for good when the test ends, however it ends.
pub struct Program(Child);

impl Program {
    pub fn start(folder: &Folder) -> Self {
        Self::start_with(folder, &[])
    }

    /// With these variables of its environment.
    pub fn start_with(folder: &Folder, variables: &[(&str, String)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
        command.arg("serve").arg("--config").arg(&folder.path);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts"))
    }

    /// How much memory it holds, in kB.
    pub fn resident_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }

    /// How long it has worked, on all processors together: Linux counts in hundredths of a second.
    pub fn worked(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        // The name, in brackets, may hold blanks; after it come user and system time as the 12th and 13th.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        Duration::from_millis(fields.filter_map(|one| one.parse::<u64>().ok()).sum::<u64>() * 10)
    }

    /// Tells it to end, as an operator or the machine does; it may take its time.
    pub fn is_told_to_end(&self) {
        let told = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status();
        assert!(told.expect("kill").success());
    }

    /// SIGKILL: no warning, no farewell.
    pub fn kill(&mut self) {
        self.0.kill().expect("it could be killed");
        let ended = self.0.wait().expect("it ended");
        assert!(ended.code().is_none(), "it had ended by itself: {ended}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A message that was answered 202: which child's, and the how manieth of that child.
pub struct Sent {
    pub child: usize,
    pub turn: usize,
    pub id: Uuid,
}

/// A child's check that tells its turn.
pub fn check(child: usize, turn: usize) -> Value {
    let mut check: Value = serde_json::from_str(CHECK).unwrap();
    check["child"]["nhsNumber"] = json!(CHILDREN[child]);
    check["needs"]["plan"][0]["action"] = json!(format!("Turn {turn}"));
    check
}

/// A health visitor's system that sends one child's checks, each until it is answered, always by the same id.
async fn sends(bases: Vec<String>, child: usize, done: Arc<AtomicBool>) -> (Vec<Sent>, usize) {
    let (mut sent, mut again) = (Vec::new(), 0);
    while !done.load(Ordering::Relaxed) {
        let turn = sent.len();
        let (check, id) = (check(child, turn), Uuid::new_v4());
        loop {
            // To another gateway when one did not answer, where there are several.
            let caller = Caller::at(&bases[(child + again) % bases.len()], "health-visitor");
            let request = Request::new("POST", "/records/new-birth-visit").json(&check).known_as(id);
            match caller.tries(request).await {
                Ok(answer) if answer.status == 202 => break,
                Ok(answer) => {
                    assert_eq!(answer.status, 503, "{}", answer.text());
                    println!("to be sent again: {}", answer.text());
                }
                Err(cause) => println!("to be sent again: {cause:?}"),
            }
            again += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        sent.push(Sent { child, turn, id });
    }
    (sent, again)
}

/// The messages by the ids under which this recipient is to get them: a recipient sees no id of the message itself.
fn deliveries<'s>(recipient: &str, sent: &'s [Sent]) -> BTreeMap<String, &'s Sent> {
    let name = format!("health-visiting/{recipient}");
    sent.iter().map(|one| (Uuid::new_v5(&one.id, name.as_bytes()).to_string(), one)).collect()
}

/// What a recipient got, looked at as it would: by the ids. Answers how often it got something again.
fn judge(partner: &FakePartner, sent: &BTreeMap<String, &Sent>) -> usize {
    let mut first: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut turns = [0; CHILDREN.len()];
    let mut again = 0;
    for delivered in partner.arrived().iter().filter(|delivered| delivered.status != 401) {
        let (id, body) = (delivered.id().to_owned(), delivered.bytes.clone());
        if let Some(bytes) = first.get(&id) {
            assert_eq!(bytes, &body, "the same message again has its id and its bytes");
            again += 1;
            continue;
        }
        let sent = sent.get(&id).unwrap_or_else(|| panic!("{} got what nobody sent", partner.id()));
        assert_eq!(sent.turn, turns[sent.child], "a child's messages arrive in their order");
        assert!(
            delivered.text().contains(&format!("Turn {}\"", sent.turn)),
            "the message is the one that was sent"
        );
        turns[sent.child] += 1;
        first.insert(id, body);
    }
    assert_eq!(first.len(), sent.len(), "{} got every message that was accepted", partner.id());
    again
}

/// Waits until everything is settled; then what was accepted is what recipients hold, once and in its order, every receipt says so, and the
/// journal is intact. Answers how often each recipient got something again.
pub async fn everything_is_there(world: &World, base: &str, sent: &[Sent]) -> Vec<usize> {
    let caller = Caller::at(base, "health-visitor");
    until("everything is delivered", || async {
        let path = "/fhir/Task?status=requested,in-progress&_count=0";
        let answer = caller.gets(path).await;
        (answer.status == 200 && answer.json()["total"] == 0).then_some(())
    })
    .await;
    let completed = caller.gets("/fhir/Task?status=completed&_count=0").await.expect(200).json();
    assert_eq!(completed["total"], sent.len() * RECIPIENTS.len(), "every receipt says completed");
    let again = RECIPIENTS.iter().map(|partner| judge(world.partner(partner), &deliveries(partner, sent)));
    let again = again.collect();
    journal_is_intact(&world.folder);
    again
}

/// A port that is free and stays so: below those that connections are given, so that none takes it between two starts, and given once.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 5_000).unwrap();
    let mut next = || first + GIVEN.fetch_add(1, Ordering::Relaxed);
    std::iter::repeat_with(&mut next)
        .take(5_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

pub async fn is_live(base: &str) -> Option<()> {
    let caller = Caller::at(base, "health-visitor").with_token("missing");
    caller.tries(Request::new("GET", "/health/live")).await.ok().map(|_| ())
}

pub fn journal_is_intact(folder: &Folder) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    let output = command.args(["journal", "verify", "--config"]).arg(&folder.path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A system for each child that sends one message after the other.
pub struct Load {
    done: Arc<AtomicBool>,
    senders: Vec<JoinHandle<(Vec<Sent>, usize)>>,
}

impl Load {
    /// They begin to send to gateways at these addresses.
    pub fn start(bases: &[String]) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let sender = |child| tokio::spawn(sends(bases.to_vec(), child, Arc::clone(&done)));
        Self { senders: (0..CHILDREN.len()).map(sender).collect(), done }
    }

    /// They end; and what was accepted is what recipients hold, once and in its order, whatever was killed so often. Answers how often
    /// senders had to try again.
    pub async fn ends(self, world: &World, base: &str, kills: usize) -> usize {
        self.done.store(true, Ordering::Relaxed);
        let (mut sent, mut tried_again) = (Vec::new(), 0);
        for sender in self.senders {
            let (messages, again) = sender.await.expect("it ends");
            sent.extend(messages);
            tried_again += again;
        }
        let again = everything_is_there(world, base, &sent).await;
        assert!(sent.len() > kills, "only {} messages went through", sent.len());
        println!(
            "{kills} kills, {} messages, {tried_again} sent again; delivered again under the same id: {again:?} {RECIPIENTS:?}",
            sent.len()
        );
        tried_again
    }
}
