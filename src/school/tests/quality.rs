//! Ten thousand invented children as schools write them, with the errors that schools make: nobody may be taken for somebody else.

use std::collections::HashMap;

use chrono::{Datelike, TimeDelta};

use super::super::{Match, Pupil, index_keys, matched};
use super::*;

const GIVEN: [&str; 40] = [
    "Olivia", "Amelia", "Isla", "Ava", "Lily", "Ivy", "Freya", "Florence", "Willow", "Elsie", "Ella",
    "Ellie", "Mia", "Maya", "Maja", "Sofia", "Sophia", "Zara", "Aisha", "Fatima", "Noah", "Muhammad",
    "Mohammed", "George", "Oliver", "Leo", "Arthur", "Luca", "Theo", "Oscar", "Oskar", "Jaden", "Jayden",
    "Sam", "Samuel", "Kai", "Ali", "Adam", "Ada", "Zoë",
];
const FAMILY: [&str; 30] = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Khan",
    "Ahmed",
    "Patel",
    "Hussain",
    "Begum",
    "Ali",
    "Singh",
    "Kaur",
    "Nowak",
    "Kowalska",
    "Davies",
    "Evans",
    "Thomas",
    "Roberts",
    "O'Neill",
    "Whitlock",
    "Osgood",
    "Penhallow",
    "Reed",
    "Clark",
    "Clarke",
    "Green",
    "Hall",
    "Wood",
];

/// Numbers that look random and are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).unwrap()
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn child(dice: &mut Dice) -> Pupil {
    let born = day("2015-09-01") + TimeDelta::days(dice.below(6 * 365) as i64);
    // Few postcodes and few names, so that many children have much in common.
    let postcode = format!("CV{} {}AA", 90 + dice.below(9), dice.below(9));
    Pupil {
        nhs_number: None,
        upn: None,
        given: dice.of(&GIVEN).to_owned(),
        family: dice.of(&FAMILY).to_owned(),
        former: vec![],
        born: Some(born),
        postcode: postcode.parse().ok(),
    }
}

/// The child as a school's file has it, and what is wrong there.
fn written(child: &Pupil, dice: &mut Dice) -> (Pupil, &'static str) {
    let mut pupil = child.clone();
    let born = pupil.born.unwrap();
    let error = match dice.below(20) {
        0 => {
            pupil.family = dice.of(&FAMILY).to_owned();
            "another family name"
        }
        1 => {
            pupil.born = chrono::NaiveDate::from_ymd_opt(born.year(), born.day().min(12), born.month());
            "day and month turned"
        }
        2 => {
            pupil.born = Some(born + TimeDelta::days(10));
            "a digit of the birth date"
        }
        3 => {
            pupil.postcode = format!("CV{} {}AA", 90 + dice.below(9), dice.below(9)).parse().ok();
            "moved"
        }
        4 => {
            pupil.postcode = None;
            "no postcode"
        }
        5 => {
            let at = 1 + dice.below(pupil.given.chars().count() - 1);
            pupil.given =
                pupil.given.chars().enumerate().filter(|(n, _)| *n != at).map(|(_, letter)| letter).collect();
            "a letter of the given name"
        }
        6 => {
            pupil.given = pupil.given.chars().take(3).collect();
            "a short name"
        }
        7 => {
            pupil.given = pupil.given.to_uppercase();
            pupil.family = pupil.family.to_uppercase().replace('\'', "’");
            "capitals"
        }
        _ => "nothing",
    };
    (pupil, error)
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the recall is a figure to be read: cargo test quality -- --nocapture"
)]
fn nobody_is_taken_for_somebody_else() {
    let mut dice = Dice(20_261_126);
    let mut children: Vec<Pupil> = Vec::new();
    while children.len() < 10_000 {
        let one = child(&mut dice);
        // Every fiftieth child has a twin, and every hundredth a child of the same name and birth date elsewhere.
        if children.len().is_multiple_of(50) {
            children.push(Pupil { given: dice.of(&GIVEN).to_owned(), ..one.clone() });
        }
        if children.len().is_multiple_of(100) {
            children.push(Pupil { postcode: child(&mut dice).postcode, ..one.clone() });
        }
        children.push(one);
    }
    // A fifth of them Kith does not know.
    let is_known = |number: usize| number % 5 != 4;
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, child) in children.iter().enumerate().filter(|(number, _)| is_known(*number)) {
        index_keys(child).into_iter().for_each(|key| index.entry(key).or_default().push(number));
    }
    let (mut right, mut wrong, mut queued, mut queued_right, mut known) = (0, 0, 0, 0, 0);
    let mut by_error: HashMap<&str, [u32; 3]> = HashMap::new();
    for (number, child) in children.iter().enumerate() {
        let (pupil, error) = written(child, &mut dice);
        let mut numbers: Vec<usize> =
            index_keys(&pupil).iter().filter_map(|key| index.get(key)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let candidates: Vec<Pupil> = numbers.iter().map(|number| children[*number].clone()).collect();
        known += u32::from(is_known(number));
        let tally = by_error.entry(error).or_default();
        // Two children of whom everything is the same cannot be told apart by anybody.
        let same = |other: usize| other == number || children[other] == *child;
        match matched(&pupil, &candidates) {
            Match::Matched(one, _) if same(numbers[one]) => {
                right += 1;
                tally[0] += 1;
            }
            Match::Matched(..) => wrong += 1,
            Match::Ambiguous(several) => {
                queued += 1;
                tally[1] += 1;
                queued_right += u32::from(several.iter().any(|(one, _)| same(numbers[*one])));
            }
            Match::Unmatched => tally[2] += u32::from(is_known(number)),
        }
    }
    println!(
        "of 10,000 pupils, {known} of them known: {right} matched, {queued} left to a person ({queued_right} with the right child), {wrong} wrong"
    );
    let mut by_error: Vec<_> = by_error.into_iter().collect();
    by_error.sort_unstable();
    for (error, [matched, queued, lost]) in by_error {
        println!("  {error}: {matched} matched, {queued} left to a person, {lost} known and not found");
    }
    assert_eq!(wrong, 0, "precision is not 100 %");
    assert!(right * 100 > known * 60, "recall fell: {right} of {known}");
}
