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
    let options = &case["options"];
    let settings = Settings {
        markup_is_error: options["security-checks"] == true || options["noHtmlInMarkdown"] == true,
        contained_is_checked: options["validateContains"] != "IGNORE",
        references_must_resolve: options["validateReference"] == "CHECK_EXISTS_AND_TYPE",
        comments_are_allowed: options["allow-comments"] == true,
        examples_are_errors: options["examples"] == false,
        ..Settings::default()
    };
    let validator = Validator::new(Arc::new(definitions), Arc::new(NoRules), settings);
    let text = std::fs::read_to_string(files.join(case["file"].as_str().unwrap())).unwrap();
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
    validator.validate(&text, &profiles)
}

/// The definitions that FHIR itself publishes are no doubt valid; how many does the validator doubt?
#[test]
fn core_resources() {
    let (Some(core), Some(_)) = (folder("FHIR_DEFINITIONS"), folder("FHIR_CORE_TOO")) else {
        println!("skipped: FHIR_DEFINITIONS and FHIR_CORE_TOO are not set");
        return;
    };
    let world = Arc::new(Core::read(&core));
    let validator = Validator::new(Arc::new(Case::on(world)), Arc::new(NoRules), Settings::default());
    let mut files: Vec<_> = std::fs::read_dir(&core).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    vital_signs(&validator);
    let (mut count, mut flagged) = (0, 0);
    let mut kinds: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|one| one == "json")) {
        let text = std::fs::read_to_string(path).unwrap();
        let is_resource = text.get(..200).is_some_and(|start| start.contains("resourceType"));
        if !is_resource {
            continue;
        }
        count += 1;
        let outcome = validator.validate(&text, &[]);
        flagged += usize::from(!outcome.is_valid());
        for one in outcome.findings.iter().filter(|one| one.issue.severity == Severity::Error) {
            let place = one.issue.expression.clone().unwrap_or_default();
            let kind = kinds.entry(one.issue.text.clone()).or_default();
            kind.0 += 1;
            kind.1 = format!("{} {place}", path.file_name().unwrap().to_string_lossy());
        }
    }
    for (text, (times, last)) in &kinds {
        println!("{times:6} {text} [{last}]");
    }
    println!("{flagged} of {count} flagged");
}

/// Slices of a real profile: blood pressure has its two components, each with its code and unit.
fn vital_signs(validator: &Validator) {
    let component = |code: &str, value: u32| {
        serde_json::json!({
            "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
            "valueQuantity": { "value": value, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]" }
        })
    };
    let good = serde_json::json!({
        "resourceType": "Observation", "status": "final",
        "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">bp</div>" },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }] },
        "subject": { "reference": "Patient/1" }, "effectiveDateTime": "2024-01-01",
        "component": [component("8480-6", 120), component("8462-4", 80)]
    });
    let check = |value: &Value| validator.validate(&value.to_string(), &[]);
    let outcome = check(&good);
    assert!(outcome.is_valid(), "{:#?}", outcome.findings);
    let mut faults = Vec::new();
    for (pointer, value) in [
        ("/category/0/coding/0/code", serde_json::json!("laboratory")),
        ("/component/1/code/coding/0/code", serde_json::json!("8480-6")),
        ("/component/0/valueQuantity/code", serde_json::json!("kPa")),
        ("/effectiveDateTime", serde_json::json!("yesterday")),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let outcome = check(&bad);
        assert!(!outcome.is_valid(), "{pointer}");
        faults.extend(outcome.findings.into_iter().filter(|one| one.issue.severity == Severity::Error));
    }
    for one in faults {
        println!(
            "    {} {} [{}]",
            one.issue.expression.unwrap_or_default(),
            one.issue.text,
            one.profile.unwrap_or_default()
        );
    }
}
