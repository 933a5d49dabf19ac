//! What is refused when policies are loaded: always with the file, the line and a sentence.

use super::*;

const GOOD: &str = r#"
@id("a") @ground("consent") @law("law") @sentence("It is agreed.")
permit (principal in Kith::Role::"gp", action == Kith::Action::"share", resource);
"#;

fn faults(files: &[(&str, &str)]) -> Vec<Fault> {
    Policies::load(SCHEMA, files).err().unwrap_or_default()
}

/// Refused with exactly one fault, on this line, whose sentence says this.
#[track_caller]
fn refused(text: &str, line: usize, says: &str) {
    let faults = faults(&[("good.cedar", GOOD), ("bad.cedar", text)]);
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!((fault.file.as_str(), fault.line), ("bad.cedar", line), "{fault}");
    assert!(fault.sentence.contains(says), "{fault}");
}

fn annotated(annotations: &str, rest: &str) -> String {
    format!(
        "// one\n\n{annotations}\npermit (principal, action == Kith::Action::\"share\", resource){rest};\n"
    )
}

const ALL: &str = r#"@id("b") @ground("consent") @law("law") @sentence("It is agreed.")"#;

#[test]
fn the_policies_that_kith_ships_load_and_say_what_they_rest_on() {
    let ids: Vec<&str> = policies().notes().map(|note| note.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "consent-childrens-centre",
            "consent-denied",
            "consent-school",
            "deceased-child",
            "detriment-recorded",
            "direct-care-gp",
            "direct-care-health-visitor",
            "direct-care-school-nurse",
            "mothers-own-information",
            "never-receives",
            "restricted-address",
            "safeguarding-duty-16la",
            "safeguarding-existing-law",
            "sealed-record",
        ]
    );
    assert!(policies().notes().all(|note| note.sentence.ends_with('.') && !note.law.is_empty()));
    let gp = policies().notes().find(|note| note.id == "direct-care-gp").unwrap();
    assert_eq!((gp.file.as_str(), gp.line), ("direct-care.cedar", 3));
    let readme = include_str!("../../../config/policies/README.md");
    assert!(
        policies().notes().all(|note| readme.contains(&format!("`{}`", note.id))),
        "README lists them all"
    );
}

#[test]
fn text_that_is_no_policy_is_refused_at_its_line() {
    refused("\n\npermit (principal, action, resource\n;", 4, "unexpected token");
    refused("// nothing\nallow everything;", 2, "everything");
}

#[test]
fn a_missing_or_empty_annotation_is_refused_at_the_policy() {
    for key in ["id", "ground", "law", "sentence"] {
        let without = ALL.replace(&format!("@{key}("), "@other(");
        refused(&annotated(&without, ""), 3, &format!("@{key}(\"…\")"));
        let blank = annotated(&format!("{without} @{key}(\" \")"), "").replace("@other(", "@x(");
        refused(&blank, 3, &format!("@{key}(\"…\")"));
    }
}

#[test]
fn a_ground_that_is_none_is_refused_and_so_is_a_forbid_that_names_a_ground() {
    refused(&annotated(&ALL.replace("(\"consent", "(\"whim"), ""), 3, "'whim' is not a ground");
    refused(&annotated(ALL, "").replace("permit (", "forbid ("), 3, "a forbid names its refusal");
    refused(&annotated(&ALL.replace("(\"b\")", "(\"B one\")"), ""), 3, "small letters");
}

#[test]
fn a_policy_that_does_not_match_the_schema_is_refused_at_the_place() {
    let typo = annotated(ALL, "\nwhen { context.consnt == Kith::Standing::\"permit\" }");
    refused(&typo, 5, "consnt");
    refused(&annotated(ALL, "\nwhen { context.consent == Kith::Standing::\"maybe\" }"), 5, "maybe");
    refused(&annotated(ALL, "\nwhen { principal in Kith::Role::\"doctor\" }"), 5, "doctor");
    refused(&annotated(ALL, "\nwhen { resource in Kith::Dataset::\"secrets\" }"), 5, "secrets");
}

#[test]
fn an_item_that_does_not_exist_is_refused() {
    refused(&annotated(ALL, "\nwhen { resource == Kith::Item::\"identity/nme\" }"), 3, "identity/nme");
}

#[test]
fn a_policy_that_can_never_apply_is_refused() {
    refused(&annotated(ALL, "\nwhen { context.deceased && false }"), 3, "impossible");
}

