//! `kith sandbox` as a stranger runs it: the story it prints, the three lines to copy, and nothing left behind.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The last line of the story.
const END: &str = "It goes on until Ctrl-C";

struct Sandbox {
    child: Child,
    out: BufReader<ChildStdout>,
    story: String,
}

impl Sandbox {
    fn start(port: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["sandbox", "--port", port])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut story = String::new();
        while !story.contains(END) {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let mut errors = String::new();
                child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
                panic!("the sandbox ended before its story did:\n{story}{errors}");
            }
            story.push_str(&line);
        }
        Self { child, out, story }
    }

    /// The part of the story under a number, its lines joined so that they can be searched.
    fn chapter(&self, number: usize) -> String {
        let begin = self.story.find(&format!("\n{number}. ")).unwrap();
        let rest = &self.story[begin..];
        let end = rest.find("Receipts:").unwrap();
        rest[..end].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn curls(&self) -> Vec<&str> {
        self.story.lines().filter(|line| line.starts_with("curl ")).collect()
    }

    fn folder(&self) -> PathBuf {
        let begin = self.story.find("'@").unwrap() + 2;
        let file = self.story[begin..].split('\'').next().unwrap();
        PathBuf::from(file).parent().unwrap().to_owned()
    }

    /// The beginning of the line of the cast with this name, then its address.
    fn address(&self, name: &str) -> &str {
        let line = self.story.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line.split_whitespace().find(|word| word.starts_with("http://")).unwrap()
    }

    fn signal(&mut self, signal: &str) -> (Option<i32>, String) {
        run(&format!("kill -{signal} {}", self.child.id()));
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                let mut rest = String::new();
                self.out.read_to_string(&mut rest).unwrap();
                self.child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
                return (status.code(), rest);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the sandbox does not end");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Only a test that failed leaves it running; asked to end, it takes its folder with it.
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn run(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{line}\n{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn says(chapter: &str, words: &[&str]) {
    for word in words {
        assert!(chapter.contains(word), "not said: {word}\n{chapter}");
    }
}

#[track_caller]
fn does_not_say(chapter: &str, words: &[&str]) {
    for word in words {
        assert!(!chapter.contains(word), "said: {word}\n{chapter}");
    }
}

#[test]
fn the_story_the_lines_and_a_clean_end() {
    let mut sandbox = Sandbox::start("0");
    the_story_is_told(&sandbox);
    the_lines_work_as_printed(&sandbox);
    the_council_gets_its_list(&sandbox);
    nobody_gets_in_without_a_token(&sandbox);

    let folder = sandbox.folder();
    let mode = run(&format!("stat -c %a '{}'", folder.display()));
    assert_eq!(mode.trim(), "700");
    let (code, rest) = sandbox.signal("TERM");
    assert_eq!(code, Some(0), "{rest}");
    assert_eq!(rest, "", "nothing but the story is printed");
    assert!(!folder.exists());
}

fn the_story_is_told(sandbox: &Sandbox) {
    let first = sandbox.chapter(1);
    says(
        &first,
        &[
            "Kenford North Children's Centre: delivered, on the ground of consent",
            "It receives name, birth date and address. A person with parental responsibility agreed",
            "It does not receive NHS number. No consent that can be relied on covers it",
            "child.name.family: Whitlock",
            "child.address.postcode: CV99 1AA",
        ],
    );
    does_not_say(
        &first,
        &["nhsNumber", "9990000018", "Hannah", "household[]", "language.", "feeding", "child.sex"],
    );

    let second = sandbox.chapter(2);
    says(
        &second,
        &[
            "It receives name, birth date, address, feeding and needs and plans.",
            "It does not receive the mother's well-being. It is the mother's own information",
            "feeding.method: breast-and-bottle",
            "Weir Lane Surgery: delivered, on the ground of direct care",
        ],
    );
    does_not_say(&second, &["measurements.weight", "epds", "9990000018", "household[]"]);

    let third = sandbox.chapter(3);
    says(
        &third,
        &[
            "Kenford North Children's Centre: delivered, on the ground of the safeguarding duty",
            "It receives name, birth date, NHS number and safeguarding. It may be shared to protect the child",
            "register[].type: child-protection-plan",
            "notice.reason: Those who see Jaden each week",
            "Kenford School Nursing: delivered, on the ground of the safeguarding duty",
            "Kenford Health Visiting: delivered",
        ],
    );
    does_not_say(&third, &["child.address", "CV99", "Shona"]);

    let fourth = sandbox.chapter(4);
    says(
        &fourth,
        &[
            "Kenford North Children's Centre: told nothing, and does not learn of it",
            "It does not receive name, birth date and address. A person with parental responsibility refused it.",
            "its system got nothing.",
        ],
    );
    // What a recipient gets never speaks of what it does not get.
    does_not_say(&sandbox.story, &["notice.reason: Kenford", "failed", "Not delivered"]);
}

fn the_lines_work_as_printed(sandbox: &Sandbox) {
    let curls = sandbox.curls();
    let [check, receipts, flag, school] = curls.as_slice() else { panic!("four lines, not {}", curls.len()) };
    for _ in 0..2 {
        let answer = run(check);
        says(
            &answer,
            &["HTTP/1.1 202 Accepted", "Kenford North Children's Centre: to be told", "location: "],
        );
    }
    says(&run(receipts), &["HTTP/1.1 200 OK", "\"resourceType\":\"Task\"", "\"searchset\""]);
    says(&run(flag), &["HTTP/1.1 201 Created", "etag: W/\"1\""]);
    says(&run(flag), &["HTTP/1.1 422", "has this flag from you already"]);
    says(&run(school), &["HTTP/1.1 200 OK", "\"valueCode\":\"attending\"", "Kenford Primary School"]);

    let received = format!("curl -sS {}/received", sandbox.address("Kenford North Children's Centre"));
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let got = run(&received);
        if got.contains("\"Behrouz\"") && got.contains("\"about\": \"safeguarding-flag\"") {
            does_not_say(&got, &["3.64", "whooley", "9990001383", "does not receive"]);
            return;
        }
        assert!(Instant::now() < until, "{got}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn the_council_gets_its_list(sandbox: &Sandbox) {
    let lines: Vec<&str> =
        sandbox.story.lines().filter(|line| line.contains(" births ") && line.starts_with('/')).collect();
    let [make, open] = lines.as_slice() else { panic!("two lines, not {}", lines.len()) };
    says(
        &run(make),
        &[
            "Kenford North Children's Centre: ",
            "* on the list",
            "In no centre's area: * born",
            "The list is in",
        ],
    );
    let list = run(open);
    assert_eq!(list.lines().count(), 2, "{list}");
    says(&list, &["Whitlock", "CV99 1AA", "kenford-north-centre"]);
    does_not_say(&list, &["Penhallow", "9990000018"]);
}

fn nobody_gets_in_without_a_token(sandbox: &Sandbox) {
    let status = |rest: &str| run(&format!("curl -sS -o /dev/null -w '%{{http_code}}' {rest}"));
    let json = "-H 'Content-Type: application/json' -d '{}'";
    let centre = sandbox.address("Kenford North Children's Centre");
    assert_eq!(status(&format!("{centre} {json}")), "401");
    // A partner's own token for Kith opens no other partner's system.
    let bearer = sandbox.curls()[0].split("-H ").nth(1).unwrap().trim();
    assert_eq!(status(&format!("{centre} {json} -H {bearer}")), "401");
    assert_eq!(status(&format!("{}/records/new-birth-visit {json}", sandbox.address("Kith "))), "401");
    let provider = sandbox.address("Demo identity provider");
    let wrong = "-d grant_type=client_credentials -d client_id=weir-lane-surgery -d client_secret=guess";
    assert_eq!(status(&format!("{provider}/token {wrong}")), "401");
}

#[test]
fn a_port_that_is_taken_is_named_in_a_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output =
        Command::new(env!("CARGO_BIN_EXE_kith")).args(["sandbox", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&format!("cannot listen on 127.0.0.1:{port}")) && said.contains("--port 0"),
        "{said}"
    );
    assert!(output.stdout.is_empty());
}
