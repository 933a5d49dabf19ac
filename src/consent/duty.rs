//! From when the duty of Children Act 2004 s.16LA is in force: its commencement may differ from area to area.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::london::span;
use crate::domain::Postcode;

/// The first instants of the duty: everywhere, and where areas have a day of their own.
#[derive(Debug, Clone, Default)]
pub struct DutyDates {
    everywhere: Option<DateTime<Utc>>,
    /// Beginnings of postcodes; `None` where the duty is not in force at all.
    areas: Vec<(String, Option<DateTime<Utc>>)>,
}

impl DutyDates {
    /// Reads days (`YYYY-MM-DD`; empty: not in force), for everywhere and by area. A day begins in London.
    ///
    /// # Errors
    /// What was given that is not a day: empty for that of everywhere, or the area's name.
    pub fn read(everywhere: &str, by_area: &BTreeMap<String, String>) -> Result<Self, String> {
        let day = |text: &str, what: &str| match text {
            "" => Ok(None),
            text if text.len() == 10 => span(text).map(|day| Some(day.from)).ok_or_else(|| what.to_owned()),
            _ => Err(what.to_owned()),
        };
        let areas = by_area.iter().map(|(area, text)| Ok((area.clone(), day(text, area)?)));
        Ok(Self { everywhere: day(everywhere, "")?, areas: areas.collect::<Result<_, String>>()? })
    }

    /// Whether it is in force for a child that lives there. The narrowest area that holds the postcode decides; where nobody knows
    /// where the child lives, everywhere's day does.
    pub fn in_force(&self, postcode: Option<&Postcode>, at: DateTime<Utc>) -> bool {
        let around = self.areas.iter().filter(|(area, _)| postcode.is_some_and(|here| here.lies_in(area)));
        let narrowest = around.max_by_key(|(area, _)| area.len());
        let from = narrowest.map_or(self.everywhere, |(_, from)| *from);
        from.is_some_and(|from| from <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_area_decides_and_a_day_begins_in_london() {
        let areas = [("CV", "2026-09-01"), ("CV34", ""), ("CV34 4", "2026-07-01")];
        let areas = areas.map(|(area, day)| (area.to_owned(), day.to_owned())).into();
        let duty = DutyDates::read("2026-12-01", &areas).unwrap();
        let holds =
            |postcode: &str, at: &str| duty.in_force(postcode.parse().ok().as_ref(), at.parse().unwrap());
        assert!(holds("CV34 4RL", "2026-06-30T23:00:00Z") && !holds("CV34 4RL", "2026-06-30T22:59:59Z"));
        assert!(!holds("CV34 5AA", "2030-01-01T00:00:00Z"), "not at all there");
        assert!(holds("CV1 1AA", "2026-09-01T00:00:00Z"));
        assert!(!holds("B1 1AA", "2026-11-01T00:00:00Z") && holds("B1 1AA", "2026-12-01T00:00:00Z"));
        assert!(!duty.in_force(None, "2026-11-01T00:00:00Z".parse().unwrap()));
        assert!(!DutyDates::default().in_force(None, "2030-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(DutyDates::read("soon", &BTreeMap::new()).unwrap_err(), "");
        assert_eq!(DutyDates::read("", &[("CV".to_owned(), "2026".to_owned())].into()).unwrap_err(), "CV");
    }
}
