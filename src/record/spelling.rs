//! How people and spreadsheets write a value of a known form, and the one way in which records have it.

use chrono::NaiveDate;

use super::format::FORMATS;
use super::schema::Leaf;
use crate::domain::{OdsCode, Postcode};

/// The value of a leaf as records have it, when a text can mean nothing else; otherwise the text as it came, for the schema to refuse.
///
/// Known are an NHS number in groups, a day as it is written in England (`02/03/2026`), a postcode or an ODS code in small letters or without
/// its space, a time of day with one digit or with seconds of none, a listed value in other letters.
pub fn as_records_have_it(leaf: &Leaf, text: &str) -> String {
    if let Some(values) = &leaf.values {
        let wanted = text.trim().to_lowercase();
        let mut same = values.iter().filter(|value| value.to_lowercase() == wanted);
        return match (same.next(), same.next()) {
            (Some(value), None) => value.clone(),
            _ => text.to_owned(),
        };
    }
    let Some(format) = leaf.format.as_deref() else { return text.to_owned() };
    let Some(known) = FORMATS.iter().find(|known| known.name == format) else { return text.to_owned() };
    if (known.holds)(text) {
        return text.to_owned();
    }
    let trimmed = text.trim();
    let meant = match format {
        "nhs-number" => Some(trimmed.replace([' ', '-', '\u{a0}'], "")),
        "postcode" => trimmed.parse::<Postcode>().ok().map(|postcode| postcode.reveal().to_owned()),
        "ods-code" => trimmed.to_uppercase().parse::<OdsCode>().ok().map(|code| code.as_str().to_owned()),
        "date" | "fhir-date" | "fhir-dateTime" => english_day(trimmed).or_else(|| Some(trimmed.to_owned())),
        "clock-time" => time_of_day(trimmed),
        "text" => None,
        _ => Some(trimmed.to_owned()),
    };
    meant.filter(|meant| (known.holds)(meant)).unwrap_or_else(|| text.to_owned())
}

/// `2/3/2026` and `02-03-2026` are the second of March. With two digits a year could be of either century.
fn english_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let number = |text: &str, longest: usize| {
        let digits = !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = i32::try_from(number(year, 4).filter(|_| year.len() == 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(month, 2)?, number(day, 2)?)?;
    Some(date.format("%Y-%m-%d").to_string())
}

/// `9:30` and `09:30:00`.
fn time_of_day(text: &str) -> Option<String> {
    let minute = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
    let (hours, minutes) = minute.split_once(':')?;
    Some(format!("{hours:0>2}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::{Leaf, as_records_have_it};

    fn leaf(format: Option<&str>, values: Option<&[&str]>) -> Leaf {
        Leaf {
            path: "x".to_owned(),
            kind: "string".to_owned(),
            values: values.map(|values| values.iter().map(|value| (*value).to_owned()).collect()),
            format: format.map(str::to_owned),
            required: false,
            title: None,
        }
    }

    #[test]
    fn what_can_mean_one_thing_only_is_read_as_that() {
        for (format, text, meant) in [
            ("nhs-number", "999 000 0018", "9990000018"),
            ("nhs-number", "999-000-0018 ", "9990000018"),
            ("nhs-number", "9990000018", "9990000018"),
            ("date", "02/03/2026", "2026-03-02"),
            ("date", "2/3/2026", "2026-03-02"),
            ("fhir-date", "29.02.2024", "2024-02-29"),
            ("fhir-date", " 2026-03 ", "2026-03"),
            ("fhir-dateTime", "31-12-2026", "2026-12-31"),
            ("postcode", "cv344rl", "CV34 4RL"),
            ("ods-code", "rz998", "RZ998"),
            ("clock-time", "9:30", "09:30"),
            ("clock-time", "09:30:00", "09:30"),
        ] {
            assert_eq!(as_records_have_it(&leaf(Some(format), None), text), meant, "{format} {text}");
        }
        let sexes = leaf(None, Some(&["female", "male"]));
        assert_eq!(as_records_have_it(&sexes, "Female "), "female");
    }

    #[test]
    fn what_could_mean_something_else_stays_as_it_came() {
        for (format, text) in [
            ("nhs-number", "999 000 0019"),
            ("nhs-number", "999 000"),
            ("date", "02/03/26"),
            ("date", "13/13/2026"),
            ("date", "30/02/2026"),
            ("date", "03/2026"),
            ("fhir-date", "2/3"),
            ("postcode", "nowhere"),
            ("clock-time", "9"),
            ("clock-time", "25:00"),
            ("clock-time", "09:30:15"),
            ("text", " kept "),
        ] {
            assert_eq!(as_records_have_it(&leaf(Some(format), None), text), text, "{format}");
        }
        let letters = leaf(None, Some(&["a", "A"]));
        assert_eq!(as_records_have_it(&letters, " a"), " a", "two values are the same in other letters");
        assert_eq!(as_records_have_it(&leaf(None, None), " 1/2/2026"), " 1/2/2026");
    }
}
