//! Who may know whom. Rust does not hold this within one crate, so a test does.

use super::source::Source;

/// The rooms from the ground up. A room may name itself and rooms on floors below; rooms of one floor do not know each
/// other.
const FLOORS: &[&[&str]] = &[
    &["domain", "problem", "clock", "metrics", "trace", "lines"],
    &["message", "json", "journal"],
    &["record", "profile", "consent", "school", "births"],
    &["map", "reading", "route", "secrecy", "tls", "page"],
    &["catalogue", "store"],
    // The story: every branch a message can take.
    &["pipeline"],
    &["config"],
    // The edges: HTTP in, HTTP out, logs.
    &["receive", "deliver", "telemetry", "conformance"],
    &["server"],
    &["sandbox"],
    &["command"],
    &["main"],
];

/// What a room may name although it lies above, and why.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("config", "crate::receive::caller", "who may call is a setting, and `caller` reads its own")];

/// Rooms between the doors: no I/O, no clock, no environment.
const PURE: &[&str] = &[
    "domain",
    "lines",
    "message",
    "problem",
    "json",
    "record",
    "profile",
    "map",
    "reading",
    "consent",
    "school",
    "births",
    "route",
    "journal",
    "catalogue",
    "pipeline",
    "page",
];

/// Names from outside: where they may stand, and what to do elsewhere.
const OUTSIDE: &[(&str, &[&str], &str)] = &[
    // conformance puts a line with trouble on it before a Kith to try with.
    ("actix_web", &["receive", "server", "sandbox", "conformance"], "only receive knows HTTP in"),
    ("actix_http", &["receive", "server", "sandbox"], "only receive knows HTTP in"),
    (
        "reqwest",
        // search.rs reads queries by the type `Url`, which reqwest re-exports; it calls nobody.
        &[
            "deliver",
            "tls",
            "server",
            "sandbox",
            // To a vendor's system under test, with invented records.
            "conformance",
            // To the collector of traces.
            "telemetry",
            "src/receive/caller",
            "src/receive/search.rs",
            "src/receive/session",
        ],
        "only deliver speaks to partners, only receive/caller to identity providers",
    ),
    (
        "openidconnect",
        &["deliver", "sandbox", "src/receive/caller", "src/receive/session"],
        "tokens are for receive/caller, receive/session and deliver/token",
    ),
    ("opentelemetry", &["trace", "telemetry"], "only telemetry sends traces"),
    ("lettre", &["deliver"], "only deliver sends anything out"),
    ("sqlx", &["store"], "only store knows the database"),
    ("rustls", &["tls", "server", "sandbox", "deliver"], "one TLS library, set up in src/tls.rs"),
    ("cedar_policy", &["consent"], "only consent knows how policies are written"),
    ("age", &["secrecy"], "only secrecy knows how letters are sealed"),
    ("askama", &["page"], "only page knows how HTML is written"),
    ("jsonschema", &["record"], "only record knows how schemas are checked"),
    ("clap", &["command"], "only command knows the command line"),
    (
        "tokio",
        &["receive", "deliver", "store", "telemetry", "tls", "server", "sandbox", "command", "conformance"],
        "the stages are not async",
    ),
    (
        "std::fs",
        &["config", "secrecy", "store", "tls", "server", "sandbox", "command"],
        "take what was read as an argument",
    ),
    ("std::env", &["config"], "settings are read only in src/config"),
    (
        "std::net",
        &["config", "server", "sandbox", "deliver", "receive", "tls", "conformance", "command"],
        "no stage knows the network",
    ),
    ("std::process", &["main", "command"], "only the command line ends the program"),
    ("std::time::SystemTime", &[], "time comes in as an argument; the one clock is src/clock.rs"),
    ("Utc::now", &["clock"], "time comes in as an argument; the one clock is src/clock.rs"),
    ("Local::now", &[], "Kith reckons in UTC; the one clock is src/clock.rs"),
];

/// Names that a room above the ground keeps to itself: who alone may use them.
const KEPT: &[(&str, &[&str], &str)] = &[
    (
        "crate::deliver::token",
        &["deliver", "server", "sandbox", "src/command/conformance/login.rs"],
        "only deliver holds outbound credentials, but for those of a system under test",
    ),
    (
        "crate::deliver",
        &["deliver", "server", "sandbox", "src/command/conformance/login.rs"],
        "receive hands over through the store, never directly",
    ),
    (
        "crate::sandbox",
        &["sandbox", "src/command/sandbox.rs", "src/command.rs"],
        "what `serve` runs knows no demo",
    ),
];

