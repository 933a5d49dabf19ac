//! Which texts are expressions, and how tightly operators bind.

use super::*;

#[test]
fn faults_stand_where_they_are() {
    for (text, at) in
        [("", 0), ("a.", 2), ("a b", 2), ("(a", 2), ("a.f(", 2), ("1 +", 3), ("%", 0), ("@T25", 0)]
    {
        assert!(matches!(parse(text), Err(fault) if fault.at >= at.min(text.len())), "{text}");
    }
    assert!(parse("nothere()").is_err());
    assert!(parse("count(1)").is_err());
    assert!(parse("'a'.matches('(')").is_err());
}

#[test]
fn what_nests_too_deep_is_refused() {
    assert!(parse(&"(".repeat(100_000)).is_err());
    assert!(parse(&format!("1{}", "+1".repeat(10_000))).is_err());
    assert!(parse(&"-".repeat(10_000)).is_err());
    assert!(parse(&format!("a{}", ".a".repeat(100))).is_ok());
}
