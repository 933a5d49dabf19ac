//! Lists of children and of places, as CSV: columns by the names that health and school systems give them.

use std::io::Read;

use chrono::NaiveDate;

use super::fault::{FileFault, RowFault};
use super::file::{Line, Row};
use super::place::{Attended, Place};
use super::pupil::Pupil;
use super::sheet::{Cells, Sheet, day};
use crate::domain::{BadIdentifier, NhsNumber, Postcode, Upn};

const NHS_NUMBER: &[&str] = &["NHS number", "NHS no", "nhsNumber"];
const GIVEN: &[&str] = &["Given name", "First name", "Forename", "Forenames", "Legal forename"];
const FAMILY: &[&str] = &["Family name", "Last name", "Surname", "Legal surname"];
const FORMER: &[&str] = &["Former family name", "Former surname", "Previous surname"];
const BORN: &[&str] = &["Birth date", "Date of birth", "DOB", "birthDate"];
const POSTCODE: &[&str] = &["Postcode", "Post code", "Home postcode"];
const UPN: &[&str] = &["UPN", "Unique pupil number"];
const SCHOOL: &[&str] = &["School URN", "School code", "URN", "schoolUrn"];
const START: &[&str] = &["Start date", "Start", "Entry date"];
const END: &[&str] = &["End date", "End", "Leaving date"];
const AS_OF: &[&str] = &["As of", "asOf", "As-of date"];

/// Every child with its NHS number, to `each`.
pub(super) fn children(
    source: impl Read,
    today: NaiveDate,
    each: &mut dyn FnMut(Line) -> bool,
) -> Result<(), FileFault> {
    let mut sheet = Sheet::open(source, &[NHS_NUMBER, GIVEN, FAMILY, BORN])?;
    while let Some(cells) = sheet.next()? {
        let mut faults = Vec::new();
        for column in [NHS_NUMBER, GIVEN, FAMILY, BORN] {
            cells.need(column, &mut faults);
        }
        let row = Row::Child(Box::new(pupil(&cells, today, &mut faults)));
        if !each(Line { line: cells.line, row: faults.is_empty().then_some(row), faults }) {
            break;
        }
    }
    Ok(())
}

/// Every place, to `each`.
pub(super) fn places(
    source: impl Read,
    today: NaiveDate,
    each: &mut dyn FnMut(Line) -> bool,
) -> Result<(), FileFault> {
    let who: Vec<&str> = [NHS_NUMBER, UPN, FAMILY].concat();
    let mut sheet = Sheet::open(source, &[SCHOOL, &who])?;
    while let Some(cells) = sheet.next()? {
        let mut faults = Vec::new();
        let row = place(&cells, today, &mut faults).map(|place| Row::Place(Box::new(place)));
        if !each(Line { line: cells.line, row: row.filter(|_| faults.is_empty()), faults }) {
            break;
        }
    }
    Ok(())
}

fn place(cells: &Cells<'_>, today: NaiveDate, faults: &mut Vec<RowFault>) -> Option<Place> {
    let pupil = pupil(cells, today, faults);
    if pupil.nhs_number.is_none()
        && pupil.upn.is_none()
        && (pupil.family.is_empty() || pupil.born.is_none())
        && faults.is_empty()
    {
        let text =
            "The row says too little of who it is. Give the NHS number, the UPN, or names and birth date.";
        faults.push(RowFault::new(cells.line, "NHS number", text));
    }
    cells.need(SCHOOL, faults);
    let attended = cells.parse(SCHOOL, faults, Attended::read);
    let (start, end) = (cells.parse(START, faults, day), cells.parse(END, faults, day));
    let as_of = cells.parse(AS_OF, faults, day).unwrap_or(today);
    let place = Place { pupil, attended: attended?, start, end, as_of };
    days(cells.line, &place, today, faults);
    Some(place)
}

/// Days that cannot be.
pub(super) fn days(line: u64, place: &Place, today: NaiveDate, faults: &mut Vec<RowFault>) {
    if place.start.zip(place.end).is_some_and(|(start, end)| end < start) {
        faults.push(RowFault::new(line, "End date", "The place ends before it starts. Compare both dates."));
    }
    if place.as_of > today {
        faults.push(RowFault::new(
            line,
            "As of",
            "This day is still to come. Give the day on which it was known.",
        ));
    }
}

fn pupil(cells: &Cells<'_>, today: NaiveDate, faults: &mut Vec<RowFault>) -> Pupil {
    let born = cells.parse(BORN, faults, |text| born(text, today));
    Pupil {
        nhs_number: cells
            .parse(NHS_NUMBER, faults, |text| NhsNumber::typed(text).map_err(|error| error.to_string())),
        upn: cells.parse(UPN, faults, |text| read(text.parse::<Upn>())),
        given: cells.get(GIVEN).unwrap_or_default(),
        family: cells.get(FAMILY).unwrap_or_default(),
        former: cells.get(FORMER).into_iter().collect(),
        born,
        postcode: cells.parse(POSTCODE, faults, |text| read(text.parse::<Postcode>())),
    }
}

fn read<T>(parsed: Result<T, BadIdentifier>) -> Result<T, String> {
    parsed.map_err(|error| error.to_string())
}

/// A birth date: not one that is still to come.
pub(super) fn born(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let born = day(text)?;
    if born > today { Err("this birth date is still to come".to_owned()) } else { Ok(born) }
}