/// What answers or tries without carrying anything on: what it may not name.
const ANSWER_ONLY: &[&str] = &[
    "src/conformance.rs",
    "src/conformance/call.rs",
    "src/conformance/line.rs",
    "src/conformance/messages.rs",
    "src/conformance/receiver.rs",
    "src/conformance/report.rs",
    "src/conformance/sender.rs",
    "src/receive/conformance.rs",
    "src/receive/openapi.rs",
    "src/receive/health.rs",
    "src/receive/pages.rs",
    "src/receive/terminology.rs",
    "src/receive/validation.rs",
    "src/receive/workbench.rs",
];

/// Whether it is one of these, or a part of one.
fn answers_only(path: &str) -> bool {
    let holds =
        |door: &&str| path == *door || path.starts_with(&format!("{}/", door.trim_end_matches(".rs")));
    ANSWER_ONLY.iter().any(holds)
}

/// Names by which a message is carried on.
const CARRYING: &[&str] =
    &["submission", "crate::deliver", "pipeline::carry", "crate::store", "Outbox", "enqueue"];

/// Whether the file may use what is allowed for these rooms and files.
fn among(file: &Source, allowed: &[&str]) -> bool {
    allowed.iter().any(|place| file.room() == *place || file.path.starts_with(place))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

fn inhabited(house: &[Source]) -> impl Iterator<Item = &Source> {
    house.iter().filter(|file| !file.is_test() && file.room() != "lib")
}

/// Names of rooms that do not lie below.
pub fn upward(house: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in inhabited(house) {
        let Some(here) = floor(file.room()) else {
            faults.push(format!(
                "{}:1: the room '{}' has no floor; give it one in tests/tidy/rooms.rs",
                file.path,
                file.room()
            ));
            continue;
        };
        let start = if file.room() == "main" { "kith" } else { "crate" };
        for (line, name) in file.names(start) {
            let room = name.split("::").nth(1).unwrap_or_default();
            let below = floor(room).is_none_or(|floor| floor < here) || room == file.room();
            let excepted =
                EXCEPTIONS.iter().any(|(who, what, _)| *who == file.room() && name.starts_with(what));
            if !below && !excepted {
                faults.push(format!(
                    "{}:{line}: {} may not know {room} ({name}); take what it needs as an argument or a trait",
                    file.path,
                    file.room()
                ));
            }
        }
        faults.extend(climbing(file));
    }
    faults
}

/// `super::` that leaves the room hides on whom the file leans.
fn climbing(file: &Source) -> Vec<String> {
    let depth = file.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').count();
    let climb = vec!["super"; depth].join("::");
    let lines = file.lines_with(&format!("{climb}::")).collect::<Vec<_>>();
    lines
        .into_iter()
        .map(|line| format!("{}:{line}: '{climb}' leaves the room; write 'crate::…'", file.path))
        .collect()
}

/// Names from outside the house where they do not belong.
pub fn outside(house: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in inhabited(house) {
        for (name, allowed, reason) in OUTSIDE {
            let (start, rest) = name.split_once("::").unwrap_or((name, ""));
            let named = file.names(start).into_iter().filter(|(_, path)| is_or_below(path, name, rest));
            if among(file, allowed) {
                continue;
            }
            let what = if PURE.contains(&file.room()) { "is pure and names" } else { "names" };
            faults.extend(named.map(|(line, path)| {
                format!("{}:{line}: {} {what} {path}; {reason}", file.path, file.room())
            }));
        }
    }
    faults
}

fn is_or_below(path: &str, name: &str, rest: &str) -> bool {
    rest.is_empty() || path == name || path.starts_with(&format!("{name}::"))
}

/// Names that are kept to few rooms, and doors that could send what they should only answer.
pub fn narrow(house: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in inhabited(house) {
        for (name, _, reason) in KEPT.iter().filter(|(_, allowed, _)| !among(file, allowed)) {
            let named = file.names("crate").into_iter().filter(|(_, path)| is_or_below(path, name, "-"));
            faults.extend(
                named.map(|(line, path)| {
                    format!("{}:{line}: {} names {path}; {reason}", file.path, file.room())
                }),
            );
        }
        if answers_only(&file.path) {
            for name in CARRYING {
                let lines: Vec<usize> = file.lines_with(name).collect();
                faults.extend(lines.into_iter().map(|line| {
                    format!("{}:{line}: this door only answers, yet it names '{name}'; a vendor's test can never reach deliver", file.path)
                }));
            }
        }
    }
    for path in ANSWER_ONLY.iter().filter(|path| !house.iter().any(|file| file.path == **path)) {
        faults.push(format!(
            "tests/tidy/rooms.rs:1: {path} is gone; take it from the list of doors that only answer"
        ));
    }
    faults
}
