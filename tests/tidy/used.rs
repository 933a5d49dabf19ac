//! Everything that is written is explained and used: settings, mappings, code maps, policies, paths in the README.

use std::collections::BTreeSet;

use kith::catalogue::Catalogue;
use kith::consent::Policies;

use super::source::{read, root, walk};

/// A setting: its line, its section and its name.
type Setting = (usize, String, String);

/// Settings of the defaults that nothing explains or reads, and fields that the defaults do not show.
pub fn settings() -> Vec<String> {
    const DEFAULTS: &str = "config/default.toml";
    const FIELDS: &str = "src/config/settings.rs";
    let mut faults = Vec::new();
    let text = read(DEFAULTS);
    let (defaults, unexplained) = documented(&text);
    for (line, section, name) in unexplained {
        faults.push(format!("{DEFAULTS}:{line}: {section}.{name} has no comment above it; say what it does"));
    }
    // Each of its files begins its sections anew; lines are those of all one after the other.
    let fields = fields(
        &["", "/alerts", "/delivery", "/metrics", "/people", "/telemetry"]
            .map(|part| read(&FIELDS.replace(".rs", &format!("{part}.rs"))))
            .concat(),
    );
    for (line, section, name) in &defaults {
        if !fields.iter().any(|(_, of, field)| of == section && field == name) {
            faults.push(format!(
                "{DEFAULTS}:{line}: {section}.{name} is not a field in {FIELDS}; remove it or read it"
            ));
        }
    }
    for (line, section, field) in &fields {
        if !defaults.iter().any(|(_, of, name)| of == section && name == field) {
            faults.push(format!("{FIELDS}:{line}: {section}.{field} is not in {DEFAULTS}; give its default there, with a comment"));
        }
    }
    if !read("README.md").contains(DEFAULTS) {
        faults
            .push(format!("README.md:1: does not lead to {DEFAULTS}; link it where settings are spoken of"));
    }
    faults
}

/// The settings of a documented TOML file (`# key = …` shows one without a default), and those without a comment.
fn documented(text: &str) -> (Vec<Setting>, Vec<Setting>) {
    let (mut all, mut unexplained) = (Vec::new(), Vec::new());
    let mut section = String::new();
    let mut explained = false;
    for (index, line) in text.lines().enumerate() {
        let bare = line.trim_start_matches("# ").trim();
        if let Some(name) = bare.strip_prefix('[') {
            section = name.split(']').next().unwrap_or_default().trim_matches('[').to_owned();
            // A table shown as a whole is explained by the comment above it.
            explained = line.starts_with('#');
        } else if let Some(name) = setting_name(bare) {
            let setting = (index + 1, section.clone(), name.to_owned());
            if !explained && !line.trim_start_matches("# ").contains('#') {
                unexplained.push(setting.clone());
            }
            all.push(setting);
        } else {
            explained = line.starts_with('#');
        }
    }
    (all, unexplained)
}

fn setting_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(" = ")?;
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    plain.then_some(name)
}

/// The public fields of structs whose documentation names their section: "`[section]`".
fn fields(text: &str) -> Vec<Setting> {
    let mut fields = Vec::new();
    let mut section = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(named) = line.strip_prefix("/// `[").and_then(|rest| rest.split(']').next()) {
            section = Some(named.trim_matches('[').to_owned());
        } else if line == "}" {
            section = None;
        } else if let (Some(section), Some(field)) = (&section, line.strip_prefix("    pub ")) {
            let name = field.split(':').next().unwrap_or_default().to_owned();
            fields.push((index + 1, section.clone(), name));
        }
    }
    fields
}

/// Folders of `mappings/` that lack a part.
pub fn mapping_folders() -> Vec<String> {
    let files = walk("mappings");
    let folders =
        files.iter().filter_map(|file| file.split('/').nth(1).filter(|_| file.matches('/').count() > 1));
    let kinds: BTreeSet<&str> = folders.filter(|folder| *folder != "codes").collect();
    let mut faults = Vec::new();
    for kind in kinds {
        for part in ["README.md", "mapping.md", "record.schema.json"] {
            if !files.contains(&format!("mappings/{kind}/{part}")) {
                faults.push(format!(
                    "mappings/{kind}:1: {part} is missing; mappings/README.md says what it holds"
                ));
            }
        }
        let examples =
            files.iter().filter(|file| file.starts_with(&format!("mappings/{kind}/examples/"))).count();
        if examples < 2 {
            faults.push(format!(
                "mappings/{kind}/examples:1: {examples} example(s); give a full one and the smallest"
            ));
        }
    }
    faults
}

