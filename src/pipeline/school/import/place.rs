//! A place of a file, ready to be kept: at which school it is, whose, and whether another source contradicts it.

use chrono::NaiveDate;

use super::Intake;
use crate::domain::{ChildKey, Role, SchoolUrn};
use crate::pipeline::school::who;
use crate::pipeline::{House, unavailable};
use crate::problem::Problem;
use crate::school::{Attended, Match, Place, RowFault, Rule};
use crate::store::{Candidate, Change, PlaceState, StoredPlace, StoredPupil};

/// A place as it is kept, what is learned of its child by it, and what is to be said about it.
pub(super) struct Placed {
    pub(super) place: Option<StoredPlace>,
    pub(super) pupil: Option<(StoredPupil, Change)>,
    pub(super) faults: Vec<RowFault>,
}

impl Intake {
    pub(super) async fn place(&mut self, house: &House, line: u64, place: &Place) -> Result<Placed, Problem> {
        let mut faults = Vec::new();
        let fault =
            |column: &str, text: &str| RowFault { line, column: column.to_owned(), text: text.to_owned() };
        let Some(attended) = self.school(house, &place.attended).await? else {
            let text = "No school on file has this number. Import the list of schools (GIAS) first, or correct the row.";
            return Ok(Placed { place: None, pupil: None, faults: vec![fault("School URN", text)] });
        };
        if self.is_elsewhere(house, place, &attended) {
            let text = "A school says of a child that it attends it, or attended another until a day that is past; not that it attends another now.";
            return Ok(Placed { place: None, pupil: None, faults: vec![fault("School URN", text)] });
        }
        let pupil = &place.pupil;
        let looked = who::look(house, pupil).await?;
        let own = pupil.nhs_number.as_ref().map(|number| house.vault.child_key(number));
        let mut learned = None;
        let (state, child, rule, candidates) = match &looked.found {
            Match::Matched(one, rule) => {
                let found = looked.children.get(*one);
                learned =
                    found.map(|(key, known)| self.learn(house, key, known, pupil)).transpose()?.flatten();
                (PlaceState::Matched, found.map(|(key, _)| key.clone()), Some(*rule), vec![])
            }
            Match::Ambiguous(several) => {
                let candidate = |(one, rule): &(usize, Rule)| {
                    looked.children.get(*one).map(|(key, _)| Candidate { child: key.clone(), rule: *rule })
                };
                (PlaceState::Ambiguous, None, None, several.iter().filter_map(candidate).collect())
            }
            // A number that nobody had yet, with name and birth date: now the child is known.
            Match::Unmatched => match own.filter(|_| pupil.born.is_some() && !pupil.family.is_empty()) {
                Some(key) => {
                    learned = Some((
                        who::sealed(house, key.clone(), pupil, &self.import.author, place.as_of)?,
                        Change::Added,
                    ));
                    (PlaceState::Matched, Some(key), Some(Rule::NhsNumber), vec![])
                }
                None => (PlaceState::Unmatched, None, None, vec![]),
            },
        };
        faults.extend(self.unusual(pupil).map(|text| fault("UPN", text)));
        let mut stored = self.stored(house, place, attended)?;
        (stored.state, stored.child, stored.rule, stored.candidates) = (state, child, rule, candidates);
        if let Some(child) = &stored.child
            && contradicts(&stored, &house.register.places(child).await.map_err(|error| unavailable(&error))?)
        {
            stored.state = PlaceState::Move;
        }
        Ok(Placed { place: Some(stored), pupil: learned, faults })
    }

    /// Whether a school says that a child is at another one now: that is for that school or an authority to say.
    fn is_elsewhere(&self, house: &House, place: &Place, attended: &str) -> bool {
        let source = house.directory.partner(&self.import.author);
        let school = source.filter(|source| source.role == Role::School);
        let lasts = place.end.is_none_or(|end| end >= self.today());
        lasts && school.is_some_and(|school| school.urn.as_ref().map(SchoolUrn::as_str) != Some(attended))
    }

