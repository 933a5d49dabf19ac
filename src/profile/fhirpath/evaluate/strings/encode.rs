//! Texts in other codings: hexadecimal, base 64, HTML and JSON (FHIRPath 2.0.0, §5.6.13 to §5.6.16, trial use).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The text in that coding; `None` when there is no such coding.
pub(super) fn encode(text: &str, coding: &str) -> Option<String> {
    match coding {
        "hex" => Some(text.bytes().map(|byte| format!("{byte:02x}")).collect()),
        "base64" => Some(STANDARD.encode(text)),
        "urlbase64" => Some(URL_SAFE.encode(text)),
        "ascii" => Some(text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()),
        _ => None,
    }
}

/// The text that was put into that coding; `None` when it was not.
pub(super) fn decode(text: &str, coding: &str) -> Option<String> {
    let bytes = match coding {
        "hex" => {
            let pairs = text.as_bytes().chunks(2).map(|pair| {
                let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
                u8::from_str_radix(pair, 16).ok()
            });
            pairs.collect::<Option<Vec<u8>>>()?
        }
        "base64" => STANDARD.decode(text).ok()?,
        "urlbase64" => URL_SAFE.decode(text).ok()?,
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

/// The text as it may stand in HTML or in a JSON string.
pub(super) fn escape(text: &str, target: &str) -> Option<String> {
    match target {
        "html" => {
            let mut whole = String::with_capacity(text.len() + 8);
            for c in text.chars() {
                match c {
                    '&' => whole.push_str("&amp;"),
                    '<' => whole.push_str("&lt;"),
                    '>' => whole.push_str("&gt;"),
                    '"' => whole.push_str("&quot;"),
                    '\'' => whole.push_str("&#39;"),
                    other => whole.push(other),
                }
            }
            Some(whole)
        }
        "json" => {
            let quoted = serde_json::to_string(text).ok()?;
            Some(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned())
        }
        _ => None,
    }
}

/// The text that was escaped for that target.
pub(super) fn unescape(text: &str, target: &str) -> Option<String> {
    match target {
        // The ampersand last, so that nothing is undone twice.
        "html" => Some(
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&apos;", "'")
                .replace("&amp;", "&"),
        ),
        "json" => serde_json::from_str(&format!("\"{text}\"")).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes() {
        for coding in ["hex", "base64", "urlbase64"] {
            let coded = encode("a?é🔥", coding).unwrap();
            assert_eq!(decode(&coded, coding).unwrap(), "a?é🔥");
        }
        for target in ["html", "json"] {
            let escaped = escape("<a href=\"x\">&amp;'\n\\", target).unwrap();
            assert_eq!(unescape(&escaped, target).unwrap(), "<a href=\"x\">&amp;'\n\\");
        }
        assert!(decode("é", "hex").is_none());
        assert!(encode("a", "rot13").is_none());
    }
}
