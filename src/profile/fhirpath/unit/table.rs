//! The units that clinical data uses, each defined by others as UCUM's tables define it.

use rust_decimal::Decimal;

use super::Measure;

/// Prefixes, with the power of ten that each stands for. `da` before `d`.
pub(super) const PREFIXES: [(&str, i32); 17] = [
    ("da", 1),
    ("h", 2),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
];

/// Base units; the last ones are on scales of their own or arbitrary.
const BASES: [&str; 22] = [
    "m", "s", "g", "rad", "K", "C", "cd", "Cel", "[degF]", "[pH]", "B", "Np", "[iU]", "[arb'U]", "[USP'U]",
    "[GPL'U]", "[MPL'U]", "[APL'U]", "[CFU]", "[FFU]", "[PFU]", "[BAU]",
];

/// (code, whether it takes prefixes, how many, of what).
#[rustfmt::skip]
const UNITS: [(&str, bool, &str, &str); 77] = [
    ("10*", false, "10", "1"), ("10^", false, "10", "1"), ("[pi]", false, "3.1415926535897932384626433833", "1"),
    ("%", false, "0.01", "1"), ("[ppth]", false, "0.001", "1"), ("[ppm]", false, "0.000001", "1"),
    ("[ppb]", false, "0.000000001", "1"), ("mol", true, "602213670000000000000000", "1"),
    ("eq", true, "1", "mol"), ("osm", true, "1", "mol"), ("sr", true, "1", "rad2"), ("Hz", true, "1", "s-1"),
    ("N", true, "1", "kg.m/s2"), ("Pa", true, "1", "N/m2"), ("J", true, "1", "N.m"), ("W", true, "1", "J/s"),
    ("A", true, "1", "C/s"), ("V", true, "1", "J/C"), ("F", true, "1", "C/V"), ("Ohm", true, "1", "V/A"),
    ("S", true, "1", "Ohm-1"), ("Wb", true, "1", "V.s"), ("T", true, "1", "Wb/m2"), ("H", true, "1", "Wb/A"),
    ("lm", true, "1", "cd.sr"), ("lx", true, "1", "lm/m2"), ("Bq", true, "1", "s-1"), ("Gy", true, "1", "J/kg"),
    ("Sv", true, "1", "J/kg"), ("gon", false, "0.9", "deg"), ("deg", false, "2", "[pi].rad/360"),
    ("'", false, "1", "deg/60"), ("''", false, "1", "'/60"), ("l", true, "1", "dm3"), ("L", true, "1", "dm3"),
    ("ar", true, "100", "m2"), ("min", false, "60", "s"), ("h", false, "60", "min"), ("d", false, "24", "h"),
    ("a_j", false, "365.25", "d"), ("a", false, "1", "a_j"), ("wk", false, "7", "d"), ("mo_j", false, "1", "a_j/12"),
    ("mo", false, "1", "mo_j"), ("t", true, "1000", "kg"), ("bar", true, "100000", "Pa"),
    ("eV", true, "0.00000000000000000016021773", "J"),
    ("atm", false, "101325", "Pa"), ("gf", true, "9.80665", "g.m/s2"), ("m[H2O]", true, "9.80665", "kPa"),
    ("m[Hg]", true, "133.322", "kPa"), ("[in_i'Hg]", false, "1", "m[Hg].[in_i]/m"), ("[in_i]", false, "2.54", "cm"),
    ("[ft_i]", false, "12", "[in_i]"), ("[yd_i]", false, "3", "[ft_i]"), ("[mi_i]", false, "5280", "[ft_i]"),
    ("[sin_i]", false, "1", "[in_i]2"), ("[sft_i]", false, "1", "[ft_i]2"), ("[lb_av]", false, "453.59237", "g"),
    ("[oz_av]", false, "1", "[lb_av]/16"), ("[stone_av]", false, "14", "[lb_av]"), ("[gr]", false, "64.79891", "mg"),
    ("[dr_av]", false, "1", "[oz_av]/16"), ("[gal_us]", false, "231", "[in_i]3"), ("[qt_us]", false, "1", "[gal_us]/4"),
    ("[pt_us]", false, "1", "[qt_us]/2"), ("[foz_us]", false, "1", "[pt_us]/16"),
    ("[tbs_us]", false, "1", "[foz_us]/2"), ("[tsp_us]", false, "1", "[tbs_us]/3"),
    ("[pt_br]", false, "0.56826125", "L"), ("[foz_br]", false, "1", "[pt_br]/20"), ("cal", true, "4.184", "J"),
    ("[Cal]", false, "1", "kcal"), ("U", true, "1", "umol/min"), ("kat", true, "1", "mol/s"),
    ("[drp]", false, "1", "mL/20"), ("dyn", true, "0.00001", "N"),
];

/// Every code of the table.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    BASES.iter().copied().chain(UNITS.iter().map(|row| row.0))
}

/// The unit of exactly that code.
pub(super) fn unit(code: &str, depth: u8) -> Option<Measure> {
    if let Some(base) = BASES.iter().find(|base| **base == code) {
        let mut measure = Measure::number(Decimal::ONE);
        measure.bases.push((base, 1));
        return Some(measure);
    }
    let (_, _, factor, definition) = UNITS.iter().find(|row| row.0 == code)?;
    let factor = Measure::number(Decimal::from_str_exact(factor).ok()?);
    factor.combine(&Measure::parse(definition, depth)?, false)
}

/// The unit of that code, when prefixes may stand before it.
pub(super) fn metric(code: &str, depth: u8) -> Option<Measure> {
    let base = BASES.contains(&code) && !code.starts_with("[degF") && code != "Cel";
    let takes = base || UNITS.iter().any(|row| row.0 == code && row.1);
    if takes { unit(code, depth) } else { None }
}
