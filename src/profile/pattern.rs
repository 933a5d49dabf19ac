//! Patterns that a whole text must match, as definitions give them; matched in linear time, whatever the pattern.

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const SIZE_MAX: usize = 1 << 20;

/// Compiles a pattern; `None` when it is none, is too large, or asks for what takes more than linear time (looking ahead or behind,
/// back-references).
pub fn whole(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(SIZE_MAX).build().ok()
}

/// Whether a pattern that `whole` does not take is a pattern to others.
pub fn is_for_others(pattern: &str) -> bool {
    let back = |two: &[u8]| two[0] == b'\\' && matches!(two[1], b'1'..=b'9');
    pattern.contains("(?") || pattern.as_bytes().windows(2).any(back)
}

#[cfg(test)]
mod tests {
    use super::{is_for_others, whole};

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        let digits = whole("[0-9]+|x").unwrap();
        assert!(digits.is_match("12") && digits.is_match("x"));
        assert!(!digits.is_match("12a") && !digits.is_match("ax"));
    }

    #[test]
    fn what_is_no_pattern_here_may_be_one_elsewhere() {
        for (pattern, elsewhere) in
            [("a(", false), ("(?=a)b", true), (r"(a)\1", true), ("(a{1000}){1000}", false)]
        {
            assert!(whole(pattern).is_none(), "{pattern}");
            assert_eq!(is_for_others(pattern), elsewhere, "{pattern}");
        }
    }
}
