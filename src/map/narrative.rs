//! The rows of a resource in words: `text`, for people who read FHIR without a form
//! (<https://hl7.org/fhir/R4/narrative.html>). Made from what is permitted to leave and nothing else.

use serde_json::{Value, json};

use super::language::{Row, Section, Shape, Source};

/// The narrative of a section's resource for this item of its list; `None` where its rows have nothing to say.
pub fn of(section: &Section, record: &Value, nth: usize) -> Option<Value> {
    let fixed: &[usize] = if section.each.is_some() { &[nth] } else { &[] };
    let lines: String = section.rows.iter().filter_map(|row| line(row, record, fixed)).collect();
    (!lines.is_empty()).then(|| {
        let div = format!(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><table><tbody>{lines}</tbody></table></div>"
        );
        json!({ "status": "generated", "div": div })
    })
}

fn line(row: &Row, record: &Value, fixed: &[usize]) -> Option<String> {
    let (paths, _) = row.source.carried();
    let mut values =
        paths.into_iter().flatten().flat_map(|path| path.read(record, fixed)).collect::<Vec<_>>();
    // A day and its time, a code and its words stand together for each item.
    values.sort_by(|(left, _), (right, _)| left.cmp(right));
    let words: Vec<String> = values.iter().map(|(_, value)| in_words(row, value)).collect();
    let title = escaped(&row.title);
    (!words.is_empty()).then(|| format!("<tr><th>{title}</th><td>{}</td></tr>", words.join("<br/>")))
}

fn in_words(row: &Row, value: &Value) -> String {
    let words = match (&row.shape, value) {
        (_, Value::Bool(yes)) => (if *yes { "yes" } else { "no" }).to_owned(),
        (Shape::Quantity { unit, .. }, number) => format!("{number} {unit}"),
        (shape, Value::String(text)) => {
            // The words of a pair are the sender's own, also where they read like a code.
            let map = shape.code_map().filter(|_| !matches!(row.source, Source::Pair(..)));
            let display = map.and_then(|map| map.meaning(text)).map(|meaning| meaning.display.as_str());
            display.filter(|display| !display.is_empty()).unwrap_or(text).to_owned()
        }
        (_, other) => other.to_string(),
    };
    escaped(&words)
}

/// Text that says in XHTML what it said before, and nothing more. Characters that XML does not have are replaced.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
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
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_record_is_markup() {
        assert_eq!(escaped("<b onclick=\"x\">&\n\u{1}"), "&lt;b onclick=&quot;x&quot;&gt;&amp;<br/>\u{fffd}");
    }
}
