//! UCUM codes: what they measure, and in which proportion to base units (<https://ucum.org/ucum>).
//!
//! Units on scales that are not ratios (`Cel`, `[pH]`) and arbitrary units (`[iU]`) measure only themselves: they compare
//! with the same unit alone, as the specification asks.

mod table;

use rust_decimal::Decimal;
use smallvec::SmallVec;

/// Longer codes are refused.
const LENGTH_MAX: usize = 128;

/// Definitions that lead through more others than this are refused.
const DEPTH_MAX: u8 = 12;

/// What a unit measures: base units with their powers, and a factor as a fraction, which keeps it exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) numerator: Decimal,
    pub(super) denominator: Decimal,
    /// Sorted by name; no power is 0.
    bases: SmallVec<[(&'static str, i32); 4]>,
}

impl Measure {
    fn number(value: Decimal) -> Self {
        Self { numerator: value, denominator: Decimal::ONE, bases: SmallVec::new() }
    }

    /// Reads a code; `None` when it is not UCUM's or this program does not know the unit.
    pub(super) fn of(code: &str) -> Option<Self> {
        if code.is_empty() || code.len() > LENGTH_MAX {
            return None;
        }
        Self::parse(code, DEPTH_MAX)
    }

    fn parse(code: &str, depth: u8) -> Option<Self> {
        let mut reader = Reader { text: code, depth: depth.checked_sub(1)? };
        let measure = reader.term()?;
        reader.text.is_empty().then_some(measure)
    }

    /// Whether both measure the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.bases == other.bases
    }

    /// The product, or the quotient.
    pub(super) fn combine(&self, other: &Self, divide: bool) -> Option<Self> {
        let (upper, lower) =
            if divide { (other.denominator, other.numerator) } else { (other.numerator, other.denominator) };
        let mut bases = self.bases.clone();
        for (name, power) in &other.bases {
            let power = if divide { -power } else { *power };
            match bases.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += power,
                None => bases.push((name, power)),
            }
        }
        bases.retain(|(_, power)| *power != 0);
        bases.sort_unstable();
        Some(
            Self {
                numerator: self.numerator.checked_mul(upper)?,
                denominator: self.denominator.checked_mul(lower)?,
                bases,
            }
            .reduced(),
        )
    }

    /// Keeps the fraction small: whole quotients become numerators.
    fn reduced(mut self) -> Self {
        if let Some(whole) = self.numerator.checked_div(self.denominator)
            && whole.checked_mul(self.denominator) == Some(self.numerator)
        {
            self.numerator = whole.normalize();
            self.denominator = Decimal::ONE;
        }
        self
    }

    fn power(&self, power: i32) -> Option<Self> {
        let mut whole = Self::number(Decimal::ONE);
        for _ in 0..power.unsigned_abs().min(40) {
            whole = whole.combine(self, power < 0)?;
        }
        Some(whole)
    }

    /// The base units as a code, such as `g.m-1`.
    pub(super) fn code(&self) -> String {
        let part = |(name, power): &(&str, i32)| match power {
            1 => (*name).to_owned(),
            power => format!("{name}{power}"),
        };
        if self.bases.is_empty() {
            "1".to_owned()
        } else {
            self.bases.iter().map(part).collect::<Vec<_>>().join(".")
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    depth: u8,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, c: char) -> bool {
        let rest = self.text.strip_prefix(c);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    /// Components with `.` and `/` between them, from left to right.
    fn term(&mut self) -> Option<Measure> {
        let mut whole = Measure::number(Decimal::ONE);
        let mut divide = self.eat('/');
        loop {
            let component = self.component()?;
            whole = whole.combine(&component, divide)?;
            divide = match self.text.chars().next() {
                Some('.') => false,
                Some('/') => true,
                _ => return Some(whole),
            };
            self.text = self.text.get(1..)?;
        }
    }

    fn component(&mut self) -> Option<Measure> {
        if self.eat('(') {
            self.depth = self.depth.checked_sub(1)?;
            let inner = self.term()?;
            return self.eat(')').then_some(inner);
        }
        let atom = self.atom();
        let mut measure = if atom.is_empty() { None } else { Some(simple(atom, self.depth)?) };
        while self.eat('{') {
            // An annotation has no meaning; alone it counts.
            let end = self.text.find('}')?;
            self.text = self.text.get(end + 1..)?;
            measure = measure.or_else(|| Some(Measure::number(Decimal::ONE)));
        }
        measure
    }

    /// Up to the next sign; what stands in square brackets is one.
    fn atom(&mut self) -> &'t str {
        let mut bracket = false;
        let end = self.text.find(|c| {
            match c {
                '[' => bracket = true,
                ']' => bracket = false,
                '.' | '/' | '(' | ')' | '{' | '}' => return !bracket,
                _ => {}
            }
            false
        });
        let (atom, rest) = self.text.split_at(end.unwrap_or(self.text.len()));
        self.text = rest;
        atom
    }
}

/// A number, or a unit with perhaps a prefix and a power.
fn simple(atom: &str, depth: u8) -> Option<Measure> {
    if atom.bytes().all(|b| b.is_ascii_digit()) {
        return Decimal::from_str_exact(atom).ok().filter(|n| !n.is_zero()).map(Measure::number);
    }
    let stem = atom.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.len() < atom.len() { stem.strip_suffix(['-', '+']).unwrap_or(stem) } else { stem };
    let power =
        atom.get(stem.len()..).filter(|digits| !digits.is_empty()).map(str::parse).unwrap_or(Ok(1)).ok()?;
    let unit = table::unit(stem, depth).or_else(|| {
        table::PREFIXES.iter().filter(|(prefix, _)| stem.starts_with(prefix)).find_map(|(prefix, power)| {
            let unit = table::metric(stem.strip_prefix(prefix)?, depth)?;
            let factor = Measure::number(Decimal::TEN).power(*power)?;
            unit.combine(&factor, false)
        })
    })?;
    unit.power(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_reduced_to_base_units() {
        assert_eq!(Measure::of("kg.m/s2").unwrap(), Measure::of("N").unwrap());
        assert_eq!(Measure::of("mm[Hg]").unwrap().code(), Measure::of("Pa").unwrap().code());
        assert!(Measure::of("10*3/uL").unwrap().is_like(&Measure::of("/L").unwrap()));
        assert_eq!(Measure::of("{beats}/min").unwrap(), Measure::of("/min").unwrap());
        assert_eq!(Measure::of("m2").unwrap().code(), "m2");
        for wrong in ["", "kgg", "m//s", "(m", "m)", "{", "0", "mCel2x", "[", "1/0"] {
            assert!(Measure::of(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn every_unit_of_the_table_is_readable() {
        for code in table::codes() {
            assert!(Measure::of(code).is_some(), "{code}");
        }
    }
}
