//! Walks through a journey: a folder of files, or of steps that are such folders, in one world.
//!
//! | file | meaning |
//! | --- | --- |
//! | `caller.json` | who calls (`who`, `token`), `method`, `path`, `headers`; `until`: a journal entry to wait for; `settles: false`: not for the end |
//! | `given.json`, `given.txt` | the body, as JSON or letter by letter; see [`body`] for what `given.txt` can say |
//! | `consents.json` | consents put on file before: `[{ "by": client, "consent": {…} }]` |
//! | `partners.json` | how partners are before the call: `up`, `down`, or a status to answer with |
//! | `sources.json` | what partners hold when they are asked: `{ partner: { type: [resource] } }`, or `{ partner: { number: { type: [resource] } } }`; for a list also `"slow"`, `"garbage"` or a status |
//! | `answer.json` | `status`, `headers`, `issues` (all of them, in order), `body` (a part of it) |
//! | `receipts.json` | by partner: `status`, `ground`, `items` |
//! | `delivered/PARTNER.json` | the one body that the partner takes in this step, exactly |
//! | `delivered/PARTNER.record.json` | the same, but the record that a FHIR body reads as |
//! | `absent.json` | by partner, or `*`: texts of which no delivered byte may hold one, from the first step on; by `answer`: texts of which this answer may hold none |
//! | `journal.json` | every entry that the step writes, in any order |
//!
//! A partner without a file takes nothing. An expectation file that is there and empty is filled with what was got when
//! `KITH_BLESS` is set; read it before you keep it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uuid::Uuid;

use super::caller::Request;
use super::expect::{self, Step};
use super::{Caller, Manner, World};

/// Where the folders are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys")
}

/// Walks through one journey and says everything that was not as expected.
pub async fn walk(name: &str) {
    let folder = folder().join(name);
    let world = World::start().await;
    let mut faults = Vec::new();
    let mut last_path = String::new();
    for place in steps(&folder) {
        let title = place.strip_prefix(self::folder()).expect("a step of ours").display().to_string();
        let step = take(&world, &title, place, &last_path).await;
        if let Some(location) = step.answer.header("location").filter(|_| step.answer.status < 300) {
            let path = location.strip_prefix("https://kith.test").unwrap_or(location);
            last_path = path.split("/_history/").next().unwrap_or_default().to_owned();
        }
        faults
            .extend(expect::faults(&world, &step).await.into_iter().map(|fault| format!("{title}: {fault}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The folder itself, or the folders in it by name.
fn steps(folder: &Path) -> Vec<PathBuf> {
    if folder.join("caller.json").exists() {
        return vec![folder.to_owned()];
    }
    let entries = fs::read_dir(folder).unwrap_or_else(|_| panic!("there is no {}", folder.display()));
    let mut steps: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    steps.sort();
    assert!(!steps.is_empty(), "{} is empty", folder.display());
    steps
}

/// A JSON file of a step, if it is there and not empty.
pub fn read(folder: &Path, name: &str) -> Option<Value> {
    let text = fs::read_to_string(folder.join(name)).ok().filter(|text| !text.trim().is_empty())?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}/{name}: {error}", folder.display())))
}

async fn take(world: &World, title: &str, place: PathBuf, last_path: &str) -> Step {
    for (partner, manner) in read(&place, "partners.json").iter().flat_map(|file| file.as_object()).flatten()
    {
        let partner = world.partner(partner);
        match (manner.as_str(), manner.as_u64()) {
            (Some("down"), _) => partner.goes_down().await,
            (Some("up"), _) => partner.comes_back().await,
            (Some("takes"), _) => partner.behaves(Manner::Take),
            (_, Some(status)) => {
                partner.behaves(Manner::Answer(u16::try_from(status).expect("a status"), json!({})));
            }
            _ => panic!("{title}: partners.json: up, down, takes or a status"),
        }
    }
    for (partner, held) in read(&place, "sources.json").iter().flat_map(|file| file.as_object()).flatten() {
        world.partner(partner).holds(held);
    }
    for (n, given) in read(&place, "consents.json").iter().filter_map(Value::as_array).flatten().enumerate() {
        let by = Caller::of(world, given["by"].as_str().expect("by"));
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{title}/{n}").as_bytes());
        by.asks(Request::new("POST", "/fhir/Consent").json(&given["consent"]).known_as(id)).await.expect(201);
    }
    let entries_before = world.journal().await.len();
    let arrived_before: BTreeMap<_, _> =
        world.partners().map(|partner| (partner.id(), partner.arrived().len())).collect();
    let caller = read(&place, "caller.json").unwrap_or_else(|| panic!("{title} has no caller.json"));
    let answer = call(world, title, &place, &caller, last_path).await;
    if let Some(entry) = caller.get("until") {
        world.wait_until_journal_says(entries_before, entry).await;
    }
    if caller["settles"] != false {
        world.wait_until_all_settled().await;
    }
    Step { place, caller, answer, entries_before, arrived_before }
}

async fn call(world: &World, title: &str, place: &Path, caller: &Value, last_path: &str) -> super::Answer {
    let text = |key: &str| caller[key].as_str();
    let path = text("path").expect("a path").replace("{location}", last_path);
    let mut request = Request::new(text("method").unwrap_or("POST"), &path)
        .known_as(Uuid::new_v5(&Uuid::NAMESPACE_OID, text("message").unwrap_or(title).as_bytes()));
    request.body = body(place);
    let headers = caller["headers"].as_object();
    let typed =
        headers.is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")));
    if request.body.is_some() && !typed {
        request = request.with("content-type", "application/json");
    }
    for (name, value) in headers.into_iter().flatten() {
        request = request.with(name, value.as_str().expect("a header is a text"));
    }
    let who = Caller::of(world, text("who").expect("who")).with_token(text("token").unwrap_or("good"));
    who.asks(request).await
}

/// The body: `given.json` as it stands, or `given.txt`, in which `{{spaces N}}` stands for so many spaces, `{{deep N}}`
/// for so many lists within each other, `{{nul}}` for the byte 0 and `{{not-utf8}}` for the byte 255.
fn body(place: &Path) -> Option<Vec<u8>> {
    if let Ok(json) = fs::read(place.join("given.json")) {
        return Some(json);
    }
    let text = fs::read_to_string(place.join("given.txt")).ok()?;
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        bytes.extend_from_slice(before.as_bytes());
        let (word, after) = after.split_once("}}").expect("a closed {{");
        let number = || word.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).expect("a number");
        match word.split(' ').next() {
            Some("spaces") => bytes.resize(bytes.len() + number(), b' '),
            Some("deep") => bytes.extend(format!("{}{}", "[".repeat(number()), "]".repeat(number())).bytes()),
            Some("nul") => bytes.push(0),
            Some("not-utf8") => bytes.push(0xff),
            _ => panic!("{}: given.txt knows no {{{{{word}}}}}", place.display()),
        }
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}