    /// A pupil number whose first digits are no authority's: worth a look, and no reason to refuse it.
    fn unusual(&self, pupil: &crate::school::Pupil) -> Option<&'static str> {
        let upn = pupil.upn.as_ref()?;
        let code: u16 = upn.reveal().get(1..4)?.parse().ok()?;
        let known = self.authorities.is_empty() || self.authorities.contains(&code);
        (!known).then_some(
            "Worth a look (the row was taken): no local authority on file has the code in this UPN.",
        )
    }

    /// A pupil number that the child's file does not hold yet is learned, so that the next file finds the child by it.
    fn learn(
        &self,
        house: &House,
        key: &ChildKey,
        known: &crate::school::Pupil,
        pupil: &crate::school::Pupil,
    ) -> Result<Option<(StoredPupil, Change)>, Problem> {
        let news = pupil
            .upn
            .as_ref()
            .filter(|upn| known.upn.as_ref().is_none_or(|old| old.is_temporary() && *upn != old));
        let Some(upn) = news else { return Ok(None) };
        let with = crate::school::Pupil { upn: Some(upn.clone()), ..known.clone() };
        Ok(Some((
            who::sealed(house, key.clone(), &with, &self.import.author, self.today())?,
            Change::Changed,
        )))
    }

    fn stored(&self, house: &House, place: &Place, attended: String) -> Result<StoredPlace, Problem> {
        let pupil = &place.pupil;
        let whom = match (&pupil.nhs_number, &pupil.upn) {
            (Some(number), _) => format!("nhs/{}", number.reveal()),
            (None, Some(upn)) => format!("upn/{}", upn.reveal()),
            (None, None) => format!("pupil/{}", pupil.to_text()),
        };
        let who = house.vault.digest("place-pupil", whom.as_bytes());
        let source = self.import.author.clone();
        let start = place.start.map(|day| day.to_string()).unwrap_or_default();
        let id = house.vault.digest("place", format!("{source}|{who}|{attended}|{start}").as_bytes());
        // Two rows of one pupil number with different names are two pupils, of whom one has the other's number.
        let named = format!("{whom}|{}|{}|{:?}", pupil.given, pupil.family, pupil.born);
        Ok(StoredPlace {
            pupil: who::seal(house, &format!("place/{id}"), pupil)?,
            who: house.vault.digest("place-pupil", named.as_bytes()),
            upn: pupil
                .upn
                .as_ref()
                .map(|upn| house.vault.digest("pupil-key", format!("upn/{}", upn.reveal()).as_bytes())),
            id,
            child: None,
            attended,
            start: place.start,
            ended: place.end,
            as_of: place.as_of,
            source,
            state: PlaceState::Unmatched,
            rule: None,
            candidates: vec![],
            updated: self.at,
        })
    }

    /// The URN by which a school is on file; an early-years setting is in no list of schools, and is taken as it is named.
    async fn school(&mut self, house: &House, attended: &Attended) -> Result<Option<String>, Problem> {
        let named = attended.name();
        let (Attended::School(_) | Attended::Laestab(_)) = attended else {
            return Ok(Some(named.to_owned()));
        };
        if let Some(known) = self.schools.get(named) {
            return Ok(known.clone());
        }
        let found = match attended {
            Attended::Laestab(code) => house.register.urn_of(code).await,
            Attended::School(urn) if urn.is_early_years_setting() => Ok(Some(named.to_owned())),
            _ => house.register.school(named).await.map(|school| school.map(|school| school.urn)),
        };
        let found = found.map_err(|error| unavailable(&error))?;
        self.schools.insert(named.to_owned(), found.clone());
        Ok(found)
    }
}

/// Whether another source says for the same days that the child is elsewhere.
pub(in crate::pipeline::school) fn contradicts(place: &StoredPlace, others: &[StoredPlace]) -> bool {
    others.iter().any(|other| is_contradicted_by(place, other))
}

/// See [`contradicts`].
pub(in crate::pipeline::school) fn is_contradicted_by(place: &StoredPlace, other: &StoredPlace) -> bool {
    let until = |ended: Option<NaiveDate>, start: Option<NaiveDate>| {
        ended.zip(start).is_none_or(|(ended, start)| start <= ended)
    };
    other.state == PlaceState::Matched
        && other.source != place.source
        && other.attended != place.attended
        && until(other.ended, place.start.or(Some(place.as_of)))
        && until(place.ended, other.start)
}
