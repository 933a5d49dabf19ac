//! Who is whom: a pupil, as a school knows it, among the children that are known by NHS number. The rule explains itself, and never
//! guesses: whatever could be two children is left to a person.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::pupil::Pupil;

/// Why a pupil was taken for a child, or could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The same NHS number, and nothing against it.
    NhsNumber,
    /// The same pupil number, with the same birth date or the same name.
    Upn,
    /// The same given and family name, birth date and postcode, and no other child with these.
    NameBirthDatePostcode,
    /// The same NHS number, but another birth date or name.
    NhsNumberOfAnother,
    /// The same pupil number, but neither birth date nor name agree; or two children have it.
    UpnOfAnother,
    /// Two children have the same name, birth date and postcode.
    SameNameChildren,
    /// The same name and birth date; the postcode is another, or not known.
    AnotherPostcode,
    /// The same given name, birth date and postcode; the family name is another.
    AnotherFamilyName,
    /// The same family name and birth date; the given name is nearly the same.
    NearlyTheGivenName,
    /// The same name and postcode; the birth date is another.
    AnotherBirthDate,
    /// The same name; day and month of the birth date stand the other way round, or one digit differs.
    NearlyTheBirthDate,
}

impl Rule {
    /// What it means, for the person who is to decide.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NhsNumber => "The NHS number is the same.",
            Self::Upn => "The pupil number is the same, and the birth date or the name.",
            Self::NameBirthDatePostcode => {
                "Name, birth date and postcode are the same, and no other child has them."
            }
            Self::NhsNumberOfAnother => {
                "The NHS number is the same, but the birth date or the name is another."
            }
            Self::UpnOfAnother => {
                "The pupil number is the same, but neither birth date nor name, or two children have it."
            }
            Self::SameNameChildren => "More than one child has this name, birth date and postcode.",
            Self::AnotherPostcode => {
                "Name and birth date are the same; the postcode is another, or not known."
            }
            Self::AnotherFamilyName => {
                "Given name, birth date and postcode are the same; the family name is another."
            }
            Self::NearlyTheGivenName => {
                "Family name and birth date are the same; the given name is nearly the same."
            }
            Self::AnotherBirthDate => "Name and postcode are the same; the birth date is another.",
            Self::NearlyTheBirthDate => "The name is the same; the birth date is nearly the same.",
        }
    }
}

/// What came of looking. Places are those of the candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It is this child.
    Matched(usize, Rule),
    /// It could be one of these; a person decides.
    Ambiguous(Vec<(usize, Rule)>),
    /// It is none of them.
    Unmatched,
}

/// What two spellings of one name have in common: letters only, lower case, without accents.
pub(super) fn folded(name: &str) -> String {
    name.chars().flat_map(plain).collect()
}

/// A letter without what stands above or below it; the common ones of European names.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let text = match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => "",
    };
    let other = Some(lower).filter(|lower| text.is_empty() && lower.is_alphanumeric());
    text.chars().chain(other)
}

/// What a child is found by: a pupil and a child that could be one have at least one of these in common.
pub fn index_keys(pupil: &Pupil) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let given = folded(first(&pupil.given));
    keys.extend(number_key(pupil));
    for family in families(pupil) {
        if let Some(born) = pupil.born {
            keys.insert(format!("family-born/{family}/{born}"));
        }
        if !given.is_empty() {
            keys.extend(with_name(&given, &family, pupil));
        }
    }
    if let (Some(born), Some(postcode)) = (pupil.born, &pupil.postcode) {
        keys.insert(format!("born-postcode/{born}/{}", postcode.reveal()));
    }
    keys
}

/// A name alone is shared by too many: it counts with the postcode, or with a birth date of which two parts agree or that is turned.
fn with_name(given: &str, family: &str, pupil: &Pupil) -> Vec<String> {
    let name = format!("name/{given}/{family}");
    let postcode = pupil.postcode.as_ref().map(|postcode| format!("{name}/{}", postcode.reveal()));
    let mut keys: Vec<String> = postcode.into_iter().collect();
    if let Some(born) = pupil.born {
        let (year, month, day) = (born.year(), born.month(), born.day());
        keys.push(format!("{name}/{year}-{month}"));
        keys.push(format!("{name}/{year}--{day}"));
        keys.push(format!("{name}/-{month}-{day}"));
        keys.push(format!("{name}/{year}/{}/{}", month.min(day), month.max(day)));
    }
    keys
}

/// The key of the pupil number alone, which is sure enough to be looked for first.
pub fn number_key(pupil: &Pupil) -> Option<String> {
    pupil.upn.as_ref().map(|upn| format!("upn/{}", upn.reveal()))
}

fn first(given: &str) -> &str {
    given.split_whitespace().next().unwrap_or_default()
}

fn families(pupil: &Pupil) -> BTreeSet<String> {
    let all = std::iter::once(&pupil.family).chain(&pupil.former);
    all.map(|family| folded(family)).filter(|family| !family.is_empty()).collect()
}

/// How a pupil and a child agree.
struct Agreement {
    nhs_number: bool,
    upn: bool,
    given: bool,
    given_nearly: bool,
    family: bool,
    born: bool,
    born_nearly: bool,
    postcode: bool,
}

