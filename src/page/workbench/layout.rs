//! A text that came on few long lines, with every element on a line of its own; nothing but blanks is changed.

use super::DEPTH_MAX;
use crate::json::document::parse;

/// The text laid out; `None` when it is no JSON, so that nobody can say where its elements are.
pub fn laid_out(text: &str) -> Option<String> {
    parse(text, DEPTH_MAX).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let (mut is_quoted, mut is_escaped) = (false, false);
    // The beginning of an object or list, of which it is not known yet whether it is empty.
    let mut has_opened = false;
    for letter in text.chars() {
        if is_quoted {
            is_quoted = letter != '"' || is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            out.push(letter);
            continue;
        }
        if letter.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(letter, '}' | ']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if has_opened != closes {
            begin_line(&mut out, depth);
        }
        has_opened = false;
        out.push(letter);
        match letter {
            '"' => is_quoted = true,
            '{' | '[' => {
                depth += 1;
                has_opened = true;
            }
            ',' => begin_line(&mut out, depth),
            ':' => out.push(' '),
            _ => {}
        }
    }
    Some(out)
}

fn begin_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn every_element_gets_a_line_and_keeps_its_text() {
        let text = "{\"a\":[],\"b\" : { },\"c\":[1.50,{\"d\":\"x: {\\\",\\\\\"}],\n\"e\":null}";
        let expected = "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1.50,\n    {\n      \"d\": \"x: {\\\",\\\\\"\n    }\n  ],\n  \"e\": null\n}";
        assert_eq!(laid_out(text).as_deref(), Some(expected));
        assert_eq!(laid_out(expected).as_deref(), Some(expected));
        assert_eq!(laid_out("{"), None);
    }
}
