//! The master key in its file: read as hexadecimal or base64, made new.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::rand::{SecureRandom, SystemRandom};

use crate::domain::{from_hex, to_hex};

/// Why there is no master key. Never holds what the file holds.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key file {path} cannot be read: {cause}")]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        cause: std::io::Error,
    },
    /// The file holds something else.
    #[error(
        "the key file {path} must hold 32 random bytes as 64 hexadecimal digits or as base64, and nothing else; {found}"
    )]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// What is there instead, by its length only.
        found: String,
    },
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers to make a key of")]
    NoRandomness,
}

/// The text of a new master key, to be put in a file that only Kith may read.
pub fn new_key_text() -> Result<String, KeyError> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| KeyError::NoRandomness)?;
    Ok(to_hex(&key))
}

/// The master key in a file. White space around it does not matter: editors end files with a line break.
pub(super) fn read(path: &Path) -> Result<[u8; 32], KeyError> {
    let bytes =
        std::fs::read(path).map_err(|cause| KeyError::NotReadable { path: path.to_owned(), cause })?;
    let wrong = |found: String| KeyError::NotAKey { path: path.to_owned(), found };
    let text = String::from_utf8(bytes).map_err(|_| wrong("it holds bytes that are not text".to_owned()))?;
    parse(text.trim()).map_err(wrong)
}

fn parse(text: &str) -> Result<[u8; 32], String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let key = from_hex(text)
        .or_else(|| base64(&alphabet::STANDARD, text))
        .or_else(|| base64(&alphabet::URL_SAFE, text))
        .ok_or_else(|| format!("it holds {} characters that are neither", text.chars().count()))?;
    let length = key.len();
    key.try_into().map_err(|_| format!("it holds {length} bytes"))
}

fn base64(letters: &alphabet::Alphabet, text: &str) -> Option<Vec<u8>> {
    let any_padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(letters, any_padding).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    #[test]
    fn a_key_is_read_in_each_of_its_forms() {
        let key: Vec<u8> = (200..232).collect();
        for text in
            [to_hex(&key), to_hex(&key).to_uppercase(), STANDARD.encode(&key), URL_SAFE_NO_PAD.encode(&key)]
        {
            assert_eq!(parse(&text).unwrap().as_slice(), key, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_without_being_repeated() {
        for (text, says) in [
            ("", "it is empty"),
            ("abcd", "it holds 2 bytes"),
            ("not a key at all!", "it holds 17 characters that are neither"),
            ("kkkk", "it holds 3 bytes"),
        ] {
            assert_eq!(parse(text).unwrap_err(), says);
        }
    }

    #[test]
    fn a_file_is_read_with_its_line_break_and_named_when_it_is_wrong() {
        let path = std::env::temp_dir().join(format!("kith-key-{}", uuid::Uuid::new_v4()));
        let missing = read(&path).unwrap_err().to_string();
        assert!(missing.contains("cannot be read") && missing.contains("kith-key-"), "{missing}");

        let text = new_key_text().unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
        assert_eq!(to_hex(&read(&path).unwrap()), text);

        std::fs::write(&path, "correct horse battery staple").unwrap();
        let wrong = read(&path).unwrap_err().to_string();
        assert!(wrong.contains("64 hexadecimal digits") && !wrong.contains("horse"), "{wrong}");

        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("not text"));
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn two_new_keys_differ() {
        assert_ne!(new_key_text().unwrap(), new_key_text().unwrap());
    }
}
