//! The formats that record schemas may name, each a check of text. See `mappings/README.md`.

use chrono::{DateTime, NaiveDate, NaiveTime};

use crate::domain::{NhsNumber, OdsCode, Postcode, SchoolUrn, Upn};

/// A format: its name, its check, and what to say when it fails.
pub struct Format {
    /// As written in schemas.
    pub name: &'static str,
    /// Whether a text has it.
    pub holds: fn(&str) -> bool,
    /// How it is written, for programs that do not know the format: every text that has it fits. Nothing where they know it.
    pub pattern: Option<&'static str>,
    /// What is expected, for a sentence that begins "expected".
    pub expected: &'static str,
}

/// A dateTime of FHIR's.
const MOMENT: &str =
    r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$";

/// At least one letter that is no blank, and no control characters.
const PRINTABLE: &str = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$";

/// All formats.
pub const FORMATS: &[Format] = &[
    Format {
        name: "nhs-number",
        holds: |text| text.parse::<NhsNumber>().is_ok(),
        pattern: Some(r"^[0-9]{10}$"),
        expected: "an NHS number: ten digits without spaces, the last being the check digit",
    },
    Format {
        name: "ods-code",
        holds: |text| text.parse::<OdsCode>().is_ok(),
        pattern: Some(r"^[A-Z0-9]{3,10}$"),
        expected: "an ODS code, for example RYG or A81001",
    },
    Format {
        name: "school-urn",
        holds: |text| text.parse::<SchoolUrn>().is_ok(),
        pattern: Some(r"^[0-9]{5,6}$"),
        expected: "a URN of 5 or 6 digits",
    },
    Format {
        name: "upn",
        holds: |text| text.parse::<Upn>().is_ok(),
        pattern: Some(r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$"),
        expected: "a unique pupil number: thirteen characters, of which the first is the check letter",
    },
    Format {
        name: "postcode",
        holds: |text| text.parse::<Postcode>().is_ok_and(|postcode| postcode.reveal() == text),
        pattern: Some(r"^[A-Z][A-Z0-9]{1,3} [0-9][A-Z]{2}$"),
        expected: "a postcode in capitals with one space, for example CV34 4RL",
    },
    Format { name: "date", holds: is_day, pattern: None, expected: "a date as YYYY-MM-DD" },
    Format {
        name: "fhir-date",
        holds: is_fhir_date,
        pattern: Some(r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
        expected: "a date as YYYY, YYYY-MM or YYYY-MM-DD",
    },
    Format {
        name: "clock-time",
        holds: is_clock_time,
        pattern: Some(r"^[0-2][0-9]:[0-5][0-9]$"),
        expected: "a time of day as HH:MM, for example 09:30",
    },
    Format {
        name: "fhir-dateTime",
        holds: is_fhir_date_time,
        pattern: Some(MOMENT),
        expected: "a date, or a date and time with seconds and time zone such as 2026-03-01T09:30:00Z",
    },
    Format {
        name: "text",
        holds: is_text,
        pattern: Some(PRINTABLE),
        expected: "text that is not only blanks and has no control characters",
    },
];

fn is_text(text: &str) -> bool {
    let printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().all(printable) && text.chars().any(|c| !c.is_whitespace())
}

fn is_clock_time(text: &str) -> bool {
    let [h1, h2, b':', m1, m2] = text.as_bytes() else { return false };
    let (hours, minutes) = (number(&[*h1, *h2]), number(&[*m1, *m2]));
    hours.zip(minutes).is_some_and(|(hours, minutes)| NaiveTime::from_hms_opt(hours, minutes, 0).is_some())
}

fn is_day(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return false };
    let (month, day) = (number(&[*m1, *m2]), number(&[*d1, *d2]));
    let year =
        number(&[*y1, *y2, *y3, *y4]).filter(|year| *year > 0).and_then(|year| i32::try_from(year).ok());
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return false };
    NaiveDate::from_ymd_opt(year, month, day).is_some()
}

/// The number that digits, and nothing but digits, make.
fn number(digits: &[u8]) -> Option<u32> {
    let digit = |number: u32, digit: &u8| Some(number * 10 + char::from(*digit).to_digit(10)?);
    digits.iter().try_fold(0, digit)
}

/// FHIR date: <https://hl7.org/fhir/R4/datatypes.html#date>.
fn is_fhir_date(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        4 => digits(text) && text != "0000",
        7 => is_day(&format!("{text}-01")),
        _ => is_day(text),
    }
}

/// FHIR dateTime: <https://hl7.org/fhir/R4/datatypes.html#dateTime>.
fn is_fhir_date_time(text: &str) -> bool {
    match text.split_once('T') {
        None => is_fhir_date(text),
        Some((day, time)) => {
            // RFC 3339 allows lower-case z and leap seconds in forms that FHIR does not.
            is_day(day)
                && time.len() >= 9
                && !time.ends_with('z')
                && DateTime::parse_from_rfc3339(text).is_ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text has a format; if so, it fits the pattern too by which others know it.
    fn holds(name: &str, text: &str) -> bool {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        let holds = (format.holds)(text);
        let fits = format.pattern.is_none_or(|pattern| regex::Regex::new(pattern).unwrap().is_match(text));
        assert!(fits || !holds, "{name}: {text}");
        holds
    }

    #[test]
    fn identifiers_are_what_they_are_and_fit_what_others_are_told() {
        for (name, good, bad) in [
            ("nhs-number", "9990000018", "9990000019"),
            ("ods-code", "A81001", "a81001"),
            ("school-urn", "100000", "1000000"),
            ("upn", "B820900121001", "I820900121001"),
            ("postcode", "CV34 4RL", "CV344RL"),
            ("clock-time", "09:30", "9:30"),
            ("clock-time", "23:59", "24:00"),
            ("clock-time", "00:00", " 9:30"),
        ] {
            assert!(holds(name, good), "{name}: {good}");
            assert!(!holds(name, bad), "{name}: {bad}");
        }
    }

    #[test]
    fn dates_are_as_precise_as_given_and_real() {
        for good in ["2026", "2026-02", "2026-02-28", "2024-02-29"] {
            assert!(holds("fhir-date", good), "{good}");
        }
        for bad in [
            "0000",
            "26",
            "2026-13",
            "2026-02-30",
            "2026-2-1",
            "2026-02-28T10:00:00Z",
            "२०२६",
            "+026-01-01",
            "2026- 1- 1",
        ] {
            assert!(!holds("fhir-date", bad), "{bad}");
        }
        for good in ["2026", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00.123+01:00"] {
            assert!(holds("fhir-dateTime", good), "{good}");
        }
        for bad in
            ["2026-02-28T10:00Z", "2026-02-28T10:00:00", "2026-02-28T25:00:00Z", "2026-02-28T10:00:00z"]
        {
            assert!(!holds("fhir-dateTime", bad), "{bad}");
        }
    }

    #[test]
    fn text_says_something() {
        assert!(holds("text", "a\nb"));
        assert!(!holds("text", " \t"));
        assert!(!holds("text", "a\u{0}"));
    }
}
