//! The official validator cases, where `FHIR_TEST_CASES` names their folder and `FHIR_DEFINITIONS` that of the core
//! package: prints how far the validator agrees with them, and every case where it does not.

mod validator_world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kith::problem::Severity;
use kith::profile::needs::NoRules;
use kith::profile::validator::{Outcome, Validator};
use kith::profile::walk::Settings;
use serde_json::Value;
use validator_world::{Case, Core};

fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from)
}

#[test]
fn official_cases() {
    let (Some(cases), Some(core)) = (folder("FHIR_TEST_CASES"), folder("FHIR_DEFINITIONS")) else {
        println!("skipped: FHIR_TEST_CASES and FHIR_DEFINITIONS are not set");
        return;
    };
    let core = Arc::new(Core::read(&core));
    let list: Value =
        serde_json::from_str(&std::fs::read_to_string(cases.join("cases.json")).unwrap()).unwrap();
    let mut table: BTreeMap<(String, &str), (usize, usize)> = BTreeMap::new();
    let mut flagged = 0;
    for case in list["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let tier = case["tier"].as_str().unwrap();
        let valid = case["verdict"] == "valid";
        let outcome = run(&core, &cases, case, false);
        let good = outcome.is_valid() == valid;
        let cell = table.entry((tier.to_owned(), if valid { "valid" } else { "invalid" })).or_default();
        cell.0 += usize::from(good);
        cell.1 += 1;
        flagged += usize::from(valid && !good);
        if !good {
            println!(
                "{} {tier} {name}: expected {}",
                if valid { "FLAGGED" } else { "missed" },
                case["issues"]
            );
            explain(&outcome);
        }
        if let Some(expected) = case["verdict_with_profile"].as_str() {
            let outcome = run(&core, &cases, case, true);
            let good = outcome.is_valid() == (expected == "valid");
            let key = ("with profile".to_owned(), if expected == "valid" { "valid" } else { "invalid" });
            let cell = table.entry(key).or_default();
            cell.0 += usize::from(good);
            cell.1 += 1;
            if !good {
                println!("profile step {name}: expected {expected}");
                explain(&outcome);
            }
        }
    }
    for ((tier, verdict), (good, all)) in &table {
        println!("{tier:12} {verdict:8} {good} of {all}");
    }
    println!("valid cases flagged: {flagged}");
}

fn explain(outcome: &Outcome) {
    for one in outcome.findings.iter().filter(|one| one.issue.severity == Severity::Error).take(5) {
        println!("    {} — {}", one.issue.expression.as_deref().unwrap_or("?"), one.issue.text);
    }
}

fn run(core: &Arc<Core>, folder: &Path, case: &Value, with_profile: bool) -> Outcome {
    let files = folder.join("files");
    let mut definitions = Case::on(Arc::clone(core));
    let mut names: Vec<&str> =
        case["supporting"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut profiles = Vec::new();
    if with_profile {
        let profile = &case["profile"];
        names.extend(profile["supporting"].as_array().into_iter().flatten().filter_map(Value::as_str));
        let source = profile["source"].as_str().unwrap_or_default();
        names.push(source);
        let text = std::fs::read_to_string(files.join(source)).unwrap_or_default();
        let url =
            serde_json::from_str::<Value>(&text).ok().and_then(|one| one["url"].as_str().map(str::to_owned));
        profiles.push(url.unwrap_or_else(|| source.to_owned()));
    }
    for name in names {
        if let Ok(text) = std::fs::read_to_string(files.join(name)) {
            definitions.add(&text);
        }
    }
    let validator = Validator::new(Arc::new(definitions), Arc::new(NoRules), Settings::default());
    let text = std::fs::read_to_string(files.join(case["file"].as_str().unwrap())).unwrap();
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
    validator.validate(&text, &profiles)
}
