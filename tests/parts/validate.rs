//! `kith validate` as a stranger runs it: the examples of the profiles, files of every kind, and how it ends.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use kith::profile::definitions::Definitions;
use kith::profile::engine;
use kith::profile::validator::Outcome;
use serde_json::Value;

/// Where Kith's profiles have their addresses.
const PROFILES: &str = "https://kith.example/fhir/StructureDefinition/";

const GOOD: &str = r#"{"resourceType":"Patient","gender":"female"}"#;
const BAD: &str = r#"{"resourceType":"Patient","gender":"neither","birthDate":"yesterday"}"#;

/// What a run printed, and the code it ended with.
struct Run {
    out: String,
    err: String,
    code: i32,
}

fn kith<A: AsRef<std::ffi::OsStr>>(arguments: &[A], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
        .arg("validate")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that is wrong ends before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { out: text(output.stdout), err: text(output.stderr), code: output.status.code().unwrap() }
}

fn examples(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/examples").join(folder)
}

/// The examples of a folder and their profiles, as its README lists them.
fn listed(folder: &str) -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(examples(folder).join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ["));
    rows.map(|row| {
        let (file, rest) = row.split_once(']').unwrap();
        (file.to_owned(), rest.split('`').nth(1).unwrap().to_owned())
    })
    .collect()
}

/// Every example of a folder, whether it meets its profile, and what was found.
fn verdicts(folder: &str) -> Vec<(String, bool, Outcome)> {
    let definitions = Definitions::core().unwrap().with(engine::own_package().unwrap());
    let validator = engine::validator(Arc::new(definitions), kith::clock::now, engine::settings()).unwrap();
    let judge = |(file, profile): (String, String)| {
        let text = std::fs::read_to_string(examples(folder).join(&file)).unwrap();
        let outcome = validator.validate(&text, &[&format!("{PROFILES}{profile}")]);
        (file, outcome.is_valid(), outcome)
    };
    listed(folder).into_iter().map(judge).collect()
}

#[test]
fn examples_that_pass() {
    let refused: Vec<_> = verdicts("pass").into_iter().filter(|(_, good, _)| !good).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn examples_that_fail() {
    let verdicts = verdicts("fail");
    assert!(verdicts.len() > 100);
    let passed: Vec<_> = verdicts.into_iter().filter(|(_, good, _)| *good).collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn an_example_by_the_command() {
    let run = |folder: &str, name: &str, profile: &str| {
        let file = examples(folder).join(name);
        kith(&["--profile", &format!("{PROFILES}{profile}"), file.to_str().unwrap()], "")
    };
    let good = run("pass", "safeguarding-template--full.json", "safeguarding-template-message");
    assert_eq!(good.code, 0, "{}", good.out);
    let bad = run("fail", "centre-with-five-digit-number.json", "childrens-centre");
    assert_eq!(bad.code, 1, "{}", bad.out);
    assert!(bad.out.contains("(Organization.identifier[0].value) [kith-urn-1]"), "{}", bad.out);
}

#[test]
fn every_example_is_listed() {
    for folder in ["pass", "fail"] {
        let files = std::fs::read_dir(examples(folder)).unwrap();
        let files = files.filter(|file| file.as_ref().unwrap().path().extension().unwrap() == "json");
        assert_eq!(files.count(), listed(folder).len(), "{folder}");
    }
}

#[test]
fn standard_input_and_what_is_printed() {
    let run = kith(&["-"], GOOD);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.ends_with("1 resource in 1 file: 1 valid, 0 not; 0 errors, 0 warnings\n"), "{}", run.out);
    let run = kith(
        &["--best-practice", "-"],
        "{\n  \"resourceType\": \"Patient\",\n  \"gender\": \"neither\"\n}\n",
    );
    assert_eq!(run.code, 1);
    assert!(run.out.contains("standard input:3:3: error: This code is not in the value set"), "{}", run.out);
    assert!(run.out.contains(" (Patient.gender)\n"), "{}", run.out);
    assert!(run.out.contains(" [dom-6]\n"), "{}", run.out);
}

#[test]
fn ndjson_keeps_its_order_and_its_lines() {
    let input: String = (0..40).map(|n| format!("{}\n", if n % 4 == 3 { BAD } else { GOOD })).collect();
    let run = kith(&["--format", "json", "-"], &input);
    assert_eq!(run.code, 1);
    let outcomes: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(outcomes.len(), 40);
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        let is_bad = outcome["issue"].as_array().unwrap().iter().any(|one| one["severity"] == "error");
        assert_eq!(is_bad, number % 4 == 3, "{number}: {outcome}");
    }
    let run = kith(&["-"], &input);
    assert!(run.out.contains("standard input:40:"), "{}", run.out);
    assert!(run.out.contains("40 resources in 1 file: 30 valid, 10 not; 20 errors"), "{}", run.out);
}

#[test]
fn what_is_no_json_or_no_resource_has_errors() {
    for text in ["", "{", "[]", "null", r#"{"resourceType":"Unheard"}"#, r#"{"a":1}"#] {
        let run = kith(&["-"], text);
        assert_eq!(run.code, 1, "{text}: {}{}", run.out, run.err);
    }
}

#[test]
fn wrong_calls() {
    let unknown = kith(&["--profile", "https://nobody.example/p", "-"], GOOD);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("'https://nobody.example/p' is not known; load the package"));
    let missing = kith(&["nowhere.json"], "");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("nowhere.json: cannot be read"), "{}", missing.err);
    assert_eq!(kith(&["--package", "nowhere.tgz", "-"], GOOD).code, 2);
    assert_eq!(kith::<&str>(&[], "").code, 2);
}

