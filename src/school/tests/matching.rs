//! Twins, children of the same name, changed names and turned dates: what is sure, what a person decides, and what is nobody.

use super::super::{Match, Pupil, Rule, index_keys, matched};
use super::*;

fn pupil(given: &str, family: &str, born: &str, postcode: &str) -> Pupil {
    Pupil {
        nhs_number: None,
        upn: None,
        given: given.to_owned(),
        family: family.to_owned(),
        former: vec![],
        born: Some(day(born)),
        postcode: postcode.parse().ok(),
    }
}

/// Looks among children as the store would give them: those that share a key.
fn look(pupil: &Pupil, children: &[Pupil]) -> Match {
    let keys = index_keys(pupil);
    let number = |child: &Pupil| pupil.nhs_number.is_some() && pupil.nhs_number == child.nhs_number;
    let candidates: Vec<Pupil> = children
        .iter()
        .filter(|child| number(child) || !index_keys(child).is_disjoint(&keys))
        .cloned()
        .collect();
    matched(pupil, &candidates)
}

fn maja() -> Pupil {
    pupil("Maja Rose", "Whitlock", "2020-03-02", "CV99 1AA")
}

fn rule(found: &Match) -> Option<Rule> {
    match found {
        Match::Matched(_, rule) => Some(*rule),
        Match::Ambiguous(several) => several.first().map(|(_, rule)| *rule),
        Match::Unmatched => None,
    }
}

#[test]
fn name_birth_date_and_postcode_together_are_sure() {
    for (given, family) in
        [("Maja", "Whitlock"), ("MAJA", "whitlock"), ("Maja R", "Whit-lock"), ("Mája", "Whitlöck")]
    {
        let found = look(&pupil(given, family, "2020-03-02", "cv991aa"), &[maja()]);
        assert_eq!(found, Match::Matched(0, Rule::NameBirthDatePostcode), "{given} {family}");
    }
}

#[test]
fn whatever_could_be_somebody_else_is_left_to_a_person() {
    for (one, why) in [
        (pupil("Maja", "Whitlock", "2020-03-02", "CV99 4BB"), Rule::AnotherPostcode),
        (pupil("Maja", "Whitlock", "2020-03-02", ""), Rule::AnotherPostcode),
        (pupil("Maja", "Osgood", "2020-03-02", "CV99 1AA"), Rule::AnotherFamilyName),
        (pupil("Maya", "Whitlock", "2020-03-02", "CV99 1AA"), Rule::NearlyTheGivenName),
        (pupil("Maj", "Whitlock", "2020-03-02", "CV99 1AA"), Rule::NearlyTheGivenName),
        (pupil("Maja", "Whitlock", "2020-02-03", "CV99 1AA"), Rule::NearlyTheBirthDate),
        (pupil("Maja", "Whitlock", "2020-03-12", "CV99 4BB"), Rule::NearlyTheBirthDate),
        (pupil("Maja", "Whitlock", "2014-05-11", "CV99 1AA"), Rule::AnotherBirthDate),
    ] {
        let found = look(&one, &[maja()]);
        assert!(
            matches!(found, Match::Ambiguous(_)) && rule(&found) == Some(why),
            "{found:?} is not {why:?}"
        );
    }
}

#[test]
fn twins_are_two() {
    let (ella, ava) =
        (pupil("Ella", "Smith", "2021-06-01", "CV99 1AA"), pupil("Ava", "Smith", "2021-06-01", "CV99 1AA"));
    let both = [ella.clone(), ava.clone()];
    assert_eq!(look(&ava, &both), Match::Matched(1, Rule::NameBirthDatePostcode));
    assert_eq!(look(&ava, &[ella]), Match::Unmatched, "only the other twin is known");
    let ellie = pupil("Ellie", "Smith", "2021-06-01", "CV99 1AA");
    let close = [pupil("Elle", "Smith", "2021-06-01", "CV99 1AA"), ava];
    assert!(matches!(look(&ellie, &close), Match::Ambiguous(several) if several.len() == 1));
}

