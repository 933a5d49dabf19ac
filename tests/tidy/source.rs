//! Rust files as the rules read them: with their comments, texts and test modules taken out.

use std::fs;
use std::path::{Path, PathBuf};

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project as text.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder of the project, sorted, as paths from the project's folder.
pub fn walk(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    collect(&root().join(folder), &mut files);
    files.sort();
    files
        .iter()
        .map(|file| file.strip_prefix(root()).expect("below the root").display().to_string())
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some("node_modules" | "target") => {}
            _ if path.is_dir() => collect(&path, files),
            _ => files.push(path),
        }
    }
}

/// A Rust file.
#[derive(Clone)]
pub struct Source {
    /// Its path from the project's folder.
    pub path: String,
    /// As it is written.
    pub text: String,
    /// Its code alone, line by line: comments, the insides of texts and test modules are blank.
    pub code: Vec<String>,
}

/// The Rust files below a folder.
pub fn below(folder: &str) -> Vec<Source> {
    let rust = walk(folder).into_iter().filter(|path| path.ends_with(".rs"));
    rust.map(|path| Source::of(&path, read(&path))).collect()
}

impl Source {
    /// A file with this text.
    pub fn of(path: &str, text: String) -> Self {
        let code = without_test_modules(&code_of(&text)).lines().map(str::to_owned).collect();
        Self { path: path.to_owned(), text, code }
    }

    /// Whether the file holds tests of the house rather than the house.
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The room that the file belongs to: the module below the crate.
    pub fn room(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Every path in the code that begins with `start::`, as (line, path); groups in braces are spelt out.
    pub fn names(&self, start: &str) -> Vec<(usize, String)> {
        let code = self.code.join("\n");
        let mut found = Vec::new();
        for (at, _) in code.match_indices(&format!("{start}::")) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + start.len() + 2..];
            found.extend(spelt_out(rest).into_iter().map(|path| (line, format!("{start}::{path}"))));
        }
        found
    }

    /// Lines of code that hold this text, from 1.
    pub fn lines_with(&self, text: &str) -> impl Iterator<Item = usize> {
        self.code.iter().enumerate().filter(move |(_, line)| line.contains(text)).map(|(index, _)| index + 1)
    }
}

/// `a::b` of `a::b::C …`, and each of `{a::b, c}` of a group.
fn spelt_out(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        return vec![rest[..end].trim_end_matches(':').to_owned()];
    };
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(String::new()),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => parts.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    let names =
        parts.iter().map(|part| part.split_whitespace().next().unwrap_or_default().trim_end_matches(':'));
    names.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The text with comments and the insides of texts and characters blank; every line stays where it is.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest, code.chars().next_back()));
        let length = skipped.unwrap_or(c.len_utf8());
        match skipped {
            Some(_) => code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            None => code.push(c),
        }
        rest = &rest[length..];
    }
    code
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*").then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

/// The length of the text or character that begins here.
fn literal(rest: &str, before: Option<char>) -> Option<usize> {
    let word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if let Some(raw) = rest.strip_prefix('r').filter(|_| !word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(inside) = raw[hashes..].strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = inside.find(&end).unwrap_or(inside.len());
            return Some((1 + hashes + 1 + length + end.len()).min(rest.len()));
        }
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        // 'a is a lifetime, 'a' a character.
        if quote == '\'' && at > 1 && !escaped && c != '\'' && !rest[1..].starts_with('\\') {
            return None;
        }
        match c {
            '\\' if !escaped => escaped = true,
            _ if c == quote && !escaped => return Some(at + 1),
            _ => escaped = false,
        }
    }
    None
}

/// The code with each item under `#[cfg(test)]` blank.
fn without_test_modules(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(start) = kept.find("#[cfg(test)]") {
        let end = block_end(&kept[start..]).map_or(kept.len(), |end| start + end);
        let blank: String = kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}

/// Where the item ends that begins here: behind its closing brace, or its semicolon when it has none.
pub fn block_end(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut lists = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => lists += 1,
            ')' | ']' => lists = lists.saturating_sub(1),
            ';' if depth == 0 && lists == 0 => return Some(at + 1),
            '{' => depth += 1,
            '}' if depth <= 1 => return Some(at + 1),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