impl Agreement {
    fn of(pupil: &Pupil, child: &Pupil) -> Self {
        let (one, other) = (folded(first(&pupil.given)), folded(first(&child.given)));
        let given = !one.is_empty() && one == other;
        let both = pupil.born.zip(child.born);
        Self {
            nhs_number: pupil.nhs_number.is_some() && pupil.nhs_number == child.nhs_number,
            upn: pupil.upn.is_some() && pupil.upn == child.upn,
            given,
            given_nearly: !given && nearly(&one, &other),
            family: families(pupil).intersection(&families(child)).next().is_some(),
            born: both.is_some_and(|(one, other)| one == other),
            born_nearly: both.is_some_and(|(one, other)| one != other && nearly_the_day(one, other)),
            postcode: pupil.postcode.is_some() && pupil.postcode == child.postcode,
        }
    }

    /// The rule by which they could be one; the surest first.
    fn rule(&self, pupil: &Pupil) -> Option<Rule> {
        let name = self.given && self.family;
        // A source that gives the number alone has nothing that could be against it.
        let silent = pupil.born.is_none() && pupil.family.is_empty();
        let rule = match () {
            () if self.nhs_number && (self.born || silent) => Rule::NhsNumber,
            () if self.nhs_number => Rule::NhsNumberOfAnother,
            () if self.upn && (self.born || name) => Rule::Upn,
            () if self.upn => Rule::UpnOfAnother,
            () if name && self.born && self.postcode => Rule::NameBirthDatePostcode,
            () if name && self.born => Rule::AnotherPostcode,
            () if self.given && self.born && self.postcode => Rule::AnotherFamilyName,
            () if self.family && self.born && self.given_nearly => Rule::NearlyTheGivenName,
            () if name && self.born_nearly => Rule::NearlyTheBirthDate,
            () if name && self.postcode => Rule::AnotherBirthDate,
            () => return None,
        };
        Some(rule)
    }
}

/// Looks for a pupil among candidates, all children that have one of its [`index_keys`] or its NHS number.
///
/// A number of the pupil's own that says otherwise keeps a child with the same name from being taken for it.
pub fn matched(pupil: &Pupil, candidates: &[Pupil]) -> Match {
    let found = candidates.iter().enumerate().filter(|(_, child)| !is_another(pupil, child));
    let found: Vec<(usize, Rule)> =
        found.filter_map(|(place, child)| Some((place, Agreement::of(pupil, child).rule(pupil)?))).collect();
    let by = |wanted: Rule| {
        found.iter().filter(|(_, rule)| *rule == wanted).map(|(place, _)| *place).collect::<Vec<_>>()
    };
    if found.is_empty() {
        return Match::Unmatched;
    }
    for rule in [
        Rule::NhsNumber,
        Rule::NhsNumberOfAnother,
        Rule::Upn,
        Rule::UpnOfAnother,
        Rule::NameBirthDatePostcode,
    ] {
        let places = by(rule);
        let sure = matches!(rule, Rule::NhsNumber | Rule::Upn | Rule::NameBirthDatePostcode);
        match (places.as_slice(), sure) {
            ([], _) => {}
            ([one], true) => return Match::Matched(*one, rule),
            (several, _) => {
                let why = match rule {
                    Rule::Upn => Rule::UpnOfAnother,
                    Rule::NameBirthDatePostcode => Rule::SameNameChildren,
                    other => other,
                };
                return Match::Ambiguous(several.iter().map(|place| (*place, why)).collect());
            }
        }
    }
    Match::Ambiguous(found)
}

/// Both have a number of one kind, and the numbers differ: they are two children, whatever else agrees. A temporary pupil number
/// says nothing, since a lasting one replaces it.
fn is_another(pupil: &Pupil, child: &Pupil) -> bool {
    let nhs = pupil.nhs_number.as_ref().zip(child.nhs_number.as_ref());
    let upn = pupil.upn.as_ref().zip(child.upn.as_ref());
    let lasting = upn.filter(|(one, other)| !one.is_temporary() && !other.is_temporary());
    nhs.is_some_and(|(one, other)| one != other)
        || nhs.is_none() && lasting.is_some_and(|(one, other)| one != other)
}

/// Names that are one letter apart, or of which one begins the other: `Ellie` and `Elle`, `Sam` and `Samuel`.
fn nearly(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= 3 && (long.starts_with(short) || one_apart(short, long))
}

/// Whether one letter more, fewer or other, or two that changed places, make one name the other.
fn one_apart(short: &str, long: &str) -> bool {
    let (short, long): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
    let same = short.iter().zip(&long).take_while(|(one, other)| one == other).count();
    let rest = |letters: &[char], skip: usize| letters.get(same + skip..).unwrap_or_default().to_vec();
    match long.len() - short.len() {
        0 => {
            let swapped = short.get(same) == long.get(same + 1) && short.get(same + 1) == long.get(same);
            rest(&short, 1) == rest(&long, 1) || swapped && rest(&short, 2) == rest(&long, 2)
        }
        1 => rest(&short, 0) == rest(&long, 1),
        _ => false,
    }
}

/// Day and month the other way round, or one of the three parts different.
fn nearly_the_day(one: NaiveDate, other: NaiveDate) -> bool {
    let turned = one.year() == other.year() && one.month() == other.day() && one.day() == other.month();
    let same = [one.year() == other.year(), one.month() == other.month(), one.day() == other.day()];
    turned || same.iter().filter(|same| **same).count() == 2
}
