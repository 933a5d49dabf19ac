//! What a value was meant to be, where its form is wrong and only one right value can have been meant.

use crate::profile::primitive::{Primitive, is_date};

/// The text in the form of its type; `None` where that is not certain.
pub fn in_form(kind: Primitive, text: &str) -> Option<String> {
    let trimmed = text.trim();
    let candidate = match kind {
        Primitive::Code => trimmed.split_whitespace().collect::<Vec<_>>().join(" "),
        Primitive::Date => date(trimmed)?,
        Primitive::DateTime | Primitive::Instant => moment(trimmed)?,
        Primitive::Uri | Primitive::Url | Primitive::Canonical | Primitive::Uuid | Primitive::Oid => {
            urn(trimmed)
        }
        _ => trimmed.to_owned(),
    };
    (candidate != text && !candidate.is_empty() && kind.fault(&candidate).is_none()).then_some(candidate)
}

/// A number's digits without the blanks that people put between them.
pub fn unspaced(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

/// `2026/1/5`, `2026.01.05`, `20260105` are years first. `31/01/2026` has its day first, for there is no month 31;
/// `02/01/2026` could be either, so it is left alone.
fn date(text: &str) -> Option<String> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return real(&text[..4], &text[4..6], &text[6..]);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    match (first.len(), last.len()) {
        (4, 1..=2) => real(first, month, last),
        (1..=2, 4) if first.parse::<u8>().is_ok_and(|day| day > 12) => real(last, month, first),
        _ => None,
    }
}

fn real(year: &str, month: &str, day: &str) -> Option<String> {
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    is_date(&date).then_some(date)
}

/// A blank or a small `t` between day and time, a small `z`, a zone of an hour without a colon.
fn moment(text: &str) -> Option<String> {
    let Some((day, time)) = text.split_once(['T', 't', ' ']) else { return date(text) };
    let day = if is_date(day) { day.to_owned() } else { date(day)? };
    let mut time = time.trim().to_ascii_uppercase().replace(' ', "");
    let zone = time.rfind(['+', '-']);
    if let Some(zone) = zone
        && time.len() == zone + 5
        && !time[zone..].contains(':')
    {
        time.insert(zone + 3, ':');
    }
    Some(format!("{day}T{time}"))
}

/// The fixed beginnings of URNs, and UUIDs, in lower case.
fn urn(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("urn:uuid:") || lower.starts_with("urn:oid:") { lower } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_only_have_been_meant() {
        for (kind, wrong, right) in [
            (Primitive::Date, "2026/1/5", "2026-01-05"),
            (Primitive::Date, "20260105", "2026-01-05"),
            (Primitive::Date, "31/01/2026", "2026-01-31"),
            (Primitive::Date, " 2026-01-05", "2026-01-05"),
            (Primitive::DateTime, "2026-01-05 09:30:00z", "2026-01-05T09:30:00Z"),
            (Primitive::Instant, "2026-01-05T09:30:00+0100", "2026-01-05T09:30:00+01:00"),
            (Primitive::Code, " final  form ", "final form"),
            (
                Primitive::Uri,
                "urn:uuid:187E0C12-8DD2-47E2-99B2-BF273C878281",
                "urn:uuid:187e0c12-8dd2-47e2-99b2-bf273c878281",
            ),
            (Primitive::Id, "abc ", "abc"),
        ] {
            assert_eq!(in_form(kind, wrong).as_deref(), Some(right), "{wrong}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_left_alone() {
        for (kind, text) in [
            (Primitive::Date, "02/01/2026"),
            (Primitive::Date, "2026-02-30"),
            (Primitive::Date, "soon"),
            (Primitive::DateTime, "2026-01-05T09:30"),
            (Primitive::Id, "a_b"),
            (Primitive::Uri, "a b"),
        ] {
            assert_eq!(in_form(kind, text), None, "{text}");
        }
    }
}
