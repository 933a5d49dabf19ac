//! Units of measure, by the grammar of <https://ucum.org/ucum> (case-sensitive form): terms of `.` and `/`, brackets,
//! exponents, annotations, prefixes. A unit whose symbol is not in the list below is doubted and not refused.

use super::grammar::Shape;

/// Brackets in brackets: no real unit has more than two.
const DEPTH_MAX: usize = 16;

/// Symbols that take metric prefixes.
#[rustfmt::skip]
const METRIC: &[&str] = &[
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S",
    "Wb", "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "l", "L", "ar", "t", "bar", "u", "eV", "pc", "cal",
    "cal_IT", "cal_th", "B", "Np", "Bd", "bit", "By", "eq", "osm", "kat", "U", "m[H2O]", "m[Hg]", "[iU]",
    "[IU]", "dyn", "erg", "P", "St", "Ci", "R", "g%", "G", "Mx", "Oe", "Gb", "st", "tex", "bit_s", "B[SPL]",
    "B[V]", "B[W]", "[g]", "Ky", "RAD", "REM", "mho", "sb",
];

/// Symbols that take none.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "10*", "10^", "[pi]", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "gon", "deg", "'", "''", "min", "h", "d",
    "a", "a_t", "a_j", "a_g", "mo", "mo_s", "mo_j", "mo_g", "wk", "[in_i]", "[ft_i]", "[yd_i]", "[mi_i]",
    "[lb_av]", "[oz_av]", "[st_av]", "[gr]", "[oz_tr]", "[lb_tr]", "[degF]", "[degR]", "[degRe]", "[drp]",
    "[tsp_us]", "[tbs_us]", "[foz_us]", "[cup_us]", "[pt_us]", "[qt_us]", "[gal_us]", "[foz_br]", "[pt_br]",
    "[gal_br]", "[psi]", "[Cal]", "[Btu]", "[HP]", "[pH]", "[arb'U]", "[CFU]", "[PFU]", "[FFU]", "[CCID_50]",
    "[TCID_50]", "[EID_50]", "[LD_50]", "[pfu]", "[PNU]", "[BAU]", "[AU]", "[hd_i]", "[HPF]", "[LPF]",
    "[MET]", "[diop]", "[mesh_i]", "[Ch]", "[car_Au]", "[S]", "[hnsf'U]", "[MPL'U]", "[GPL'U]", "[APL'U]",
    "[beth'U]", "[anti'Xa'U]", "[todd'U]", "[dye'U]", "[smgy'U]", "[bdsk'U]", "[ka'U]", "[knk'U]", "[mclg'U]",
    "[tb'U]", "[Amb'a'1'U]", "[D'ag'U]", "[Lf]", "[FEU]", "[ELU]", "[EU]", "[RFU]", "[usp'U]", "[USP'U]",
    "[GPL]", "[m/s2/Hz^0.5]", "circ", "sph", "[c]", "[h]", "[k]", "[e]", "[ly]", "[G]", "atm", "att",
    "[kn_i]", "[nmi_i]", "[fth_i]", "[sft_i]", "[sin_i]", "[acr_us]", "[mu_0]", "[eps_0]", "[m_e]", "[m_p]",
    "Lmb", "ph", "[p'diop]", "[Q]", "bit_s", "b", "[lbf_av]", "[NTU]", "[FNU]",
];

#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y", "Ki",
    "Mi", "Gi", "Ti",
];

/// Whether a code is a unit.
pub(super) fn shape(code: &str) -> Shape {
    let mut reader = Reader { rest: code, unknown: None };
    // A leading `/` is allowed: `/min`.
    let has_slash = reader.eat('/');
    let is_whole = !code.is_empty() && reader.term(0) && reader.rest.is_empty();
    match reader.unknown {
        _ if !is_whole => Shape::Bad,
        _ if has_slash && code.len() == 1 => Shape::Bad,
        None => Shape::Good,
        Some(symbol) => {
            Shape::Unsure(format!("whether '{symbol}' is a unit symbol of UCUM is not known here"))
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    /// The first symbol that is not in the lists.
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
            return depth < DEPTH_MAX && self.term(depth + 1) && self.eat(')');
        }
        let symbol = self.symbol();
        if symbol.is_empty() {
            return false;
        }
        if !symbol.bytes().all(|byte| byte.is_ascii_digit()) {
            let bare = without_exponent(symbol);
            if !is_known(bare) && !is_known(symbol) {
                self.unknown.get_or_insert(symbol);
            }
        }
        !self.rest.starts_with('{') || self.annotation()
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

fn is_known(symbol: &str) -> bool {
    let is_metric = |symbol: &str| METRIC.contains(&symbol);
    PLAIN.contains(&symbol)
        || is_metric(symbol)
        || PREFIXES.iter().any(|prefix| symbol.strip_prefix(prefix).is_some_and(is_metric))
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
        ] {
            assert_eq!(shape(good), Shape::Good, "{good}");
        }
    }

    #[test]
    fn what_breaks_the_grammar_is_bad_and_what_is_merely_unknown_is_doubted() {
        for bad in ["", "/", "kg m", "mg/", "(mg", "mg)", "{a", "[in_i", "µg", "mg//L", "{a b}"] {
            assert_eq!(shape(bad), Shape::Bad, "{bad}");
        }
        for doubted in ["lbs", "kilogram", "[zz]"] {
            assert!(matches!(shape(doubted), Shape::Unsure(_)), "{doubted}");
        }
    }

    #[test]
    fn deep_brackets_end() {
        assert_eq!(shape(&"(".repeat(100_000)), Shape::Bad);
    }
}
