//! The official validator cases, where `FHIR_TEST_CASES` names their folder: how far the validator agrees with them, and
//! every case where it does not. None that is valid may be refused.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use kith::problem::Severity;
use kith::profile::definitions::Definitions;
use kith::profile::engine;
use kith::profile::package::Package;
use kith::profile::validator::Outcome;
use kith::profile::walk::Settings;
use serde_json::Value;

/// At least so many of a hundred cases of the tiers that Kith means to judge must be judged as their authors do.
const AGREED_MIN: usize = 95;

/// The tiers that Kith means to judge: structure, terminology of FHIR's own, and both with packages. Tier C needs a
/// terminology server.
const TIERS: &[&str] = &["A", "B", "D"];

/// Right and all, by tier and verdict.
type Table = BTreeMap<(String, String), (usize, usize)>;

#[test]
#[expect(clippy::disallowed_methods, reason = "the cases are found by the environment")]
fn official_cases() {
    let Ok(cases) = std::env::var("FHIR_TEST_CASES") else {
        println!("skipped: FHIR_TEST_CASES is not set");
        return;
    };
    let cases = Path::new(&cases);
    let list: Value =
        serde_json::from_str(&std::fs::read_to_string(cases.join("cases.json")).unwrap()).unwrap();
    let mut table = Table::new();
    for case in list["cases"].as_array().unwrap() {
        judge(&mut table, case, &run(cases, case, false), "verdict", case["tier"].as_str().unwrap());
        if case["verdict_with_profile"].is_string() {
            judge(&mut table, case, &run(cases, case, true), "verdict_with_profile", "with profile");
        }
    }
    for ((tier, verdict), (good, all)) in &table {
        println!("{tier:12} {verdict:8} {good} of {all}");
    }
    let ours = || table.iter().filter(|((tier, _), _)| TIERS.contains(&tier.as_str()));
    let flagged: usize =
        ours().filter(|((_, verdict), _)| verdict == "valid").map(|(_, (good, all))| all - good).sum();
    let good: usize = ours().map(|(_, (good, _))| good).sum();
    let all: usize = ours().map(|(_, (_, all))| all).sum();
    println!("{good} of {all} agreed; valid cases flagged: {flagged}");
    assert_eq!(flagged, 0, "valid cases are flagged");
    assert!(good * 100 >= all * AGREED_MIN, "{good} of {all} agreed");
}

fn judge(table: &mut Table, case: &Value, outcome: &Outcome, field: &str, row: &str) {
    let expected = case[field].as_str().unwrap();
    let good = outcome.is_valid() == (expected == "valid");
    let cell = table.entry((row.to_owned(), expected.to_owned())).or_default();
    cell.0 += usize::from(good);
    cell.1 += 1;
    if good {
        return;
    }
    let what = if expected == "valid" { "FLAGGED" } else { "missed" };
    println!("{what} {row} {}: expected {}", case["name"], case["issues"]);
    let notes = outcome.findings.iter().filter(|one| one.issue.severity != Severity::Warning);
    for one in notes.take(5) {
        println!("    {} — {}", one.issue.expression.as_deref().unwrap_or("?"), one.issue.text);
    }
}

fn run(folder: &Path, case: &Value, with_profile: bool) -> Outcome {
    let files = folder.join("files");
    let strings = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut names = strings(&case["supporting"]);
    let mut profiles = Vec::new();
    if with_profile {
        let profile = &case["profile"];
        names.extend(strings(&profile["supporting"]));
        let source = profile["source"].as_str().unwrap_or_default();
        let text = std::fs::read_to_string(files.join(source)).unwrap_or_default();
        let package = Package::from_resource(source, text.as_bytes()).ok();
        let url = package.and_then(|one| one.structures.first().map(|structure| structure.url.clone()));
        names.push(source.to_owned());
        profiles.push(url.unwrap_or_else(|| source.to_owned()));
    }
    let mut definitions = Definitions::core().unwrap();
    for name in names {
        // What is no definition, such as a resource that the case refers to, is no package.
        if let Ok(bytes) = std::fs::read(files.join(&name))
            && let Ok(package) = Package::from_resource(&name, &bytes)
        {
            definitions = definitions.with(package);
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
    let validator = engine::validator(Arc::new(definitions), kith::clock::now, settings).unwrap();
    let text = std::fs::read_to_string(files.join(case["file"].as_str().unwrap())).unwrap();
    let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
    validator.validate(&text, &profiles)
}
