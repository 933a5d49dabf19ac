//! Defaults, file, environment: laid over each other, then read as types.

use toml::{Table, Value};

use super::{DEFAULTS, Fault, Settings};

/// The settings from the file's text and the environment over the defaults.
pub fn settings(
    file: &str,
    text: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, Vec<Fault>> {
    let mut table = parse("config/default.toml", DEFAULTS)?;
    overlay(&mut table, parse(file, text)?);
    let mut faults = Vec::new();
    for (name, value) in environment {
        if let Some(path) = name.strip_prefix("KITH__")
            && let Err(text) = set(&mut table, path, &value)
        {
            faults.push(Fault { file: "environment".to_owned(), line: 0, text: format!("{name}: {text}") });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // Reading the merged table gives no line; reading the file alone does, so look for its fault there first.
    Settings::deserialize_merged(table, file, text)
}

impl Settings {
    fn deserialize_merged(table: Table, file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        table.try_into().map_err(|error: toml::de::Error| {
            // The whole of it names the setting: "invalid socket address syntax in `server.bind`".
            let message = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            vec![Fault { file: file.to_owned(), line: line_of_field(&message, text), text: message }]
        })
    }
}

/// The line on which a field named in an error message stands (`unknown field `bnd`, …`).
fn line_of_field(message: &str, text: &str) -> usize {
    let Some(field) = message.split('`').nth(1) else { return 0 };
    let field = field.rsplit('.').next().unwrap_or(field);
    let found = text.lines().position(|line| line.trim_start().starts_with(field));
    found.map_or(0, |index| index + 1)
}

fn parse(file: &str, text: &str) -> Result<Table, Vec<Fault>> {
    text.parse::<Table>().map_err(|error| {
        let before =
            error.span().map_or(0, |span| text.get(..span.start).map_or(0, |t| t.matches('\n').count() + 1));
        vec![Fault { file: file.to_owned(), line: before, text: error.message().to_owned() }]
    })
}

fn overlay(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => overlay(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// Sets `SERVER__BIND`; the value has the type that the default has.
fn set(table: &mut Table, path: &str, value: &str) -> Result<(), String> {
    let (section, key) = path.split_once("__").ok_or("write KITH__SECTION__SETTING")?;
    let section = table.entry(section.to_lowercase()).or_insert_with(|| Value::Table(Table::new()));
    let section = section.as_table_mut().ok_or("there is no such section")?;
    let key = key.to_lowercase();
    let typed = match section.get(&key) {
        Some(Value::Integer(_)) => {
            value.parse().map(Value::Integer).map_err(|_| "expected a whole number")?
        }
        Some(Value::Boolean(_)) => value.parse().map(Value::Boolean).map_err(|_| "expected true or false")?,
        _ => Value::String(value.to_owned()),
    };
    section.insert(key, typed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<Settings, Vec<Fault>> {
        let pairs = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        settings("kith.toml", text, pairs)
    }

    #[test]
    fn the_environment_has_the_last_word() {
        let text = "[server]\nbind = \"127.0.0.1:1\"\nworkers = 3\n";
        let settings = read(text, &[("KITH__SERVER__WORKERS", "5"), ("KITH__STORE__KEY_FILE", "k")]).unwrap();
        assert_eq!((settings.server.bind.port(), settings.server.workers), (1, 5));
        assert_eq!(settings.store.key_file, "k");
        assert!(read(text, &[("KITH__SERVER__WORKERS", "many")]).is_err());
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(read("[server]\n\nbnd = \"x\"\n", &[]).unwrap_err()[0].line, 3);
        assert_eq!(read("[server]\nbind = \n", &[]).unwrap_err()[0].line, 2);
    }

    #[test]
    fn what_only_a_start_can_change_stays_and_is_named() {
        let before = read("[server]\nworkers = 1\n[store]\npath = \"a\"\n", &[]).unwrap();
        let text =
            "[server]\nworkers = 2\njson_depth_max = 7\n[store]\npath = \"b\"\nurl = \"postgres://b\"\n";
        let mut now = read(text, &[]).unwrap();
        assert_eq!(now.keep_what_a_start_sets(&before), ["server.workers", "store.url", "store.path"]);
        assert_eq!((now.server.workers, now.store.path.as_str(), now.server.json_depth_max), (1, "a", 7));
        assert!(now.store.url.reveal().is_empty());
        assert!(now.keep_what_a_start_sets(&before).is_empty());
    }

    #[test]
    fn what_is_required_is_required() {
        let faults = read("", &[]).unwrap().faults("kith.toml");
        for needed in ["public_url", "[[issuer]]", "key_file"] {
            assert!(faults.iter().any(|fault| fault.text.contains(needed)), "{needed}");
        }
    }
}
