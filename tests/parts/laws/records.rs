//! Records made from a kind's JSON Schema, in the keywords that `mappings/README.md` lists.

use std::sync::Arc;

use chrono::NaiveDate;
use kith::catalogue::Kind;
use kith::domain::{NhsNumber, Postcode, Upn};
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::text;

/// Lists are made at most this much longer than they must be: more items find no more faults, only slower.
const LIST_EXTRA: usize = 3;

/// Any record that the kind's schema allows.
pub fn of(kind: &Kind) -> BoxedStrategy<Value> {
    let maker = Maker { root: kind.schema.json(), words: text::words(kind) };
    maker.value(maker.root)
}

struct Maker<'s> {
    root: &'s Value,
    /// Words that are easily mistaken for something else.
    words: Arc<Vec<String>>,
}

impl Maker<'_> {
    fn value(&self, schema: &Value) -> BoxedStrategy<Value> {
        let schema = &self.resolved(schema);
        if let Some(fixed) = schema.get("const") {
            return Just(fixed.clone()).boxed();
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return proptest::sample::select(values.clone()).boxed();
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema),
            Some("array") => {
                let least = bound(schema, "minItems").unwrap_or(0);
                let most = bound(schema, "maxItems").unwrap_or(least + LIST_EXTRA).min(least + LIST_EXTRA);
                let items = self.value(&schema["items"]);
                proptest::collection::vec(items, least..=most).prop_map(Value::Array).boxed()
            }
            Some("string") => self.string(schema),
            Some("integer") => integer(schema),
            Some("number") => number(schema),
            Some("boolean") => any::<bool>().prop_map(|value| json!(value)).boxed(),
            other => panic!("the generator knows no type {other:?}"),
        }
    }

    /// What a `$ref` leads to, with what stands beside the `$ref` laid over it.
    fn resolved(&self, schema: &Value) -> Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return schema.clone() };
        let pointer = reference.strip_prefix('#').expect("a reference within the schema");
        let mut target = self.resolved(self.root.pointer(pointer).expect("the reference leads somewhere"));
        for (key, value) in schema.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref") {
            target[key] = value.clone();
        }
        target
    }

    fn object(&self, schema: &Value) -> BoxedStrategy<Value> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties =
            schema.get("properties").and_then(Value::as_object).expect("an object has properties");
        let some_of: Vec<BoxedStrategy<Option<Value>>> = properties
            .iter()
            .map(|(name, schema)| match required.contains(&name.as_str()) {
                true => self.value(schema).prop_map(Some).boxed(),
                false => proptest::option::of(self.value(schema)).boxed(),
            })
            .collect();
        let names: Vec<String> = properties.keys().cloned().collect();
        let together = some_of.prop_map(move |values| {
            let present = names.iter().cloned().zip(values).filter_map(|(name, value)| Some((name, value?)));
            present.collect::<Map<String, Value>>()
        });
        if !required.is_empty() {
            return together.prop_map(Value::Object).boxed();
        }
        // `minProperties: 1`: one property stands in where chance chose none.
        let one = Union::new(properties.iter().map(|(name, schema)| {
            let name = name.clone();
            self.value(schema).prop_map(move |value| (name.clone(), value)).boxed()
        }));
        let with_one = (together, one).prop_map(|(mut object, (name, value))| {
            if object.is_empty() {
                object.insert(name, value);
            }
            Value::Object(object)
        });
        with_one.boxed()
    }

    fn string(&self, schema: &Value) -> BoxedStrategy<Value> {
        let strategy = match (
            schema.get("pattern").and_then(Value::as_str),
            schema.get("format").and_then(Value::as_str),
        ) {
            (Some(pattern), _) => matching(pattern),
            (None, Some("text") | None) => text::any(
                &self.words,
                bound(schema, "minLength").unwrap_or(1),
                bound(schema, "maxLength").unwrap_or(100),
            ),
            (None, Some(format)) => formatted(format),
        };
        let most = bound(schema, "maxLength").unwrap_or(usize::MAX);
        strategy
            .prop_filter("maxLength", move |text| text.chars().count() <= most)
            .prop_map(Value::String)
            .boxed()
    }
}

