//! Regular expressions, compiled once where they are known beforehand, and always in linear time (§5.6.9).

use regex::{Regex, RegexBuilder};

use super::fault::Fault;
use super::function::Function;
use super::tree::{Expr, ExprId, Tree};
use super::value::Value;

/// Larger compiled patterns are refused.
const SIZE_MAX: usize = 1 << 20;

/// Compiles a pattern; `whole` when all of the text must match. In single-line mode a dot is any character.
pub(super) fn compile(pattern: &str, flags: &str, whole: bool) -> Result<Regex, Fault> {
    if let Some(other) = flags.chars().find(|c| !matches!(c, 'i' | 'm')) {
        return Err(Fault::execution(format!("Patterns have no flag '{other}'; there are 'i' and 'm'.")));
    }
    let anchored = if whole { format!("^(?:{pattern})$") } else { pattern.to_owned() };
    RegexBuilder::new(&anchored)
        .dot_matches_new_line(true)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .size_limit(SIZE_MAX)
        .build()
        .map_err(|_| {
            Fault::execution(format!("'{pattern}' is no pattern that can be matched in linear time."))
        })
}

/// Compiles the pattern of a call whose arguments are literals, so that evaluation does not.
pub(super) fn prepare(
    tree: &mut Tree,
    id: ExprId,
    function: Function,
    arguments: &[ExprId],
) -> Result<(), Fault> {
    let flags = match function {
        Function::Matches | Function::MatchesFull => arguments.get(1),
        Function::ReplaceMatches => arguments.get(2),
        _ => return Ok(()),
    };
    let text = |id: &ExprId| match tree.get(*id) {
        Expr::Literal(Value::String(text)) => Some(text.as_ref()),
        _ => None,
    };
    let flags = match flags {
        Some(flags) => text(flags),
        None => Some(""),
    };
    if let (Some(pattern), Some(flags)) = (arguments.first().and_then(text), flags) {
        let regex = compile(pattern, flags, function == Function::MatchesFull)?;
        tree.patterns.push((id, regex));
    }
    Ok(())
}

/// The substitution as the crate reads it: `$1` stands for a group even when letters follow.
pub(super) fn substitution(text: &str) -> String {
    let mut whole = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        whole.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            whole.push_str(&format!("${{{}}}", after.get(..digits).unwrap_or_default()));
        } else {
            whole.push('$');
        }
        rest = after.get(digits..).unwrap_or_default();
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_named_by_number_or_name() {
        assert_eq!(substitution("$1a-$b-${c}$"), "${1}a-$b-${c}$");
    }

    #[test]
    fn a_pattern_may_match_a_part_or_the_whole() {
        assert!(compile("b", "", false).unwrap().is_match("abc"));
        assert!(!compile("b", "", true).unwrap().is_match("abc"));
        assert!(compile("^B.d", "im", false).unwrap().is_match("a\nb\nd"));
        assert!(compile("a", "x", false).is_err());
        assert!(compile("(a{1000}){1000}", "", false).is_err());
    }
}
