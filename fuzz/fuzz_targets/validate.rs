//! Any text to the validator: it must end, say where, and offer corrections that can be applied.

#![no_main]

use std::sync::{Arc, LazyLock};

use kith::problem::Severity;
use kith::profile::definitions::Definitions;
use kith::profile::engine;
use kith::profile::mend;
use kith::profile::validator::Validator;
use libfuzzer_sys::fuzz_target;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let definitions = Definitions::core().unwrap().with(engine::own_package().unwrap());
    let clock = || Default::default();
    engine::validator(Arc::new(definitions), clock, engine::settings()).unwrap()
});

/// A profile with slices, rules and terminology of Kith's.
const PROFILE: &str = "https://kith.example/fhir/StructureDefinition/new-birth-visit-message";

fuzz_target!(|text: &str| {
    let first = VALIDATOR.validate(text, &[]);
    let again = VALIDATOR.validate(text, &[]);
    let texts = |outcome: &kith::profile::validator::Outcome| -> Vec<String> {
        outcome.findings.iter().map(|one| format!("{:?}", one.issue)).collect()
    };
    assert_eq!(texts(&first), texts(&again), "the same text has the same issues");
    for one in &first.findings {
        let (line, column) = one.issue.position.expect("every issue has its place");
        assert!(line >= 1 && column >= 1 && line <= text.split('\n').count(), "the place is in the text");
        if let Some(patch) = &one.issue.patch {
            let mended = mend::apply(text, patch).expect("a correction can be applied");
            assert_ne!(mended, text, "and changes something");
        }
    }
    let with_profile = VALIDATOR.validate(text, &[PROFILE]);
    let errors = |outcome: &kith::profile::validator::Outcome| {
        outcome.findings.iter().any(|one| one.issue.severity == Severity::Error)
    };
    assert!(errors(&with_profile) || !errors(&first), "a profile takes no error away");
});
