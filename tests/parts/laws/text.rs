//! Text as people and systems write it: names of the world, marks that other languages read as their own, and words that
//! a code map already uses.

use std::sync::Arc;

use kith::catalogue::Kind;
use proptest::prelude::*;

/// Text that has broken programs before.
const AWKWARD: &[&str] = &[
    "  leading blanks",
    "trailing blank ",
    "\ttabbed",
    "two\nlines",
    "carriage\r\nreturn",
    "\"quoted\"",
    "O'Brien-Łukasz",
    "a|b|c",
    "{{braces}} [brackets] <b>&amp;</b>",
    "back\\slash \\u0041 \\n",
    "`code`",
    "null",
    "true",
    "0",
    "3.50",
    "e\u{301} is not é",
    "👶🏽👩‍👧",
    "\u{200f}שלום",
    "\u{feff}mark first",
    "line\u{2028}separator",
    "/0/1",
    "~1~0",
    "#",
    "@nhs-number",
    "is @sct|1 \"x\"",
    "= active",
    "-> child",
    "$ref",
    "resourceType",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "Patient/child",
    "https://kith.example/fhir/CodeSystem/sex",
    "—",
];

/// The words of the kind's code maps: record values, codes and displays. In an open field they are a sender's own words.
pub fn words(kind: &Kind) -> Arc<Vec<String>> {
    let maps =
        kind.mapping.sections.iter().flat_map(|section| &section.rows).filter_map(|row| row.shape.code_map());
    let mut words: Vec<String> = maps
        .flat_map(|map| map.meanings())
        .flat_map(|meaning| {
            let codes = meaning.codes.iter().flat_map(|code| [code.code.clone(), code.display.clone()]);
            [meaning.value.clone(), meaning.display.clone()].into_iter().chain(codes).collect::<Vec<_>>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words.dedup();
    words.push("other words".to_owned());
    Arc::new(words)
}

/// Text of the format `text` with so many characters.
pub fn any(words: &Arc<Vec<String>>, least: usize, most: usize) -> BoxedStrategy<String> {
    let words = Arc::clone(words);
    let awkward = AWKWARD.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let plain = proptest::string::string_regex("[A-Za-z][A-Za-z' -]{0,12}").expect("a pattern");
    let wild = proptest::string::string_regex("\\PC{1,12}").expect("a pattern");
    let long = proptest::char::range('a', 'é').prop_map(move |c| c.to_string().repeat(most));
    let text = prop_oneof![
        8 => plain,
        4 => proptest::sample::select(awkward),
        4 => proptest::sample::Index::arbitrary().prop_map(move |index| index.get(&words).clone()),
        4 => wild,
        1 => long,
    ];
    text.prop_map(move |text| fitted(&text, least, most)).boxed()
}

/// The text made to satisfy format and lengths.
fn fitted(text: &str, least: usize, most: usize) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let mut fitted: String = text.chars().filter(allowed).take(most).collect();
    if fitted.chars().all(char::is_whitespace) {
        fitted = "x".to_owned();
    }
    while fitted.chars().count() < least {
        fitted.push('x');
    }
    fitted
}
