//! The whole validator on small resources.

mod native;

use super::*;

fn check(text: &str, profiles: &[&str]) -> Vec<String> {
    let definitions = Definitions::core().unwrap().with(own_package().unwrap());
    let clock = || chrono::DateTime::from_timestamp(1_750_000_000, 0).unwrap_or_default();
    let validator = validator(Arc::new(definitions), clock, settings()).unwrap();
    let errors = validator.validate(text, profiles).findings.into_iter();
    let errors = errors.filter(|one| one.issue.severity == crate::problem::Severity::Error);
    errors.map(|one| format!("{}: {}", one.issue.expression.unwrap_or_default(), one.issue.text)).collect()
}

#[test]
fn core_types_and_their_rules() {
    assert_eq!(check(r#"{"resourceType":"Patient","gender":"female"}"#, &[]), Vec::<String>::new());
    let faults = check(r#"{"resourceType":"Patient","gender":"neither","contact":[{"gender":"male"}]}"#, &[]);
    assert!(faults.iter().any(|fault| fault.contains("administrative-gender")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("Rule pat-1")), "{faults:?}");
}

#[test]
fn a_profile_that_cannot_be_used_is_an_error() {
    let claims = r#"{"resourceType":"Patient","meta":{"profile":["https://kith.example/fhir/StructureDefinition/child|99"]}}"#;
    let faults = check(claims, &[]);
    assert!(faults.iter().any(|fault| fault.contains("only known in version")), "{faults:?}");
}
