//! XML in Windows-1252 or ISO 8859-1 as UTF-8, on the way; other encodings are refused.

use std::io::{self, Cursor, Read};

use crate::school::fault::FileFault;

/// The XML declaration is looked for in so many bytes.
const HEAD: usize = 256;

/// The source as UTF-8.
pub(super) fn to_utf8<'r>(mut source: impl Read + 'r) -> Result<Box<dyn Read + 'r>, FileFault> {
    let mut head = Vec::new();
    let read = (&mut source).take(HEAD as u64).read_to_end(&mut head);
    read.map_err(|error| FileFault::new(None, format!("The file cannot be read: {error}.")))?;
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) || head.contains(&0) {
        return Err(FileFault::new(Some(1), "The file is UTF-16 or no text. Save it in UTF-8."));
    }
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        head.drain(..3);
    }
    let declared = declared(&head);
    let whole = Cursor::new(head).chain(source);
    match declared.as_deref() {
        None | Some("utf-8" | "us-ascii") => Ok(Box::new(whole)),
        Some("windows-1252" | "iso-8859-1" | "latin1") => {
            Ok(Box::new(Latin { source: whole, ready: Cursor::default() }))
        }
        Some(_) => Err(FileFault::new(
            Some(1),
            "The file declares an encoding that is not read here. Save it in UTF-8.",
        )),
    }
}

/// The encoding that the XML declaration names, in lower case.
fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_lowercase)
}

/// One byte is one letter, so that any piece can be turned by itself.
struct Latin<R> {
    source: R,
    ready: Cursor<Vec<u8>>,
}

impl<R: Read> Read for Latin<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.position() >= self.ready.get_ref().len() as u64 {
            let mut piece = [0; 4096];
            let read = self.source.read(&mut piece)?;
            let piece = piece.get(..read).unwrap_or_default();
            let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(piece).0;
            self.ready = Cursor::new(text.into_owned().into_bytes());
        }
        self.ready.read(buffer)
    }
}