#[test]
fn packages_bring_further_profiles() {
    let folder = std::env::temp_dir().join(format!("kith-validate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("profile.json");
    let profile = r#"{"resourceType":"StructureDefinition","url":"https://x.test/named","name":"Named","status":"active",
        "kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
        "derivation":"constraint","differential":{"element":[{"id":"Patient.name","path":"Patient.name","min":1}]}}"#;
    std::fs::write(&file, profile).unwrap();
    for package in [&file, &folder] {
        let call = ["--package", package.to_str().unwrap(), "--profile", "https://x.test/named", "-"];
        assert_eq!(kith(&call, GOOD).code, 1);
        let run = kith(&call, r#"{"resourceType":"Patient","name":[{"family":"Okoye"}]}"#);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn who_demands_what_is_said_by_layer() {
    let weight = r#"{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bodyweight"]},
        "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"display":"x"},"effectiveDateTime":"2026-03-02",
        "valueQuantity":{"value":3.1,"unit":"m","system":"http://unitsofmeasure.org","code":"m"},"foo":1}"#;
    let bundle =
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{weight}}}]}}"#);
    for text in [weight, &bundle] {
        let run = kith(&["--format", "json", "-"], &text.replace('\n', " "));
        let outcome: Value = serde_json::from_str(&run.out).unwrap();
        let by = |words: &str| -> Option<&str> {
            let mut issues = outcome["issue"].as_array().unwrap().iter();
            let said = |issue: &&Value| issue["details"]["text"].as_str().unwrap().contains(words);
            let issue = issues.find(said).unwrap_or_else(|| panic!("{words}: {outcome:#}"));
            let extensions = issue["extension"].as_array().unwrap().iter();
            let is_it = |one: &&Value| one["url"] == format!("{PROFILES}demanded-by");
            extensions.clone().find(is_it).and_then(|one| one["valueCanonical"].as_str())
        };
        assert_eq!(by("status is missing"), None, "FHIR itself asks for that");
        assert_eq!(by("'foo' is not known"), None);
        assert_eq!(by("category"), Some("http://hl7.org/fhir/StructureDefinition/vitalsigns"));
        let rest: Vec<&Value> = outcome["issue"].as_array().unwrap().iter().collect();
        let weights =
            rest.iter().filter(|one| one.to_string().contains("StructureDefinition/bodyweight")).count();
        assert_eq!(weights, 1, "the unit: {outcome:#}");
    }
    let run = kith(&["-"], &weight.replace('\n', " "));
    assert!(
        run.out.contains("(Observation) by http://hl7.org/fhir/StructureDefinition/vitalsigns"),
        "{}",
        run.out
    );
}
