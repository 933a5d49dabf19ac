//! MeasureReports against the Measure that they report, and what a Measure counts by
//! (<https://hl7.org/fhir/R4/measurereport.html>, <https://hl7.org/fhir/R4/clinicalreasoning-quality-reporting.html>).

use serde_json::Value;

use super::questionnaire::{list, string};
use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::walk::limits::decimal;

const POPULATIONS: &str = "http://terminology.hl7.org/CodeSystem/measure-population";

/// A population that is worked out for each subject, so that reports need not count it.
const OBSERVATION: &str = "measure-observation";

/// What a report says of itself.
struct Report {
    /// `individual`, `subject-list`, `summary` or `data-collection`.
    kind: String,
    /// How its Measure scores, such as `proportion`.
    scoring: Option<String>,
    /// Nothing more will come.
    complete: bool,
}

impl Report {
    /// Reports that only collect data count nothing yet.
    fn collects(&self) -> bool {
        self.kind == "data-collection"
    }

    /// Whether parts of the measure may be missing.
    fn is_open(&self) -> bool {
        self.collects() || !self.complete
    }
}

impl Walk<'_, '_> {
    /// Criteria that are named in a library need the library.
    pub(super) fn measure(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        if view.items(node, "library").next().is_some() {
            return;
        }
        let groups = place.child("group");
        for (number, group) in view.items(node, "group").enumerate() {
            let here = groups.item(number);
            let populations = here.child("population");
            for (index, population) in view.items(group, "population").enumerate() {
                let Some(criteria) = view.get(population, "criteria") else { continue };
                let language = view.text(criteria, "language").unwrap_or_default();
                if matches!(&*language, "text/cql.identifier" | "text/cql-identifier") {
                    let text = "These criteria name a definition of a library, and the measure names no library. Add it.";
                    self.findings.error(&populations.item(index), criteria, "required", text);
                }
            }
        }
    }

    /// Checks a report against its Measure.
    pub(super) fn measure_report(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(measure) = self.form(place, node, "measure", "Measure") else { return };
        let text = |name: &str| view.text(node, name).unwrap_or_default().into_owned();
        let scoring = measure.get("scoring").into_iter().flat_map(|scoring| list(scoring, "coding"));
        let report = Report {
            kind: text("type"),
            scoring: scoring.filter_map(|coding| string(coding, "code")).next().map(str::to_owned),
            complete: text("status") == "complete",
        };
        let wanted: Vec<&Value> = list(&measure, "group").collect();
        if !wanted.is_empty() {
            self.groups(place, node, &report, &wanted);
        }
    }

    fn groups(&mut self, place: &Place<'_>, node: Id, report: &Report, wanted: &[&Value]) {
        let list = place.child("group");
        let given: Vec<Id> = self.view().items(node, "group").collect();
        if let ([group], [only]) = (given.as_slice(), wanted)
            && (!self.view().has(*group, "code") || only.get("code").is_none())
        {
            // The only group need not say which it is.
            self.group_of(&list.item(0), *group, report, only);
            return;
        }
        for (index, measured) in self.pairs(&list, node, &given, wanted, |_| report.is_open()) {
            self.group_of(&list.item(index), given[index], report, measured);
        }
    }

    fn group_of(&mut self, place: &Place<'_>, group: Id, report: &Report, measured: &Value) {
        for name in ["population", "stratifier"] {
            let list_place = place.child(name);
            let wanted: Vec<&Value> = list(measured, name).collect();
            let given: Vec<Id> = self.view().items(group, name).collect();
            let may_lack = |one: &Value| report.is_open() || has_coding(one, POPULATIONS, OBSERVATION);
            let pairs = self.pairs(&list_place, group, &given, &wanted, may_lack);
            if name == "population" {
                for (index, _) in pairs {
                    self.subjects(&list_place.item(index), given[index], report);
                }
            }
        }
        self.score(place, group, report);
    }

