//! What happened, in plain lines: pure text from the receipts and from what the partners' systems got.
//!
//! Values of records are shown, which nothing else in Kith ever does: these children are invented.

use serde_json::Value;

use super::world::{PARTNERS, partner};

/// The longest line.
const WIDTH: usize = 112;

/// A message and what became of it.
pub(super) struct Chapter {
    /// What it is, in a few words.
    pub(super) title: &'static str,
    /// What it is about.
    pub(super) intro: &'static str,
    /// Where its receipts are.
    pub(super) receipts: String,
    /// One a recipient.
    pub(super) endings: Vec<Ending>,
}

/// What became of a message for one recipient.
pub(super) struct Ending {
    /// The recipient's name in the directory.
    pub(super) partner: &'static str,
    /// The receipt.
    pub(super) task: Value,
    /// What its system got; nothing where nothing was sent.
    pub(super) got: Option<Value>,
}

/// All chapters.
pub(super) fn chapters(chapters: &[Chapter]) -> String {
    let mut text = String::new();
    for (number, chapter) in chapters.iter().enumerate() {
        text.push_str(&format!("\n{}. {}\n", number + 1, chapter.title));
        push(&mut text, 3, "", chapter.intro);
        for ending in &chapter.endings {
            tell(&mut text, ending);
        }
        text.push_str(&format!("\n   Receipts: {}\n", chapter.receipts));
    }
    text
}

fn tell(text: &mut String, ending: &Ending) {
    let name = partner(ending.partner).map_or(ending.partner, |partner| partner.name);
    let word = ending.task.get("status").and_then(Value::as_str).unwrap_or_default();
    let outcome = match (word, outputs(&ending.task, "ground").first()) {
        ("completed", Some(ground)) => format!("delivered, on the ground of {}", ground_in_words(ground)),
        ("received", Some(ground)) => {
            format!(
                "delivered, on the ground of {}; nobody there has said yet that they read it",
                ground_in_words(ground)
            )
        }
        ("rejected", _) => "told nothing, and does not learn of it".to_owned(),
        (other, _) => other.to_owned(),
    };
    text.push_str(&format!("\n   {name}: {outcome}\n"));
    for sentence in reasons(&ending.task) {
        push(text, 5, "- ", &sentence);
    }
    match &ending.got {
        Some(body) if body["resourceType"] == "Bundle" => push(text, 5, "> its system got: ", &bundle(body)),
        Some(record) => {
            push(text, 5, "> ", "its system got this record, and nothing else:");
            fields(record, "", &mut |field, value| push(text, 9, "", &format!("{field}: {value}")));
        }
        None => push(text, 5, "> ", "its system got nothing."),
    }
}

fn ground_in_words(ground: &str) -> &str {
    match ground {
        "safeguarding-duty" => "the safeguarding duty",
        "direct-care" => "direct care",
        "legal-order" => "a legal order",
        other => other,
    }
}

/// The gateway's own sentences on the receipt, one for what is received and one for each reason to withhold.
fn reasons(task: &Value) -> Vec<String> {
    let note = task.pointer("/statusReason/text").and_then(Value::as_str).unwrap_or_default();
    // The first words are the recipient's name, which stands above.
    let note = note.split_once("): ").map_or(note, |(_, rest)| rest);
    let lines = [" It receives ", " It might receive ", " It does not receive "]
        .iter()
        .fold(note.to_owned(), |text, begin| text.replace(begin, &format!("\n{}", begin.trim_start())));
    lines.lines().map(str::to_owned).collect()
}

/// Values of the receipt's outputs of one type.
fn outputs<'v>(task: &'v Value, code: &str) -> Vec<&'v str> {
    let all = task.get("output").and_then(Value::as_array).into_iter().flatten();
    let of_code = all.filter(|output| {
        output.pointer("/type/coding/0/code").and_then(Value::as_str).is_some_and(|known| known == code)
    });
    of_code.filter_map(|output| output.get("valueString")?.as_str()).collect()
}

/// The types of a Bundle's resources, each with its number.
fn bundle(body: &Value) -> String {
    let entries = body.get("entry").and_then(Value::as_array).into_iter().flatten();
    let types = entries.filter_map(|entry| entry.pointer("/resource/resourceType")?.as_str());
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in types {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let words: Vec<String> = counts
        .into_iter()
        .map(|(name, count)| if count == 1 { name.to_owned() } else { format!("{count} {name}") })
        .collect();
    format!("a FHIR message with {}", words.join(", "))
}

/// Every value of a record with its path; a list of plain values is one value.
fn fields(value: &Value, path: &str, each: &mut impl FnMut(&str, String)) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, inner)| fields(inner, &below(key), each));
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().for_each(|inner| fields(inner, &format!("{path}[]"), each));
        }
        Value::Array(list) => each(path, list.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => each(path, plain(other)),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Who is there, each with its address.
pub(super) fn cast(kith: &str, provider: &str, partners: &str) -> String {
    let mut text = String::from(
        "Kith's sandbox: the systems around a child, all on this machine and in this one process.\n\
         Every child, person and place is invented.\n\n",
    );
    text.push_str(&format!(
        "   {:34}{kith}   (/openapi.json and /fhir/metadata say what it takes)\n",
        "Kith"
    ));
    text.push_str(&format!("   {:34}{provider}\n", "Demo identity provider"));
    for partner in &PARTNERS {
        text.push_str(&format!("   {:34}{partners}/{}\n", partner.name, partner.id));
        if !partner.sends.is_empty() {
            push(&mut text, 5, "sends ", &partner.sends.join(", "));
        }
        let form =
            if partner.form == "fhir" { "FHIR".to_owned() } else { format!("{} records", partner.form) };
        push(&mut text, 5, &format!("receives, as {form}, "), &partner.receives.join(", "));
    }
    push(&mut text, 3, "", "A partner's address with /received after it shows what its system got.");
    text
}

/// A paragraph: the first line begins with a mark, all are indented, none is too long unless one word is.
fn push(text: &mut String, indent: usize, mark: &str, paragraph: &str) {
    let hanging = if indent > 3 { 2 } else { 0 };
    let mut line = format!("{}{mark}", " ".repeat(indent));
    let mut is_empty = true;
    for word in paragraph.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&format!("{line}\n"));
            line = " ".repeat(indent + hanging);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    text.push_str(&format!("{line}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_receipt_becomes_a_line_for_each_reason() {
        let note =
            "Centre (a children's centre): It receives name. Agreed. It does not receive sex. Nobody agreed.";
        let task = json!({ "statusReason": { "text": note } });
        assert_eq!(reasons(&task), ["It receives name. Agreed.", "It does not receive sex. Nobody agreed."]);
    }

    #[test]
    fn fields_are_named_by_their_path() {
        let record =
            json!({ "child": { "name": { "given": ["A", "B"] } }, "plan": [{ "by": "C" }, { "by": 1 }] });
        let mut lines = Vec::new();
        fields(&record, "", &mut |field, value| lines.push(format!("{field}={value}")));
        assert_eq!(lines, ["child.name.given=A, B", "plan[].by=C", "plan[].by=1"]);
    }

    #[test]
    fn no_line_is_too_long() {
        let mut text = String::new();
        push(&mut text, 3, "- ", &"word ".repeat(60));
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.len() <= WIDTH));
        assert!(text.lines().all(|line| line.starts_with("   ")));
    }
}
