//! How long things may be, and how they begin and end.

use super::source::{Source, block_end};

/// Longer files are two files.
const FILE_LINES_MAX: usize = 300;

/// Longer functions are two functions.
const FUNCTION_LINES_MAX: usize = 70;

/// Files that may be longer, each with its reason. None so far.
const LONGER: &[(&str, &str)] = &[];

/// What ends the program in the middle of somebody's message.
const SUDDEN: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!(",
    "todo!(",
    "unimplemented!(",
    "dbg!(",
    "process::exit",
    "process::abort",
];

/// Files whose first line does not say what they are for.
pub fn first_lines(files: &[Source]) -> Vec<String> {
    let silent = files.iter().filter(|file| !file.text.starts_with("//! "));
    silent.map(|file| format!("{}:1: say in a first line '//! …' what the file is for", file.path)).collect()
}

/// Files that are too long.
pub fn long_files(files: &[Source]) -> Vec<String> {
    let long = files.iter().filter(|file| {
        file.text.lines().count() > FILE_LINES_MAX && !LONGER.iter().any(|(path, _)| *path == file.path)
    });
    long.map(|file| {
        let lines = file.text.lines().count();
        format!(
            "{}:{FILE_LINES_MAX}: {lines} lines; move what belongs together to a file of its own",
            file.path
        )
    })
    .collect()
}

/// Functions that are too long.
pub fn long_functions(files: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let code = file.code.join("\n");
        for (at, _) in code.match_indices("fn ") {
            let starts_word =
                code[..at].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
            let Some(name) = code[at + 3..].split(|c: char| !(c.is_alphanumeric() || c == '_')).next() else {
                continue;
            };
            let Some(end) = block_end(&code[at..]).filter(|_| starts_word && !name.is_empty()) else {
                continue;
            };
            let lines = code[at..at + end].lines().count();
            if lines > FUNCTION_LINES_MAX {
                let line = code[..at].matches('\n').count() + 1;
                faults.push(format!(
                    "{}:{line}: {name} has {lines} lines; give its steps names of their own",
                    file.path
                ));
            }
        }
    }
    faults
}

/// Places where the house could fall over instead of saying what is wrong.
pub fn sudden_ends(house: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in house.iter().filter(|file| !file.is_test()) {
        for word in SUDDEN {
            let lines: Vec<usize> = file.lines_with(word).collect();
            faults.extend(lines.into_iter().map(|line| {
                format!("{}:{line}: '{word}' ends everything; give the fault back as a value", file.path)
            }));
        }
    }
    faults
}
