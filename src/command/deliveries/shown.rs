//! Deliveries as text for people and as JSON for machines. No name, no number of a child: deliveries hold none.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Format;
use crate::clock;
use crate::journal::Entry;
use crate::pipeline::{House, unavailable};
use crate::problem::Problem;
use crate::store::{Delivery, Matches};

/// What lies in the outbox, by recipient, and who is parked.
pub(super) async fn load(house: &House, format: Format) -> Result<String, Problem> {
    let load = house.operations.load().await.map_err(|error| unavailable(&error))?;
    let parked = house.operations.parked().await.map_err(|error| unavailable(&error))?;
    let parked: BTreeMap<_, _> = parked.into_iter().map(|one| (one.recipient.clone(), one)).collect();
    let mut rows =
        vec![["recipient", "waiting", "under way", "failed", "oldest", "parked"].map(str::to_owned)];
    let mut values = Vec::new();
    let recipients = house.directory.partners().map(|partner| &partner.id);
    let mut names: Vec<_> =
        recipients.chain(load.iter().map(|one| &one.recipient)).chain(parked.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let of = load.iter().find(|one| &one.recipient == name);
        let held = parked.get(name);
        if of.is_none() && held.is_none() {
            continue;
        }
        let number = |pick: fn(&crate::store::Load) -> u64| of.map(pick).unwrap_or_default();
        let (waiting, under_way, failed) =
            (number(|load| load.waiting), number(|load| load.under_way), number(|load| load.failed));
        let oldest = of.and_then(|load| load.oldest);
        values.push(json!({
            "recipient": name, "waiting": waiting, "underWay": under_way, "failed": failed, "oldest": oldest,
            "parked": held.map(|one| one.since),
        }));
        rows.push([
            name.to_string(),
            waiting.to_string(),
            under_way.to_string(),
            failed.to_string(),
            oldest.map(ago).unwrap_or_default(),
            held.map(|one| format!("since {}", second(one.since))).unwrap_or_default(),
        ]);
    }
    if format == Format::Json {
        return Ok(Value::Array(values).to_string());
    }
    if rows.len() == 1 {
        return Ok("Nothing waits, nothing failed, and nobody is parked.".to_owned());
    }
    Ok(table(&rows))
}

/// A page of deliveries.
pub(super) fn list(found: &[Delivery], total: Matches, format: Format) -> String {
    if format == Format::Json {
        let deliveries: Vec<Value> = found.iter().map(value).collect();
        return json!({ "total": total.exactly(), "totalAtLeast": total.at_least(), "deliveries": deliveries }).to_string();
    }
    let mut rows =
        vec![["delivery", "state", "kind", "from", "to", "accepted", "attempts"].map(str::to_owned)];
    rows.extend(found.iter().map(|one| {
        [
            one.id.to_string(),
            word(one),
            one.kind.clone(),
            one.sender.to_string(),
            one.recipient.to_string(),
            ago(one.created),
            one.attempts.to_string(),
        ]
    }));
    format!("{}\n{} of {total}", table(&rows), found.len())
}

/// One delivery and what the journal has of it.
pub(super) fn life(one: &Delivery, entries: &[(u64, Entry)], format: Format) -> String {
    if format == Format::Json {
        let entries: Vec<Value> = entries
            .iter()
            .map(|(number, entry)| json!({ "entry": number, "at": entry.at, "event": entry.event, "note": entry.note }))
            .collect();
        return json!({ "delivery": value(one), "life": entries }).to_string();
    }
    let mut lines = vec![
        format!("{} of message {} from {} to {}", one.kind, one.message_id, one.sender, one.recipient),
        format!("{}; attempts: {}", word(one), one.attempts),
    ];
    lines.extend(one.note.lines().map(str::to_owned));
    lines.push(String::new());
    lines.extend(entries.iter().map(|(number, entry)| {
        let note = entry.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        format!("{}  {}{note}  (entry {number})", second(entry.at), entry.event.name())
    }));
    lines.join("\n")
}

fn value(one: &Delivery) -> Value {
    json!({
        "id": one.id, "messageId": one.message_id, "state": one.state, "kind": one.kind, "from": one.sender,
        "to": one.recipient, "ground": one.ground, "accepted": one.created, "changed": one.updated,
        "due": one.due, "attempts": one.attempts, "acknowledged": one.acknowledged, "note": one.note,
    })
}

fn word(one: &Delivery) -> String {
    json!(one.state).as_str().unwrap_or_default().to_owned()
}

fn second(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How long ago, in the largest unit that says it well.
fn ago(at: DateTime<Utc>) -> String {
    let seconds = (clock::now() - at).num_seconds().max(0);
    match seconds {
        0..120 => format!("{seconds} s ago"),
        120..7_200 => format!("{} min ago", seconds / 60),
        7_200..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// Rows in columns as wide as what stands in them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
