//! Letters that only whoever has the key can open, Kith itself not any more: files in the format of age, which others' programs open
//! too (<https://age-encryption.org/v1>).

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};

use super::SecrecyError;
use crate::domain::Private;

/// A pair of keys: letters are sealed with the public one and opened with the private one.
pub struct LetterKeys {
    /// What the owner keeps in a file: the text of `age-keygen`.
    pub private: Private<String>,
    /// What others get: `age1…`.
    pub public: String,
}

impl LetterKeys {
    /// A new pair.
    pub fn new() -> Self {
        let identity = Identity::generate();
        let public = identity.to_public().to_string();
        let private = format!("# public key: {public}\n{}\n", identity.to_string().expose_secret());
        Self { private: Private::new(private), public }
    }
}

impl Default for LetterKeys {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a text is a public key.
pub fn is_letter_key(text: &str) -> bool {
    text.parse::<Recipient>().is_ok()
}

/// A letter that each of these public keys' owners can open; `NotSealed` when one is no key or there is none.
pub fn seal_letter(keys: &[String], plain: &[u8]) -> Result<Vec<u8>, SecrecyError> {
    let keys: Result<Vec<Recipient>, _> = keys.iter().map(|key| key.parse()).collect();
    let keys = keys.map_err(|_| SecrecyError::NotSealed)?;
    let recipients = keys.iter().map(|key| key as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|_| SecrecyError::NotSealed)?;
    let mut letter = Vec::with_capacity(plain.len() + 1024);
    let written = encryptor.wrap_output(&mut letter).and_then(|mut writer| {
        std::io::Write::write_all(&mut writer, plain)?;
        writer.finish()
    });
    written.map_err(|_| SecrecyError::NotSealed)?;
    Ok(letter)
}

/// What a letter says, opened with one of the private keys of a file; lines that begin with `#` are remarks. `UnknownForm` when the file holds
/// no key, `NotOpened` when none of them fits or the letter was changed.
pub fn open_letter(key_file: &str, letter: &[u8]) -> Result<Vec<u8>, SecrecyError> {
    let lines = key_file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Result<Vec<Identity>, _> = lines.map(str::parse).collect();
    let keys = keys.ok().filter(|keys| !keys.is_empty()).ok_or(SecrecyError::UnknownForm)?;
    let opened = keys.iter().find_map(|key| age::decrypt(key, letter).ok());
    opened.ok_or(SecrecyError::NotOpened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_it_is_for_open_a_letter_and_none_that_was_changed() {
        let [one, other, stranger] = [LetterKeys::new(), LetterKeys::new(), LetterKeys::new()];
        let mut letter = seal_letter(&[one.public, other.public], b"a list").unwrap();
        for keys in [&one.private, &other.private] {
            assert_eq!(open_letter(keys.reveal(), &letter).unwrap(), b"a list");
        }
        assert_eq!(open_letter(stranger.private.reveal(), &letter), Err(SecrecyError::NotOpened));
        assert!(!letter.windows(6).any(|part| part == b"a list"));
        *letter.last_mut().unwrap() ^= 1;
        assert_eq!(open_letter(one.private.reveal(), &letter), Err(SecrecyError::NotOpened));
    }

    #[test]
    fn what_is_no_key_is_told() {
        let keys = LetterKeys::new();
        assert!(is_letter_key(&keys.public) && !is_letter_key("ssh-ed25519 AAAA") && !is_letter_key(""));
        assert_eq!(seal_letter(&[], b"x"), Err(SecrecyError::NotSealed));
        assert_eq!(seal_letter(&["age1".to_owned()], b"x"), Err(SecrecyError::NotSealed));
        assert_eq!(open_letter("# nothing\n", b"x"), Err(SecrecyError::UnknownForm));
        assert_eq!(open_letter("password", b"x"), Err(SecrecyError::UnknownForm));
    }
}
