//! Identifiers of people and places in England, checked where they come in.

use std::fmt;
use std::str::FromStr;

/// Why a string is not the identifier it was given as. Never holds the string itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadIdentifier(pub &'static str);

/// An NHS number: ten digits whose last is the modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber(String);

impl NhsNumber {
    /// The ten digits, for messages and look-ups; not for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// As people type it: spaces and hyphens between the digits do not count.
    pub fn typed(text: &str) -> Result<Self, BadIdentifier> {
        let bare: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
        bare.parse()
    }
}

impl FromStr for NhsNumber {
    type Err = BadIdentifier;

    /// Accepts ten ASCII digits, with no spaces: what comes from a system is exact. For people there is [`NhsNumber::typed`].
    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
        if text.len() != 10 || digits.len() != 10 {
            return Err(BadIdentifier("an NHS number has exactly ten digits"));
        }
        let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let expected = match 11 - sum % 11 {
            11 => 0,
            check => check,
        };
        if digits.last() == Some(&expected) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadIdentifier("the check digit of this NHS number is wrong; compare it with the record"))
        }
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(..)")
    }
}

/// An ODS organisation or site code: 3 to 10 capital letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OdsCode(String);

impl OdsCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OdsCode {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let letters = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if letters && (3..=10).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadIdentifier(
                "an ODS code has 3 to 10 capital letters and digits, for example RYG or A81001",
            ))
        }
    }
}

/// A school's or children's centre's unique reference number (GIAS): 5 or 6 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchoolUrn(String);

impl SchoolUrn {
    /// Whether it is the number of an early-years setting that is no school (Ofsted): six digits, of which the first is 5, 6 or 7.
    pub fn is_early_years_setting(&self) -> bool {
        self.0.len() == 6 && self.0.starts_with(['5', '6', '7'])
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SchoolUrn {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        if (5..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadIdentifier("a school URN has 5 or 6 digits"))
        }
    }
}

/// A UK postcode, kept in capitals with one space before the last three characters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Postcode(String);

impl Postcode {
    /// Whether this postcode lies in an area given by its beginning, for instance `CV34` or `CV34 4`.
    ///
    /// Spaces and case do not matter, and `CV3` does not cover `CV34`: an outward code is compared whole.
    pub fn lies_in(&self, area: &str) -> bool {
        let area: String = area.trim().to_uppercase();
        match area.split_once(' ') {
            Some((outward, inward)) => self
                .0
                .split_once(' ')
                .is_some_and(|(mine, rest)| mine == outward && rest.starts_with(inward.trim())),
            None => self.outward() == area || is_letters(&area) && self.postal_area() == area,
        }
    }

    /// The postcode in its usual form; not for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn outward(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    fn postal_area(&self) -> &str {
        self.0.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default()
    }
}

fn is_letters(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase())
}

impl FromStr for Postcode {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let compact: String = text.chars().filter(|c| *c != ' ').collect::<String>().to_uppercase();
        let wrong = BadIdentifier("a postcode looks like CV34 4RL");
        if !compact.is_ascii() || !(5..=7).contains(&compact.len()) {
            return Err(wrong);
        }
        let (outward, inward) = compact.split_at(compact.len() - 3);
        let inward_shape: Vec<bool> = inward.bytes().map(|b| b.is_ascii_digit()).collect();
        let outward_ok = outward.starts_with(|c: char| c.is_ascii_uppercase())
            && outward.bytes().any(|b| b.is_ascii_digit())
            && outward.bytes().all(|b| b.is_ascii_alphanumeric());
        let letters = inward.bytes().skip(1).all(|b| b.is_ascii_uppercase());
        if outward_ok && inward_shape == [true, false, false] && letters {
            Ok(Self(format!("{outward} {inward}")))
        } else {
            Err(wrong)
        }
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_of_an_nhs_number_is_checked() {
        assert!("9434765919".parse::<NhsNumber>().is_ok());
        assert!("9434765918".parse::<NhsNumber>().is_err());
        assert!("943 476 5919".parse::<NhsNumber>().is_err());
        assert!("９４３４７６５９１９".parse::<NhsNumber>().is_err(), "only ASCII digits");
        // Weighted sum 1 mod 11 would need check digit 10: no such number exists.
        assert!((0..=9).all(|last| format!("900000005{last}").parse::<NhsNumber>().is_err() || last != 10));
    }

    #[test]
    fn identifiers_of_children_do_not_print_themselves() {
        let number: NhsNumber = "9434765919".parse().unwrap();
        let postcode: Postcode = "cv344rl".parse().unwrap();
        assert_eq!(format!("{number:?} {postcode:?}"), "NhsNumber(..) Postcode(..)");
    }

    #[test]
    fn a_postcode_lies_in_an_area_by_whole_parts() {
        let postcode: Postcode = "CV34 4RL".parse().unwrap();
        for area in ["CV34", "cv34", "CV34 4", "CV34 4RL", "CV"] {
            assert!(postcode.lies_in(area), "{area}");
        }
        for area in ["CV3", "CV34 5", "C", "B", ""] {
            assert!(!postcode.lies_in(area), "{area}");
        }
    }
}