#[test]
fn two_policies_of_one_name_are_refused_and_both_places_named() {
    refused(&annotated(&ALL.replace("(\"b\")", "(\"a\")"), ""), 3, "good.cedar:2");
}

#[test]
fn a_policy_with_slots_is_refused() {
    let template = annotated(ALL, "").replace("(principal,", "(principal in ?principal,");
    refused(&template, 3, "slots");
}

#[test]
fn the_second_of_two_equal_policies_is_found_at_its_own_line() {
    let twice = format!("{}{}", annotated(ALL, ""), annotated(ALL, ""));
    refused(&twice, 7, "bad.cedar:3");
}

#[test]
fn no_policies_at_all_are_refused() {
    assert_eq!(faults(&[]).len(), 1);
    let empty = faults(&[("empty.cedar", "// to be written\n")]);
    assert!(empty[0].to_string().starts_with("empty.cedar:1: there is no policy"), "{empty:?}");
}

#[test]
fn every_fault_is_told_at_once() {
    let bad = annotated("", "");
    assert_eq!(faults(&[("one.cedar", "permit"), ("two.cedar", &bad)]).len(), 5);
}

#[test]
fn a_schema_that_is_broken_or_does_not_fit_the_facts_is_refused() {
    let load = |schema: &str| Policies::load(schema, &[("good.cedar", GOOD)]).err().unwrap_or_default();
    let broken = load(&SCHEMA.replace("entity Partner in [Role];", "entity Partner in [Role;"));
    assert_eq!((broken[0].file.as_str(), broken[0].line), ("kith.cedarschema", 20), "{broken:?}");
    for (from, to) in [
        ("    deceased: Bool,\n", "    alive: Bool,\n"),
        ("\"not-named\", ", ""),
        ("\"legal-order\", ", ""),
        (", \"on-file\"]", "]"),
        ("    \"vendor\",\n", ""),
        ("    \"feeding\",\n", ""),
    ] {
        let changed = SCHEMA.replace(from, to);
        assert_ne!(changed, SCHEMA);
        let faults = load(&changed);
        assert!(
            !faults.is_empty() && faults[0].sentence.contains("schema does not fit"),
            "{from}: {faults:?}"
        );
    }
}

#[test]
fn a_policy_that_cannot_be_evaluated_withholds_everything_and_is_named() {
    let overflow = format!(
        "{GOOD}{}",
        annotated(ALL, "\nwhen { 9223372036854775807 + (if context.deceased then 2 else 1) > 0 }")
    );
    let policies = Policies::load(SCHEMA, &[("overflow.cedar", &overflow)]).unwrap();
    let World { child, sender, recipient, at, .. } = World::to(Role::Gp, &[Relation::Practice]);
    let question = Question {
        child: &child,
        sender: &sender,
        recipient: &recipient,
        claimed: None,
        reason_given: false,
        consents: &[],
        contents: Contents::Unknown,
        duty_in_force: false,
        at,
    };
    let decision = decide(&policies, &question);
    assert!(decision.permitted().is_empty());
    for outcome in decision.outcomes() {
        assert_eq!(outcome.verdict, Verdict::Withhold("policy-broken".into()));
        assert_eq!(outcome.policies, ["b"]);
    }
}

#[test]
fn a_set_of_policies_is_told_from_any_other_by_its_digest() {
    let digest = |files: &[(&str, &str)]| Policies::load(SCHEMA, files).unwrap().digest().to_owned();
    let other = GOOD.replace("\"a\"", "\"b\"").replace("It is", "It was");
    let both = digest(&[("one.cedar", GOOD), ("two.cedar", &other)]);
    assert!(both.len() == 32 && both.bytes().all(|byte| byte.is_ascii_hexdigit()), "{both}");
    assert_eq!(
        digest(&[("second.cedar", &other), ("first.cedar", GOOD)]),
        both,
        "names and order say nothing"
    );
    let changed = other.replace("It was", "It is");
    assert_ne!(digest(&[("one.cedar", GOOD), ("two.cedar", &changed)]), both);
    assert_ne!(digest(&[("one.cedar", GOOD)]), both);
    assert_eq!(format!("{:?}", Policies::load(SCHEMA, &[("one.cedar", GOOD)]).unwrap()), "Policies([\"a\"])");
}
