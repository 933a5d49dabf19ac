//! Units of measure, by the grammar of <https://ucum.org/ucum> (case-sensitive form): terms of `.` and `/`, brackets,
//! exponents, annotations, prefixes; and by UCUM's own table of symbols. What has the form of a unit and a symbol that is not in the table is
//! doubted and not refused: UCUM grows.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::grammar::Shape;

/// Brackets in brackets: no real unit has more than two.
const DEPTH_MAX: usize = 16;

/// UCUM's symbols.
static SYMBOLS: LazyLock<Symbols> =
    LazyLock::new(|| Symbols::read(include_str!("../../../profiles/core/units.txt")));

#[derive(Default)]
struct Symbols {
    prefixes: Vec<&'static str>,
    /// Those that take prefixes.
    metric: HashSet<&'static str>,
    /// Those that take none.
    plain: HashSet<&'static str>,
}

impl Symbols {
    fn read(table: &'static str) -> Self {
        let mut symbols = Self::default();
        for (what, symbol) in table.lines().filter_map(|line| line.split_once(' ')) {
            match what {
                "prefix" => symbols.prefixes.push(symbol),
                "metric" => _ = symbols.metric.insert(symbol),
                "plain" => _ = symbols.plain.insert(symbol),
                _ => {}
            }
        }
        symbols
    }

    fn has(&self, symbol: &str) -> bool {
        let is_metric = |symbol: &str| self.metric.contains(symbol);
        let is_prefixed = |prefix: &&str| symbol.strip_prefix(*prefix).is_some_and(is_metric);
        self.plain.contains(symbol) || is_metric(symbol) || self.prefixes.iter().any(is_prefixed)
    }
}

/// Whether a code is a unit.
pub(super) fn shape(code: &str) -> Shape {
    let mut reader = Reader { rest: code, unknown: None };
    // A leading `/` is allowed: `/min`.
    let is_slash = reader.eat('/') && code.len() == 1;
    let is_whole = !code.is_empty() && !is_slash && reader.term(0) && reader.rest.is_empty();
    match reader.unknown {
        _ if !is_whole => Shape::Bad,
        None => Shape::Good,
        Some(symbol) => Shape::Unsure(format!("UCUM has no unit symbol '{symbol}' that is known here")),
    }
}

struct Reader<'t> {
    rest: &'t str,
    /// The first symbol that is not in the table.
    unknown: Option<&'t str>,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        rest.inspect(|rest| self.rest = rest).is_some()
    }

    /// Components with `.` or `/` between them.
    fn term(&mut self, depth: usize) -> bool {
        loop {
            if !self.component(depth) {
                return false;
            }
            if !self.eat('.') && !self.eat('/') {
                return true;
            }
        }
    }

    fn component(&mut self, depth: usize) -> bool {
        if self.rest.starts_with('{') {
            return self.annotation();
        }
        if self.eat('(') {
            // The grammar has no annotation after brackets, but UCUM's own examples do: `g/(8.h){shift}`.
            return depth < DEPTH_MAX && self.term(depth + 1) && self.eat(')') && self.perhaps_annotation();
        }
        let symbol = self.symbol();
        if symbol.is_empty() {
            return false;
        }
        let is_number = symbol.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number && !SYMBOLS.has(symbol) && !SYMBOLS.has(without_exponent(symbol)) {
            self.unknown.get_or_insert(symbol);
        }
        self.perhaps_annotation()
    }

    /// Characters up to the next operator; square brackets keep theirs together, as in `[m/s2/Hz^0.5]`.
    fn symbol(&mut self) -> &'t str {
        let mut depth = 0usize;
        let end = self.rest.char_indices().find(|(_, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_operator = depth == 0 && matches!(c, '.' | '/' | '(' | ')' | '{' | '}');
            is_operator || !('!'..='~').contains(c) || *c == '"'
        });
        let (symbol, rest) = self.rest.split_at(end.map_or(self.rest.len(), |(at, _)| at));
        let is_balanced = symbol.matches('[').count() == symbol.matches(']').count();
        if !is_balanced {
            return "";
        }
        self.rest = rest;
        symbol
    }

    fn perhaps_annotation(&mut self) -> bool {
        !self.rest.starts_with('{') || self.annotation()
    }

    /// `{anything but braces}`, in ASCII.
    fn annotation(&mut self) -> bool {
        let Some((inside, rest)) = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            return false;
        };
        self.rest = rest;
        inside.chars().all(|c| ('!'..='~').contains(&c) && c != '{')
    }
}

/// `m2`, `s-1`, `10*3`: the symbol without its exponent.
fn without_exponent(symbol: &str) -> &str {
    let stem = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == symbol.len() { symbol } else { stem.strip_suffix(['-', '+']).unwrap_or(stem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_use_are_good() {
        for good in [
            "kg",
            "g",
            "cm",
            "mm[Hg]",
            "/min",
            "{score}",
            "%",
            "10*3/uL",
            "10*9/L",
            "kg/m2",
            "mmol/L",
            "Cel",
            "[degF]",
            "mL/min/{1.73_m2}",
            "ug/(8.h)",
            "[in_i]",
            "1",
            "wk",
            "mo",
            "a",
            "{breaths}/min",
            "m.s-2",
            "[lb_av]",
            "mg/dL",
            "[iU]/L",
            "dB",
            "meq/L",
            "[in_i'H2O]",
            "[m/s2/Hz^(1/2)]",
            "dB[10.nV]",
            "kcal_[15]",
            "10.uN.s/(cm5.m2)",
            "%[slope]",
            "g/(8.h){shift}",
        ] {
            assert_eq!(shape(good), Shape::Good, "{good}");
        }
    }

    #[test]
    fn what_breaks_the_grammar_is_bad_and_another_symbol_is_doubted() {
        for bad in ["", "/", "kg m", "mg/", "(mg", "mg)", "{a", "[in_i", "µg", "mg//L", "{a b}"] {
            assert_eq!(shape(bad), Shape::Bad, "{bad}");
        }
        for unknown in ["lbs", "kilogram", "[zz]", "mmHg", "KG", "m[in_i]", "bpm/min", "100g"] {
            assert!(matches!(shape(unknown), Shape::Unsure(_)), "{unknown}");
        }
    }

    #[test]
    fn deep_brackets_end() {
        assert_eq!(shape(&"(".repeat(100_000)), Shape::Bad);
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!((SYMBOLS.prefixes.len(), SYMBOLS.metric.len() + SYMBOLS.plain.len()), (24, 312));
    }
}