fn bound(schema: &Value, keyword: &str) -> Option<usize> {
    schema.get(keyword).and_then(Value::as_u64).map(|value| value as usize)
}

fn matching(pattern: &str) -> BoxedStrategy<String> {
    // The generator makes whole matches and knows no anchors.
    let whole = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap_or(pattern);
    proptest::string::string_regex(whole)
        .unwrap_or_else(|error| panic!("the pattern {pattern}: {error}"))
        .boxed()
}

/// One strategy a format of `record/format.rs`.
fn formatted(format: &str) -> BoxedStrategy<String> {
    match format {
        "nhs-number" => (900_000_000..=999_999_999_u32).prop_map(nhs_number).boxed(),
        "ods-code" => matching("[A-Z0-9]{3,10}"),
        "school-urn" => matching("[0-9]{5,6}"),
        "upn" => (0_u64..1_000_000_000_000).prop_map(upn).boxed(),
        "postcode" => matching("[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}")
            .prop_filter("a postcode", |text| text.parse::<Postcode>().is_ok())
            .boxed(),
        "date" => day().boxed(),
        "clock-time" => matching("([01][0-9]|2[0-3]):[0-5][0-9]"),
        "fhir-date" => fhir_date().boxed(),
        "fhir-dateTime" => prop_oneof![
            fhir_date(),
            (
                day(),
                matching("([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"),
                matching("Z|[+-](0[0-9]|1[0-2]):(00|30)")
            )
                .prop_map(|(day, time, zone)| format!("{day}T{time}{zone}")),
        ]
        .boxed(),
        other => panic!("teach the generator in tests/parts/laws/records.rs the format '{other}'"),
    }
}

/// The next number from here whose check digit exists.
fn nhs_number(start: u32) -> String {
    let numbers = (start..).flat_map(|body| (0..=9).map(move |last| format!("{body}{last}")));
    numbers
        .into_iter()
        .find(|text| text.parse::<NhsNumber>().is_ok())
        .expect("one in eleven has no check digit")
}

/// These twelve digits with their check letter.
fn upn(digits: u64) -> String {
    let letters = "ABCDEFGHJKLMNPQRTUVWXYZ".chars();
    let mut numbers = letters.map(|letter| format!("{letter}{digits:012}"));
    numbers.find(|text| text.parse::<Upn>().is_ok()).expect("one letter is right")
}

fn day() -> impl Strategy<Value = String> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");
    prop_oneof![
        4 => (0..40_000_u64).prop_map(|days| days + 690_000),
        1 => 0..3_650_000_u64,
    ]
    .prop_map(move |days| (first + chrono::Days::new(days)).format("%Y-%m-%d").to_string())
}

fn fhir_date() -> impl Strategy<Value = String> {
    (day(), proptest::sample::select(vec![4_usize, 7, 10]))
        .prop_map(|(day, precision)| day[..precision].to_owned())
}

fn limits(schema: &Value, scale: u32) -> std::ops::RangeInclusive<i64> {
    let tens = 10_f64.powi(scale.cast_signed());
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_f64).map(|limit| limit * tens);
    let least = limit("minimum").map_or(-1_000_000_000, |limit| limit.ceil() as i64);
    least..=limit("maximum").map_or(1_000_000_000_000, |limit| limit.floor() as i64)
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    limits(schema, 0).prop_map(|value| json!(value)).boxed()
}

/// A number with up to six decimals, trailing zeros among them: `3.50` is more exact than `3.5`.
fn number(schema: &Value) -> BoxedStrategy<Value> {
    let scaled = (0..=6_u32).map(|scale| {
        limits(schema, scale).prop_map(move |value| {
            let digits = if scale == 0 { value.to_string() } else { decimal(value, scale as usize) };
            parsed(&digits)
        })
    });
    Union::new(scaled.map(Strategy::boxed)).boxed()
}

fn parsed(digits: &str) -> Value {
    serde_json::from_str(digits).expect("a number")
}

fn decimal(value: i64, scale: usize) -> String {
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, rest) = digits.split_at(digits.len() - scale);
    format!("{}{whole}.{rest}", if value < 0 { "-" } else { "" })
}