    /// Which of what the measure has each part of the report is, by its code: each once, and none left out but those that
    /// may be.
    fn pairs<'m>(
        &mut self,
        place: &Place<'_>,
        parent: Id,
        given: &[Id],
        wanted: &[&'m Value],
        may_lack: impl Fn(&Value) -> bool,
    ) -> Vec<(usize, &'m Value)> {
        let mut pairs: Vec<(usize, &'m Value)> = Vec::new();
        // Where the measure itself does not name its parts, nobody can tell them apart.
        let are_named = wanted.iter().all(|one| one.get("code").is_some());
        let mut met = vec![!are_named && !given.is_empty(); wanted.len()];
        let given = if are_named { given } else { &[] };
        for (index, one) in given.iter().enumerate() {
            let here = place.item(index);
            let code = self.view().items(*one, "code").next();
            let found = code.and_then(|code| wanted.iter().position(|wanted| self.is_coded(code, wanted)));
            let text = match (code, found) {
                (None, _) => {
                    "This part has no code, so nobody can tell which of the measure's it is. Add it."
                }
                (_, None) => "The measure has no such part. Correct the code, or remove the part.",
                (_, Some(number)) if met[number] => "This part is here twice. Leave one.",
                (_, Some(number)) => {
                    met[number] = true;
                    pairs.push((index, wanted[number]));
                    continue;
                }
            };
            self.findings.error(&here, *one, "business-rule", text);
        }
        if wanted.iter().zip(met).any(|(one, met)| !met && !may_lack(one)) {
            let text = format!("The measure has a {} that is missing here. Add it.", place.name());
            self.findings.error(place, parent, "business-rule", text);
        }
        pairs
    }

    /// Whether a CodeableConcept is that of a part of the measure: they share a coding, or where there is none, the text.
    fn is_coded(&self, code: Id, measured: &Value) -> bool {
        let Some(wanted) = measured.get("code") else { return false };
        let view = self.view();
        let mut own = view.items(code, "coding").peekable();
        if own.peek().is_none() {
            return view.text(code, "text").as_deref() == string(wanted, "text");
        }
        own.any(|coding| {
            let same = |one: &Value, name: &str| view.text(coding, name).as_deref() == string(one, name);
            list(wanted, "coding").any(|one| same(one, "system") && same(one, "code"))
        })
    }

    /// Only reports that list their subjects name them.
    fn subjects(&mut self, place: &Place<'_>, population: Id, report: &Report) {
        if report.kind != "subject-list" && self.view().has(population, "subjectResults") {
            let text =
                "Only a report of type subject-list has subjectResults. Remove it, or correct the type.";
            self.findings.error(place, population, "business-rule", text);
        }
    }

    /// The score is of the kind that the measure's scoring gives.
    fn score(&mut self, place: &Place<'_>, group: Id, report: &Report) {
        let scoring = report.scoring.as_deref().unwrap_or_default();
        let here = place.child("measureScore");
        let Some(score) = self.view().get(group, "measureScore") else {
            let scored = matches!(scoring, "proportion" | "ratio" | "continuous-variable");
            if scored && !report.is_open() {
                let text = format!("A measure that scores by {scoring} needs a measureScore here. Add it.");
                self.findings.error(place, group, "required", text);
            }
            return;
        };
        let view = self.view();
        let fault = if report.collects() {
            Some("A report that only collects data has no score. Remove it.")
        } else {
            let value = view.raw(score, "value").and_then(decimal);
            let is_share = || value.is_some_and(|value| (decimal("0")..=decimal("1")).contains(&Some(value)));
            match scoring {
                "cohort" => Some("A measure that counts a cohort has no score. Remove it."),
                "proportion" if view.has(score, "unit") || view.has(score, "code") => {
                    Some("A proportion has no unit. Remove it.")
                }
                "proportion" if !is_share() => Some("A proportion is a number from 0 to 1. Correct it."),
                "ratio" | "continuous-variable" if value.is_none() => Some("The score has no value. Add it."),
                _ => None,
            }
        };
        if let Some(text) = fault {
            self.findings.error(&here, score, "business-rule", text);
        }
    }
}

/// Whether a part of the measure has that code.
fn has_coding(measured: &Value, system: &str, code: &str) -> bool {
    let codings = measured.get("code").into_iter().flat_map(|concept| list(concept, "coding"));
    let mut codings = codings.filter(|one| string(one, "system").is_none_or(|own| own == system));
    codings.any(|one| string(one, "code") == Some(code))
}
