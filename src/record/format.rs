//! The formats that record schemas may name, each a check of text. See `mappings/README.md`.

use chrono::{DateTime, NaiveDate, NaiveTime};

use crate::domain::{NhsNumber, OdsCode, Postcode, SchoolUrn, Upn};

/// A format: its name, its check, and what to say when it fails.
pub struct Format {
    /// As written in schemas.
    pub name: &'static str,
    /// Whether a text has it.
    pub holds: fn(&str) -> bool,
    /// What is expected, for a sentence that begins "expected".
    pub expected: &'static str,
}

/// All formats.
pub const FORMATS: &[Format] = &[
    Format {
        name: "nhs-number",
        holds: |text| text.parse::<NhsNumber>().is_ok(),
        expected: "an NHS number: ten digits without spaces, the last being the check digit",
    },
    Format {
        name: "ods-code",
        holds: |text| text.parse::<OdsCode>().is_ok(),
        expected: "an ODS code, for example RYG or A81001",
    },
    Format {
        name: "school-urn",
        holds: |text| text.parse::<SchoolUrn>().is_ok(),
        expected: "a URN of 5 or 6 digits",
    },
    Format {
        name: "upn",
        holds: |text| text.parse::<Upn>().is_ok(),
        expected: "a unique pupil number: thirteen characters, of which the first is the check letter",
    },
    Format {
        name: "postcode",
        holds: |text| text.parse::<Postcode>().is_ok_and(|postcode| postcode.reveal() == text),
        expected: "a postcode in capitals with one space, for example CV34 4RL",
    },
    Format { name: "date", holds: is_day, expected: "a date as YYYY-MM-DD" },
    Format { name: "fhir-date", holds: is_fhir_date, expected: "a date as YYYY, YYYY-MM or YYYY-MM-DD" },
    Format {
        name: "clock-time",
        holds: is_clock_time,
        expected: "a time of day as HH:MM, for example 09:30",
    },
    Format {
        name: "fhir-dateTime",
        holds: is_fhir_date_time,
        expected: "a date, or a date and time with seconds and time zone such as 2026-03-01T09:30:00Z",
    },
    Format {
        name: "text",
        holds: is_text,
        expected: "text that is not only blanks and has no control characters",
    },
];

fn is_text(text: &str) -> bool {
    let printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    text.chars().all(printable) && text.chars().any(|c| !c.is_whitespace())
}

fn is_clock_time(text: &str) -> bool {
    text.len() == 5 && NaiveTime::parse_from_str(text, "%H:%M").is_ok()
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.get(..4) != Some("0000") && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
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

    fn holds(name: &str, text: &str) -> bool {
        (FORMATS.iter().find(|format| format.name == name).unwrap().holds)(text)
    }

    #[test]
    fn dates_are_as_precise_as_given_and_real() {
        for good in ["2026", "2026-02", "2026-02-28", "2024-02-29"] {
            assert!(holds("fhir-date", good), "{good}");
        }
        for bad in ["0000", "26", "2026-13", "2026-02-30", "2026-2-1", "2026-02-28T10:00:00Z", "२०२६"]
        {
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