#[test]
fn children_of_the_same_name_are_never_taken_for_each_other() {
    let (one, other) = (maja(), maja());
    let Match::Ambiguous(several) = look(&maja(), &[one, other]) else { panic!("it guessed") };
    assert_eq!(several, [(0, Rule::SameNameChildren), (1, Rule::SameNameChildren)]);
    let elsewhere = pupil("Maja", "Whitlock", "2020-03-02", "CV99 4BB");
    assert_eq!(
        look(&elsewhere, &[maja(), elsewhere.clone()]),
        Match::Matched(1, Rule::NameBirthDatePostcode)
    );
}

#[test]
fn a_pupil_number_carries_over_a_change_of_name_and_not_over_everything() {
    let upn = |mut pupil: Pupil, number: &str| {
        pupil.upn = Some(number.parse().unwrap());
        pupil
    };
    let known = upn(maja(), "B820900121001");
    let renamed = upn(pupil("Maja", "Osgood", "2020-03-02", "CV99 4BB"), "B820900121001");
    assert_eq!(look(&renamed, std::slice::from_ref(&known)), Match::Matched(0, Rule::Upn));
    let somebody = upn(pupil("Noah", "Osgood", "2015-01-01", "CV99 4BB"), "B820900121001");
    assert_eq!(rule(&look(&somebody, std::slice::from_ref(&known))), Some(Rule::UpnOfAnother));
    assert!(matches!(look(&renamed, &[known.clone(), known.clone()]), Match::Ambiguous(_)));
    let other_number = upn(maja(), "P207000016049");
    assert_eq!(look(&other_number, &[known]), Match::Unmatched, "another lasting number is another child");
}

#[test]
fn the_nhs_number_decides_unless_something_speaks_against_it() {
    let numbered = |mut pupil: Pupil, number: &str| {
        pupil.nhs_number = Some(number.parse().unwrap());
        pupil
    };
    let known = numbered(maja(), "9991000089");
    let renamed = numbered(pupil("M", "Osgood", "2020-03-02", ""), "9991000089");
    assert_eq!(look(&renamed, std::slice::from_ref(&known)), Match::Matched(0, Rule::NhsNumber));
    let mut alone = numbered(maja(), "9991000089");
    (alone.given, alone.family, alone.born, alone.postcode) = (String::new(), String::new(), None, None);
    assert_eq!(look(&alone, std::slice::from_ref(&known)), Match::Matched(0, Rule::NhsNumber));
    let typo = numbered(pupil("Noah", "Osgood", "2015-01-01", ""), "9991000089");
    assert_eq!(rule(&look(&typo, std::slice::from_ref(&known))), Some(Rule::NhsNumberOfAnother));
    let other = numbered(maja(), "9991000151");
    assert_eq!(look(&other, &[known]), Match::Unmatched, "another NHS number is another child");
}

#[test]
fn a_former_name_counts_as_a_name() {
    let mut child = maja();
    child.former = vec!["Osgood".to_owned()];
    let found = look(&pupil("Maja", "Osgood", "2020-03-02", "CV99 1AA"), &[child]);
    assert_eq!(found, Match::Matched(0, Rule::NameBirthDatePostcode));
}

#[test]
fn one_thing_in_common_is_nothing() {
    for one in [
        pupil("Noah", "Whitlock", "2015-01-01", "CV99 1AA"),
        pupil("Maja", "Osgood", "2015-01-01", "CV99 1AA"),
        pupil("Noah", "Osgood", "2020-03-02", "CV99 1AA"),
        pupil("Maja", "Whitlock", "2011-05-17", "B1 1AA"),
        pupil("", "Whitlock", "2020-03-02", "CV99 1AA"),
    ] {
        assert_eq!(look(&one, &[maja()]), Match::Unmatched);
    }
}
