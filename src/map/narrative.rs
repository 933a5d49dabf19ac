//! The rows of a resource in words: `text`, for people who read FHIR without a form
//! (<https://hl7.org/fhir/R4/narrative.html>). Made from what is permitted to leave and nothing else.

use std::borrow::Cow;

use super::language::{Row, Section, Shape, Source};
use crate::json::Tree;

/// The narrative of a section's resource for this item of its list, as its `div`; `None` where its rows have nothing to say.
pub fn of(section: &Section, record: &Tree<'_>, nth: usize) -> Option<String> {
    let fixed: &[usize] = if section.each.is_some() { &[nth] } else { &[] };
    let mut div = String::from(BEGINS);
    section.rows.iter().for_each(|row| line(row, record, fixed, &mut div));
    (div.len() > BEGINS.len()).then(|| {
        div.push_str("</tbody></table></div>");
        div
    })
}

const BEGINS: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><table><tbody>";

fn line(row: &Row, record: &Tree<'_>, fixed: &[usize], div: &mut String) {
    let (paths, _) = row.source.carried();
    let mut values =
        paths.into_iter().flatten().flat_map(|path| path.read(record, fixed)).collect::<Vec<_>>();
    if values.is_empty() {
        return;
    }
    // A day and its time, a code and its words stand together for each item.
    values.sort_by(|(left, _), (right, _)| left.cmp(right));
    div.push_str("<tr><th>");
    escaped(&row.title, div);
    div.push_str("</th><td>");
    for (nth, (_, value)) in values.iter().enumerate() {
        if nth > 0 {
            div.push_str("<br/>");
        }
        escaped(&in_words(row, value), div);
    }
    div.push_str("</td></tr>");
}

fn in_words<'t>(row: &'t Row, value: &'t Tree<'t>) -> Cow<'t, str> {
    match (&row.shape, value) {
        (_, Tree::Bool(yes)) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
        (Shape::Quantity { unit, .. }, number) => Cow::Owned(format!("{number} {unit}")),
        (shape, Tree::Text(text)) => {
            // The words of a pair are the sender's own, also where they read like a code.
            let map = shape.code_map().filter(|_| !matches!(row.source, Source::Pair(..)));
            let display = map.and_then(|map| map.meaning(text)).map(|meaning| meaning.display.as_str());
            Cow::Borrowed(display.filter(|display| !display.is_empty()).unwrap_or(text))
        }
        (_, Tree::Number(digits)) => Cow::Borrowed(digits),
        (_, other) => Cow::Owned(other.to_string()),
    }
}

/// Adds text that says in XHTML what it said before, and nothing more. Characters that XML does not have are replaced.
fn escaped(text: &str, safe: &mut String) {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'&' | b'<' | b'>' | b'"');
    if text.bytes().all(plain) {
        return safe.push_str(text);
    }
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("<br/>"),
            '\t' => safe.push(' '),
            '\r' => {}
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_record_is_markup() {
        let mut safe = String::new();
        escaped("<b onclick=\"x\">&\n\u{1}", &mut safe);
        assert_eq!(safe, "&lt;b onclick=&quot;x&quot;&gt;&amp;<br/>\u{fffd}");
    }
}
