//! Each rule is broken on purpose once: a rule that cannot fail holds nothing.

use super::source::Source;
use super::{rooms, shape};

/// The faults that a rule finds in a file of this text.
#[track_caller]
fn check(rule: fn(&[Source]) -> Vec<String>, path: &str, text: &str, expected: &[&str]) {
    let faults = rule(&[Source::of(path, text.to_owned())]);
    let met = faults.len() == expected.len()
        && faults.iter().zip(expected).all(|(fault, start)| fault.starts_with(start));
    assert!(met, "expected {expected:#?}, found {faults:#?}");
}

#[test]
fn a_room_that_looks_up_is_named() {
    check(
        rooms::upward,
        "src/map/cut.rs",
        "//! x\nuse crate::pipeline::carry;\n",
        &["src/map/cut.rs:2: map may not know pipeline"],
    );
    check(
        rooms::upward,
        "src/map.rs",
        "use crate::{domain::Item, store};\n",
        &["src/map.rs:1: map may not know store"],
    );
    check(
        rooms::upward,
        "src/receive/body.rs",
        "fn f() { crate::deliver::wake() }",
        &["src/receive/body.rs:1: receive may not know deliver"],
    );
    check(
        rooms::upward,
        "src/map/cut.rs",
        "use super::super::store;\n",
        &["src/map/cut.rs:1: 'super::super' leaves"],
    );
    check(rooms::upward, "src/new.rs", "", &["src/new.rs:1: the room 'new' has no floor"]);
    check(rooms::upward, "src/map/cut.rs", "use crate::domain::Item;\n// crate::store\n", &[]);
}

#[test]
fn a_stage_that_looks_outside_is_named() {
    let wrong =
        "use std::{fmt, fs};\nfn f() { chrono::Utc::now(); Utc::now(); }\nasync fn g() { tokio::spawn(x) }\n";
    let found = [
        "src/map/a.rs:3: map is pure and names tokio",
        "src/map/a.rs:1: map is pure and names std::fs",
        "src/map/a.rs:2: map is pure and names Utc::now",
    ];
    let faults = rooms::outside(&[Source::of("src/map/a.rs", wrong.to_owned())]);
    assert!(found.iter().all(|start| faults.iter().any(|fault| fault.starts_with(start))), "{faults:#?}");
    check(rooms::outside, "src/map/a.rs", "const A: &str = \"std::fs::read\"; // tokio::spawn\n", &[]);
    check(rooms::outside, "src/map/a.rs", "#[cfg(test)]\nmod tests { use std::fs; }\n", &[]);
}

#[test]
fn a_door_that_could_send_is_named() {
    let path = "src/receive/conformance.rs";
    let faults = rooms::narrow(&[Source::of(path, "use super::submission::submit;\n".to_owned())]);
    assert!(
        faults.iter().any(|fault| fault.starts_with(&format!("{path}:1: this door only answers"))),
        "{faults:#?}"
    );
    let faults = rooms::narrow(&[Source::of("src/command/serve.rs", "use crate::sandbox;\n".to_owned())]);
    assert!(faults.iter().any(|fault| fault.contains("names crate::sandbox")), "{faults:#?}");
}

#[test]
fn what_is_too_long_or_ends_suddenly_is_named() {
    let long = format!("fn f() {{\n{}}}\nfn g() {{}}\n", "    '{'; // }\n".repeat(70));
    check(shape::long_functions, "src/a.rs", &long, &["src/a.rs:1: f has 72 lines"]);
    check(shape::long_files, "src/a.rs", &"\n".repeat(301), &["src/a.rs:300: 301 lines"]);
    check(shape::first_lines, "src/a.rs", "use x;\n", &["src/a.rs:1: say in a first line"]);
    check(
        shape::sudden_ends,
        "src/a.rs",
        "fn f() { x.unwrap() } // .unwrap()\n",
        &["src/a.rs:1: '.unwrap()' ends"],
    );
}
