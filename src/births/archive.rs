//! A list and its signature in one file, as a person takes them from the page: an archive (tar), which every system opens.

use std::io::{self, Read};

/// What the signature's file is called after the list's.
pub const SIGNATURE_ENDS: &str = ".sig";

/// A list and its signature.
#[derive(Debug, PartialEq, Eq)]
pub struct Together {
    /// The sealed list.
    pub letter: Vec<u8>,
    /// The text of its signature.
    pub signature: Vec<u8>,
}

impl Together {
    /// The archive, in which the list has this name; `made` is in seconds since 1970.
    ///
    /// # Errors
    /// When the name is too long for an archive.
    pub fn archive(&self, name: &str, made: u64) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in
            [(name.to_owned(), &self.letter), (format!("{name}{SIGNATURE_ENDS}"), &self.signature)]
        {
            let mut header = tar::Header::new_gnu();
            header.set_mode(0o600);
            header.set_mtime(made);
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, name, bytes.as_slice())?;
        }
        archive.into_inner()
    }

    /// What is in an archive, each of at most so many bytes; `None` where it holds no list, or not one signature.
    ///
    /// # Errors
    /// When it is no archive, or broken.
    pub fn read(archive: &[u8], most: u64) -> io::Result<Option<Self>> {
        let (mut letter, mut signature) = (None, None);
        for entry in tar::Archive::new(archive).entries()? {
            let entry = entry?;
            let is_signature = entry.path_bytes().ends_with(SIGNATURE_ENDS.as_bytes());
            let mut bytes = Vec::new();
            entry.take(most).read_to_end(&mut bytes)?;
            let place = if is_signature { &mut signature } else { &mut letter };
            if place.replace(bytes).is_some() {
                return Ok(None);
            }
        }
        Ok(letter.zip(signature).map(|(letter, signature)| Self { letter, signature }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Together {
        Together { letter: vec![7; 2_000], signature: b"signed".to_vec() }
    }

    #[test]
    fn what_was_put_together_is_taken_apart() {
        let archive = both().archive("births-2026-10-x.csv.age", 1).unwrap();
        assert_eq!(Together::read(&archive, 10_000).unwrap(), Some(both()));
        let cut = Together::read(&archive, 100).unwrap().unwrap();
        assert_eq!(cut.letter.len(), 100, "no more is read than that");
    }

    #[test]
    fn what_holds_no_list_and_one_signature_is_none() {
        assert_eq!(Together::read(&[], 10).unwrap(), None);
        assert_eq!(Together::read(&[0; 1024], 10).unwrap(), None);
        assert!(Together::read(&[7; 2_000], 10).is_err());
        let alone = both().archive("x.sig", 1).unwrap();
        assert_eq!(Together::read(&alone, 10_000).unwrap(), None, "two signatures");
        let broken = &both().archive("x", 1).unwrap()[..1_000];
        assert!(Together::read(broken, 10_000).is_err());
    }
}
