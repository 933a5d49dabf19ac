//! What a 14-day check costs each way, from text to text as `kith map --ndjson` does it, beside the floor: the same bytes parsed and
//! written by serde_json and nothing else. The parts are shown apart.
//!
//! `cargo bench --bench mapping` (KITH_KIND: another kind; its longest example is taken)

use std::hint::black_box;
use std::time::{Duration, Instant};

use kith::catalogue::{Catalogue, Kind};
use kith::json::{self, Limits, Tree};
use kith::map::{Envelope, to_fhir, to_record};
use kith::profile::Conformance;
use serde_json::Value;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(clippy::disallowed_methods, reason = "a measure is told its kind from outside")]
fn main() {
    // As a test it only has to work.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let lasts = Duration::from_millis(if measures { 2_000 } else { 20 });
    let name = std::env::var("KITH_KIND").unwrap_or_else(|_| "new-birth-visit".to_owned());
    let catalogue = Catalogue::builtin().expect("the mappings");
    let kind = catalogue.kind(&name).expect("a record kind");
    let example = kind.examples.iter().map(|(_, record)| record).max_by_key(|one| one.to_string().len());
    let record = example.expect("an example").to_string();
    let message = there(kind, record.as_bytes());
    println!("{name}: a record of {} bytes, a message of {}", record.len(), message.len());
    let floor = measure("the same bytes parsed and written (record in, message out)", lasts, || {
        let read: Value = serde_json::from_str(&record).expect("JSON");
        (read, serde_json::to_string(&parsed(&message)).expect("text"))
    });
    for (title, text) in [("record", &record), ("message", &message)] {
        let value = parsed(text);
        measure(&format!("  the {title} parsed by serde_json"), lasts, || parsed(text));
        let tree = read(text.as_bytes());
        measure(&format!("  the {title} read strictly as a value"), lasts, || {
            json::read(text.as_bytes(), Limits::default())
        });
        measure(&format!("  the {title} read strictly as a tree"), lasts, || read(text.as_bytes()));
        measure(&format!("  the {title} as a document"), lasts, || kith::json::document::parse(text, 64));
        measure(&format!("  the {title} written by serde_json"), lasts, || {
            serde_json::to_string(&value).expect("text")
        });
        measure(&format!("  the {title} written from its tree"), lasts, || tree.to_text());
    }
    let (value, bundle) = (parsed(&record), parsed(&message));
    measure("  held against its schema", lasts, || kind.schema.faults(&value));
    let (tree, read) = (Tree::of(&value), Tree::of(&bundle));
    measure("  to FHIR, trees alone", lasts, || {
        to_fhir(&kind.mapping, &tree, &Envelope::of_record(&name, &tree))
    });
    measure("  to record, trees alone", lasts, || to_record(&kind.mapping, &read));
    let conformance = Conformance::new(vec![], kith::clock::now).expect("the profiles");
    let profile = conformance.own(&format!("{name}-message"));
    assert!(conformance.issues(&message, &bundle, profile.as_deref()).is_empty(), "what is made conforms");
    measure("  the message held against its profile", lasts, || {
        conformance.issues(&message, &bundle, profile.as_deref())
    });
    let to = measure("record to FHIR, text to text", lasts, || there(kind, record.as_bytes()));
    let back = measure("FHIR to record, text to text", lasts, || back(kind, message.as_bytes()));
    println!("of the floor: to FHIR {:.1}, to record {:.1}", floor / to, floor / back);
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn read(text: &[u8]) -> Tree<'_> {
    json::tree(text, Limits::default()).expect("JSON")
}

fn there(kind: &Kind, text: &[u8]) -> String {
    let record = read(text);
    assert!(kind.schema.faults(&record.to_value()).is_empty());
    to_fhir(&kind.mapping, &record, &Envelope::of_record(&kind.name, &record)).0.to_text()
}

fn back(kind: &Kind, text: &[u8]) -> String {
    let message = read(text);
    let (record, _) = to_record(&kind.mapping, &message);
    assert!(kind.schema.faults(&record.to_value()).is_empty());
    record.to_text()
}

/// Runs for so long, prints and gives how often a second.
fn measure<T>(title: &str, lasts: Duration, mut what: impl FnMut() -> T) -> f64 {
    let begun = Instant::now();
    let mut times = 0_u32;
    while begun.elapsed() < lasts {
        black_box(what());
        times += 1;
    }
    let rate = f64::from(times) / begun.elapsed().as_secs_f64();
    println!("{title}: {rate:.0} a second, {:.1} µs each", 1e6 / rate);
    rate
}