/// Events of the journal that have no code, by which audit events could not say them.
pub fn events() -> Vec<String> {
    const EVENTS: &str = "src/journal.rs";
    const CODES: &str = "profiles/input/fsh/codes.fsh";
    let (text, codes) = (read(EVENTS), read(CODES));
    let of_enum = text.split("pub enum Event {").nth(1).and_then(|rest| rest.split("\n}").next());
    let codes = codes.split("Id: disclosure\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let (Some(of_enum), Some(codes)) = (of_enum, codes) else {
        return vec![format!("{EVENTS}:1: its events, or their codes in {CODES}, are not where they were")];
    };
    let variants = of_enum.lines().filter_map(|line| line.trim().strip_suffix(','));
    let variants: Vec<&str> = variants.filter(|line| line.chars().all(char::is_alphabetic)).collect();
    let word = |variant: &str| {
        let mut word = String::new();
        for letter in variant.chars() {
            if letter.is_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.extend(letter.to_lowercase());
        }
        word
    };
    let without =
        variants.iter().map(|variant| word(variant)).filter(|word| !codes.contains(&format!("* #{word} ")));
    let faults =
        without.map(|word| format!("{EVENTS}:1: the event '{word}' has no code in {CODES}; give it one"));
    let none = variants.is_empty().then(|| format!("{EVENTS}:1: no events were found"));
    faults.chain(none).collect()
}

/// Code maps that no row uses.
pub fn code_maps() -> Vec<String> {
    let catalogue = Catalogue::builtin().unwrap_or_else(|faults| panic!("{faults:#?}"));
    let of = |kind: &str| {
        let kinds = catalogue.kinds().filter(|known| kind.is_empty() || known.name == kind);
        let rows = kinds.flat_map(|kind| kind.mapping.sections.iter().flat_map(|section| &section.rows));
        rows.filter_map(|row| row.shape.code_map().map(|map| map.name.clone())).collect::<BTreeSet<_>>()
    };
    let mut faults = Vec::new();
    for file in walk("mappings").iter().filter(|file| file.ends_with(".csv")) {
        let steps: Vec<&str> = file.trim_end_matches(".csv").split('/').collect();
        let (kind, map) = match steps.as_slice() {
            ["mappings", "codes", map] => ("", *map),
            ["mappings", kind, "codes", map] => (*kind, *map),
            _ => continue,
        };
        if !of(kind).contains(map) {
            faults.push(format!("{file}:1: no row uses this code map; use it or remove it"));
        }
    }
    faults
}

/// Short names of `names.csv` that nothing uses.
pub fn names() -> Vec<String> {
    let pages: String =
        walk("mappings").iter().filter(|file| !file.ends_with("names.csv")).map(|file| read(file)).collect();
    let table = read("mappings/names.csv");
    let rows = table
        .lines()
        .enumerate()
        .skip(1)
        .filter_map(|(index, line)| Some((index + 1, line.split(',').next()?)));
    let ends = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '-'));
    let used = |name: &str| {
        let mark = format!("@{name}");
        pages.match_indices(&mark).any(|(at, _)| ends(pages[at + mark.len()..].chars().next()))
    };
    rows.filter(|(_, name)| !used(name))
        .map(|(line, name)| format!("mappings/names.csv:{line}: nothing uses '@{name}'; remove the line"))
        .collect()
}

/// Policy files that cannot be loaded, or do not say in a first line what they decide.
pub fn policies() -> Vec<String> {
    let files = walk("config/policies").into_iter().filter(|file| !file.ends_with("README.md"));
    let (policies, others): (Vec<String>, Vec<String>) = files.partition(|file| file.ends_with(".cedar"));
    let texts: Vec<(String, String)> = policies.into_iter().map(|file| (file.clone(), read(&file))).collect();
    let named: Vec<(&str, &str)> = texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let loaded = Policies::load(&read("config/policies/kith.cedarschema"), &named);
    let broken = loaded.err().into_iter().flatten();
    let mut faults: Vec<String> =
        broken.map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.sentence)).collect();
    for (file, _) in texts.iter().filter(|(_, text)| !text.starts_with("// ")) {
        faults.push(format!("{file}:1: say in a first line '// …' what its policies decide"));
    }
    let known = ["kith.cedarschema", "reading-datasets.csv", "reading-elements.csv"];
    for file in others.iter().filter(|file| !known.iter().any(|name| file.ends_with(&format!("/{name}")))) {
        faults.push(format!("{file}:1: is not read by Kith; name it *.cedar or move it"));
    }
    faults
}

/// Paths in the README, in backticks or links, that lead nowhere.
pub fn readme_paths() -> Vec<String> {
    const PLACES: &[&str] =
        &["src/", "tests/", "mappings/", "config/", "migrations/", "profiles/", "benches/", ".ci/"];
    let mut faults = Vec::new();
    for (index, line) in read("README.md").lines().enumerate() {
        let words = line
            .split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | '[' | ']' | ',' | ';' | '"'));
        for word in words.map(|word| word.trim_end_matches(['.', ':', '?', '!'])) {
            let pattern = word.contains(['*', '<', '…', '{', '|']) || word.contains("KIND");
            if PLACES.iter().any(|place| word.starts_with(place)) && !pattern && !root().join(word).exists() {
                faults.push(format!("README.md:{}: {word} does not exist; correct or remove it", index + 1));
            }
        }
    }
    faults
}
