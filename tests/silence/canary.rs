//! Words that stand nowhere but in what was sent, and records that hold them in every field.

use kith::catalogue::Kind;
use serde_json::{Value, json};

/// Stands in every text that a record allows. No word of Kith's own contains it.
pub const CANARY: &str = "Kanarie";
/// What a text with a form of its own is exchanged for: NHS number, dates, postcode, telephone, UPRN.
pub const NUMBER: &str = "9991000267";
pub const OTHER_NUMBER: &str = "9991000275";
pub const BIRTH_DATE: &str = "2025-08-29";
pub const POSTCODE: &str = "CV99 1QX";
pub const PHONE: &str = "07700 900987";
pub const UPRN: &str = "100099907777";

pub const SECRETS: &[&str] = &[CANARY, NUMBER, OTHER_NUMBER, BIRTH_DATE, POSTCODE, PHONE, UPRN];

/// Every leaf of a value, as JSON pointers.
pub fn leaves(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(key, inner)| leaves(inner, &format!("{at}/{key}"))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(n, inner)| leaves(inner, &format!("{at}/{n}"))).collect()
        }
        _ => vec![at.to_owned()],
    }
}

/// The record with a canary in every field that takes one and stays valid.
pub fn planted(kind: &Kind, record: &Value) -> Value {
    let mut planted = record.clone();
    for (n, leaf) in leaves(record, "").into_iter().enumerate() {
        // Who the partners are is no secret, and decides whom it goes to.
        if ["odsCode", "urn", "ground", "decision"].iter().any(|known| leaf.ends_with(known)) {
            continue;
        }
        let text = format!("{CANARY} {n}");
        for secret in [NUMBER, BIRTH_DATE, POSTCODE, UPRN, PHONE, &text] {
            let before = planted.pointer(&leaf).unwrap().clone();
            *planted.pointer_mut(&leaf).unwrap() = json!(secret);
            if kind.schema.faults(&planted).is_empty() && fits(&leaf, secret) {
                break;
            }
            *planted.pointer_mut(&leaf).unwrap() = before;
        }
    }
    planted
}

/// A free text takes any secret; the ones with a form go where the form belongs.
pub fn fits(leaf: &str, secret: &str) -> bool {
    let name = leaf.rsplit('/').next().unwrap_or_default();
    match secret {
        NUMBER => name == "nhsNumber",
        BIRTH_DATE => name == "birthDate",
        POSTCODE => name == "postcode",
        UPRN => name == "uprn",
        PHONE => name == "phone",
        _ => true,
    }
}

/// The record broken at one leaf, in ways that a schema, a parser or a person would notice.
pub fn broken(record: &Value, leaf: &str) -> Vec<Value> {
    let nonsense = [
        json!(format!("{CANARY}\u{7}")),
        json!({ CANARY: NUMBER }),
        json!([NUMBER, BIRTH_DATE]),
        json!(9_991_000_267_u64),
        json!(CANARY.repeat(2_000)),
        json!(format!("{NUMBER}1")),
        Value::Null,
    ];
    let put = |value: Value| {
        let mut broken = record.clone();
        *broken.pointer_mut(leaf).unwrap() = value;
        broken
    };
    nonsense.into_iter().map(put).collect()
}
