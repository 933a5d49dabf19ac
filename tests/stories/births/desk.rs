//! Where lists are made: a world whose council takes them to two centres, the files of a child health service, and what is read of a list.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::world::folder::Tweaks;
use crate::world::{Caller, World, until};

pub const NAMED: &str = include_str!("../../../mappings/first-visit-form/examples/agreed-named-centre.json");
pub const LOCAL: &str =
    include_str!("../../../mappings/first-visit-form/examples/agreed-local-centres-no-visit.json");
pub const REFUSED: &str = include_str!("../../../mappings/first-visit-form/examples/refused-minimal.json");
pub const MONTH: &str = "2026-10";

/// An NHS number: nine digits and the one that checks them.
pub fn number(of: usize) -> String {
    let with = |digits: &str| {
        let sum: usize = digits
            .bytes()
            .zip((2..=10).rev())
            .map(|(digit, weight)| usize::from(digit - b'0') * weight)
            .sum();
        (11 - sum % 11) % 11
    };
    let mut all = (999_200_000..).map(|first| first.to_string()).filter(|first| with(first) != 10);
    all.nth(of).map(|first| format!("{first}{}", with(&first))).unwrap()
}

/// The family's name, by which it is found again wherever it should not be.
pub fn family(of: usize) -> String {
    format!("Canary{of}")
}

/// A form about the child of that number, filled in like an example.
pub fn form(of: usize, like: &str, postcode: &str) -> Value {
    let mut form: Value = serde_json::from_str(like).unwrap();
    form["child"]["nhsNumber"] = json!(number(of));
    form["child"]["name"] = json!({ "given": ["Baby"], "family": family(of) });
    form["child"]["birthDate"] = json!(format!("{MONTH}-{:02}", of + 1));
    form["child"]["address"] = json!({ "lines": ["1 Canary Row"], "town": "Kenford", "postcode": postcode });
    form["visitDate"] = json!("2026-11-10");
    form["consent"]["givenAt"] = json!("2026-11-10T10:00:00Z");
    form["consent"].as_object_mut().unwrap().remove("until");
    form
}

/// Births as a child health service exports them.
pub fn births(rows: &[(usize, &str, &str)]) -> String {
    let mut text =
        "Sender,NHS number,Family name,Birth date,Address lines,Address town,Address postcode\n".to_owned();
    for (of, born, postcode) in rows {
        text.push_str(&format!(
            "RZ998,{},{},{born},1 Canary Row,Kenford,{postcode}\n",
            number(*of),
            family(*of)
        ));
    }
    text
}

/// Where the lists are made: a world whose council takes them to two centres, and the council's key.
pub struct Desk {
    pub world: World,
    pub key: PathBuf,
}

impl Desk {
    pub fn at(world: World) -> Self {
        Self::with(world, "")
    }

    /// One whose list is made of what messages told, with all numbers shown; the gateway has read that.
    pub async fn of_messages(world: World) -> Self {
        let desk = Self::with(
            world,
            ", from = [\"birth-notification\", \"first-visit-form\"], suppress_below = 0, round_to = 1",
        );
        let council = Caller::of(&desk.world, "authority");
        until("the council takes lists", || async {
            (council.gets("/births/2026-10").await.status == 200).then_some(())
        })
        .await;
        desk
    }

    fn with(world: World, more: &str) -> Self {
        let key = world.folder.path.join("council.key");
        let made =
            Command::new(env!("CARGO_BIN_EXE_kith")).args(["births", "key"]).arg(&key).output().unwrap();
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        let public = String::from_utf8(made.stdout).unwrap();
        let entry = "id = \"kenfordshire\"\n";
        world.folder.changes("directory.toml", |text| {
            text.replace(
                entry,
                &format!(
                    "{entry}births = {{ form = \"birth-list\", keys = [\"{}\"], centres = [\"north-centre\", \"aldermere-centre\"]{more} }}\ninbox = {{ form = \"recall-notice\", receives = [\"recall-notice\"] }}\n",
                    public.trim()
                ),
            )
        });
        Self { world, key }
    }

    pub async fn open() -> Self {
        Self::at(World::without_gateway(&Tweaks::default()).await)
    }

    pub fn put(&self, name: &str, text: &str) -> PathBuf {
        self.world.folder.put(name, text);
        self.world.folder.path.join(name)
    }

    pub fn forms(&self, forms: &[Value]) -> String {
        let lines: Vec<String> = forms.iter().map(Value::to_string).collect();
        format!("first-visit-form={}", self.put("forms.ndjson", &lines.join("\n")).display())
    }

    pub fn births(&self, rows: &[(usize, &str, &str)]) -> String {
        format!("birth-notification={}", self.put("births.csv", &births(rows)).display())
    }

    pub fn lists(&self, out: &str, files: &[&str]) -> Output {
        let out = self.world.folder.path.join(out);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.args(["births", "list", "--authority", "kenfordshire", "--month", MONTH, "--format", "json"]);
        command.arg("--config").arg(&self.world.folder.path).arg("--out").arg(out).args(files);
        command.output().unwrap()
    }

    /// What is said of a list that was made, ending with this code.
    pub fn makes(&self, out: &str, files: &[&str], code: i32) -> Value {
        let output = self.lists(out, files);
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(!said.contains("Canary") && !said.contains("99920"), "{said}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"))
    }

    pub fn sealed(&self, out: &str) -> PathBuf {
        self.world.folder.path.join(out).join(format!("births-{MONTH}-kenfordshire.csv.age"))
    }

    /// The rows of a list, each by its columns.
    pub fn rows(&self, out: &str) -> Vec<Value> {
        let output = opens(&self.key, &self.sealed(out), &[]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        table(&output.stdout)
    }
}

pub fn opens(key: &Path, list: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(["births", "open", "--key"]).arg(key).args(more).arg(list).output().unwrap()
}

pub fn table(text: &[u8]) -> Vec<Value> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text);
    let head = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        Value::Object(head.iter().zip(&row).map(|(name, cell)| (name.to_owned(), json!(cell))).collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

pub fn said<'v>(rows: &'v [Value], column: &str) -> Vec<&'v str> {
    rows.iter().map(|row| row[column].as_str().unwrap()).collect()
}
