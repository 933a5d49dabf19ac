//! The number by which schools know a pupil.

use std::fmt;
use std::str::FromStr;

use super::BadIdentifier;

/// The letters of a UPN in the order of their values: I, O and S are left out because they look like digits.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// A unique pupil number (DfE): a check letter, the local authority (3 digits), the establishment (4), the year (2) and a serial of
/// three digits, or of two and a letter where the number is temporary. It is for schools: it is shown to nobody else.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Upn(String);

impl Upn {
    /// The thirteen characters; not for logs, and not for health services.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is one that a school gave for a time only, until the lasting one is known.
    pub fn is_temporary(&self) -> bool {
        self.0.ends_with(|last: char| last.is_ascii_uppercase())
    }
}

impl FromStr for Upn {
    type Err = BadIdentifier;

    fn from_str(text: &str) -> Result<Self, BadIdentifier> {
        let value = |letter: u8| LETTERS.iter().position(|known| *known == letter);
        let (Some((check, rest)), 13) = (text.as_bytes().split_first(), text.len()) else {
            return Err(BadIdentifier("a UPN has exactly 13 characters"));
        };
        let (digits, last) = rest.split_at(rest.len() - 1);
        let wrong = BadIdentifier(
            "a UPN is a letter and twelve digits, of which the last may be a letter; I, O and S are not used",
        );
        let check = value(*check).ok_or(wrong.clone())?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong);
        }
        let last = last.iter().find_map(|last| {
            if last.is_ascii_digit() { Some(usize::from(last - b'0')) } else { value(*last) }
        });
        let values = digits.iter().map(|digit| usize::from(digit - b'0')).chain(last);
        let sum: usize = values.zip(2..).map(|(value, weight)| value * weight).sum();
        match (last, sum % LETTERS.len() == check) {
            (None, _) => Err(wrong),
            (_, false) => {
                Err(BadIdentifier("the check letter of this UPN is wrong; compare it with the record"))
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upn(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_letter_of_a_upn_is_checked() {
        // 820 9001 of 2021, serial 001: 8·2+2·3+0·4+9·5+0·6+0·7+1·8+2·9+1·10+0·11+0·12+1·13 = 116, mod 23 = 1.
        assert!("B820900121001".parse::<Upn>().is_ok());
        assert!("C820900121001".parse::<Upn>().is_err());
        assert!("P207000016049".parse::<Upn>().is_ok(), "the sum is 266, mod 23 = 13");
        assert!("Q207000016049".parse::<Upn>().is_err(), "an example often seen, with the wrong letter");
    }

    #[test]
    fn a_temporary_number_ends_in_a_letter() {
        let made = |last: char| {
            let letters = LETTERS.iter().map(|letter| char::from(*letter));
            letters.filter_map(|letter| format!("{letter}8209001210{last}").parse::<Upn>().ok()).count()
        };
        assert_eq!(made('1'), 0, "that is one character short");
        let temporary: Vec<Upn> = LETTERS
            .iter()
            .filter_map(|letter| format!("{}82090012100A", char::from(*letter)).parse::<Upn>().ok())
            .collect();
        assert!(matches!(temporary.as_slice(), [one] if one.is_temporary()));
    }

    #[test]
    fn what_is_no_upn_is_refused_and_none_prints_itself() {
        for text in [
            "",
            "B82090012100",
            "B8209001210011",
            "I820900121001",
            "b820900121001",
            "B82090012100O",
            "B82090O121001",
            "Ｂ820900121001",
        ] {
            assert!(text.parse::<Upn>().is_err(), "{text}");
        }
        assert_eq!(format!("{:?}", "B820900121001".parse::<Upn>().unwrap()), "Upn(..)");
    }
}
