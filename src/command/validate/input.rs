//! Files cut into resources: one a file, or one a line in NDJSON (<https://github.com/ndjson/ndjson-spec>), read as they
//! are needed.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// A resource to check.
pub(super) struct Unit {
    /// The file as people know it.
    pub(super) file: String,
    /// The line that its first line is, from 1.
    pub(super) line: usize,
    /// How many bytes of the input it is.
    pub(super) bytes: usize,
    /// Its text, or why there is none.
    pub(super) text: Result<String, String>,
}

/// The resources of all files, in their order; an error ends them.
pub(super) struct Units {
    files: VecDeque<PathBuf>,
    open: Option<Open>,
}

/// A file that is being read line by line.
struct Open {
    file: String,
    reader: Box<dyn BufRead>,
    line: usize,
}

impl Units {
    pub(super) fn of(files: &[PathBuf]) -> Self {
        Self { files: files.iter().cloned().collect(), open: None }
    }

    /// Opens the next file; a unit when it is a resource by itself.
    fn begin(&mut self, path: &Path) -> io::Result<Option<Unit>> {
        let file = name(path);
        let source: Box<dyn BufRead> = match path.as_os_str() == "-" {
            true => Box::new(BufReader::new(io::stdin())),
            false => Box::new(BufReader::new(File::open(path)?)),
        };
        let (is_lines, mut reader) = sniff(&file, source)?;
        if is_lines {
            self.open = Some(Open { file, reader, line: 0 });
            return Ok(None);
        }
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok(Some(unit(file, 1, bytes)))
    }
}

impl Open {
    /// The next line that is not blank.
    fn next(&mut self) -> io::Result<Option<Unit>> {
        loop {
            let mut bytes = Vec::new();
            if self.reader.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(unit(self.file.clone(), self.line, bytes)));
            }
        }
    }
}

impl Iterator for Units {
    type Item = Result<Unit, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(open) = &mut self.open else {
                let path = self.files.pop_front()?;
                match self.begin(&path) {
                    Ok(Some(unit)) => return Some(Ok(unit)),
                    Ok(None) => continue,
                    Err(error) => return Some(Err(format!("{}: cannot be read: {error}", name(&path)))),
                }
            };
            match open.next() {
                Ok(Some(unit)) => return Some(Ok(unit)),
                Ok(None) => self.open = None,
                Err(error) => {
                    let text = format!("{}: cannot be read: {error}", open.file);
                    self.open = None;
                    return Some(Err(text));
                }
            }
        }
    }
}

/// A file as people know it.
fn name(file: &Path) -> String {
    if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() }
}

fn unit(file: String, line: usize, bytes: Vec<u8>) -> Unit {
    let size = bytes.len();
    match String::from_utf8(bytes) {
        Ok(text) => Unit { file, line, bytes: size, text: Ok(text) },
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let before = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
            let text = Err("This is not UTF-8, which JSON must be. Save it as UTF-8.".to_owned());
            Unit { file, line: line + before, bytes: size, text }
        }
    }
}

/// Whether it is NDJSON: by its name, or because two lines that follow each other can be nothing else. In one JSON text, a
/// line that ends an object is never followed by one that begins another. What was read for that is read again.
fn sniff(file: &str, mut source: Box<dyn BufRead>) -> io::Result<(bool, Box<dyn BufRead>)> {
    if [".ndjson", ".jsonl"].iter().any(|end| file.to_ascii_lowercase().ends_with(end)) {
        return Ok((true, source));
    }
    let mut head = Vec::new();
    let first = full_line(&mut source, &mut head)?;
    let is_whole = |line: &[u8]| line.starts_with(b"{") && line.ends_with(b"}");
    let is_lines = is_whole(&first) && full_line(&mut source, &mut head)?.starts_with(b"{");
    Ok((is_lines, Box::new(Cursor::new(head).chain(source))))
}

/// The next line that is not blank, without blanks around it; all that was read is added to `head`.
fn full_line(source: &mut dyn BufRead, head: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    loop {
        let start = head.len();
        if source.read_until(b'\n', head)? == 0 {
            return Ok(vec![]);
        }
        let line = head.get(start..).unwrap_or_default().trim_ascii();
        if !line.is_empty() {
            return Ok(line.to_vec());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines on which units begin, and whether they are texts.
    fn units(name: &str, text: &[u8]) -> Vec<(usize, bool)> {
        let folder = std::env::temp_dir().join(format!("kith-units-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        let units = Units::of(&[file]).map(Result::unwrap);
        let found = units.map(|unit| (unit.line, unit.text.is_ok())).collect();
        std::fs::remove_dir_all(&folder).unwrap();
        found
    }

    #[test]
    fn ndjson_is_known_by_name_or_by_its_lines() {
        assert_eq!(units("a.ndjson", b"{}\n\n{}\n"), [(1, true), (3, true)]);
        assert_eq!(units("b.txt", b"\n{\"a\": 1}\n{}\n{"), [(2, true), (3, true), (4, true)]);
        assert_eq!(units("c.json", b"{\n  \"a\": {}\n}\n"), [(1, true)]);
        assert_eq!(units("d.json", b"{\"a\": 1}\n"), [(1, true)]);
        assert_eq!(units("e.ndjson", b""), []);
        assert_eq!(units("f.json", b""), [(1, true)]);
    }

    #[test]
    fn what_is_no_text_says_so() {
        assert_eq!(units("g.json", b"{\n\xff}"), [(2, false)]);
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error() {
        let mut units = Units::of(&[PathBuf::from("/nowhere/x.json")]);
        assert!(units.next().unwrap().is_err());
        assert!(units.next().is_none());
    }
}
