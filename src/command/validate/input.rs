//! Files cut into resources: one a file, or one a line in NDJSON (<https://github.com/ndjson/ndjson-spec>).

/// A resource to check.
pub(super) struct Unit {
    /// The file as people know it.
    pub(super) file: String,
    /// The line that its first line is, from 1.
    pub(super) line: usize,
    /// Its text, or why there is none.
    pub(super) text: Result<String, String>,
}

/// The resources of a file.
pub(super) fn units(file: &str, bytes: Vec<u8>) -> Vec<Unit> {
    let unit = |line, text| Unit { file: file.to_owned(), line, text };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
            return vec![unit(
                line,
                Err("This is not UTF-8, which JSON must be. Save it as UTF-8.".to_owned()),
            )];
        }
    };
    if !is_lines(file, &text) {
        return vec![unit(1, Ok(text))];
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| unit(number + 1, Ok(line.to_owned()))).collect()
}

/// Whether it is NDJSON: by its name, or because two lines that follow each other can be nothing else. In one JSON text, a
/// line that ends an object is never followed by one that begins another.
fn is_lines(file: &str, text: &str) -> bool {
    let is_named = [".ndjson", ".jsonl"].iter().any(|end| file.to_ascii_lowercase().ends_with(end));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let looks = match (lines.next(), lines.next()) {
        (Some(first), Some(second)) => {
            first.starts_with('{') && first.ends_with('}') && second.starts_with('{')
        }
        _ => false,
    };
    is_named || looks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &str, text: &str) -> Vec<usize> {
        units(file, text.as_bytes().to_vec()).iter().map(|unit| unit.line).collect()
    }

    #[test]
    fn ndjson_is_known_by_name_or_by_its_lines() {
        assert_eq!(lines("a.ndjson", "{}\n\n{}\n"), [1, 3]);
        assert_eq!(lines("standard input", "{\"a\": 1}\n{}\n{"), [1, 2, 3]);
        assert_eq!(lines("a.json", "{\n  \"a\": {}\n}\n"), [1]);
        assert_eq!(lines("a.json", "{\"a\": 1}\n"), [1]);
    }

    #[test]
    fn what_is_no_text_says_so() {
        let units = units("a.json", b"{\n\xff}".to_vec());
        assert_eq!((units.len(), units[0].line), (1, 2));
        assert!(units[0].text.is_err());
    }
}
