//! Codes: whether they are in the value sets that bind them (<https://hl7.org/fhir/R4/terminologies.html#strength>).

use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::problem::{Issue, Severity};
use crate::profile::mend::Mend;
use crate::profile::needs::Membership;
use crate::profile::plan::{BindingPlan, Codes, Strength};

/// The types of FHIRPath, which the id and the value of an element have (<https://hl7.org/fhir/R4/fhirpath.html#types>), and the value set
/// of types, which does not list them.
const FHIRPATH_TYPE: &str = "http://hl7.org/fhirpath/System.";
const DEFINED_TYPES: &str = "http://hl7.org/fhir/ValueSet/defined-types";
/// So many codes are named in a sentence.
const FEW: usize = 12;

impl<'w> Walk<'w, '_> {
    /// Checks a value against its binding.
    pub(super) fn bound(&mut self, place: &Place<'_>, binding: &'w BindingPlan, node: Id) {
        if binding.strength != Strength::Loose && !binding.value_set.is_empty() {
            let answer = self.codes_in(place, &binding.value_set, Some(binding), node);
            let severity =
                if binding.strength == Strength::Required { Severity::Error } else { Severity::Warning };
            let is_wrong = matches!(answer, Answer::Member(Membership::NotIn));
            self.judge(place, node, (&binding.value_set, binding.codes.get()), answer, severity);
            if is_wrong {
                self.mend_code(binding, node);
            }
        }
        if let Some(at_most) = &binding.at_most {
            let answer = self.codes_in(place, at_most, None, node);
            self.judge(place, node, (at_most, None), answer, Severity::Error);
        }
    }

    fn judge(
        &mut self,
        place: &Place<'_>,
        node: Id,
        (url, codes): (&str, Option<&Option<Codes>>),
        answer: Answer,
        severity: Severity,
    ) {
        match answer {
            Answer::Member(Membership::In) => {}
            Answer::Member(Membership::NotIn) => {
                let few = codes.and_then(Option::as_ref).filter(|codes| codes.len() <= FEW);
                let text = match (severity, few) {
                    (Severity::Error, Some(codes)) => {
                        let codes: Vec<&str> = codes.iter().map(|one| &*one.1).collect();
                        format!("This code is not in the value set {url}. Use one of: {}.", codes.join(", "))
                    }
                    (Severity::Error, None) => {
                        format!("This code is not in the value set {url}. Use one that is.")
                    }
                    _ => format!("This code is not in the value set {url}. Use one that is, where one fits."),
                };
                let mut issue = Issue::error("code-invalid", text);
                issue.severity = severity;
                self.findings.add(place, node, issue, None);
            }
            Answer::NoCode => {
                let text = format!("A code of the value set {url} must be given here, not text alone.");
                let mut issue = Issue::error("code-invalid", text);
                issue.severity = severity;
                self.findings.add(place, node, issue, None);
            }
            Answer::Member(Membership::UnknownSystem | Membership::CannotTell) => {
                if self.first(format!("value set {url}")) {
                    let text = format!(
                        "Codes of the value set {url} were not checked: its codes are not known here."
                    );
                    self.findings.information(place, node, "not-supported", text);
                }
            }
            Answer::Member(Membership::Broken(reason)) => self.no_codes(place, node, url, &reason),
            Answer::Nothing => {}
        }
    }

    /// A value set that is here and cannot be used: nothing can be called valid then.
    pub(super) fn no_codes(&mut self, place: &Place<'_>, node: Id, url: &str, reason: &str) {
        let text = format!("The value set {url} cannot be used, so this was not checked: {reason}.");
        self.findings.error(place, node, "exception", text);
    }

    fn codes_in(
        &mut self,
        place: &Place<'_>,
        url: &str,
        binding: Option<&'w BindingPlan>,
        node: Id,
    ) -> Answer {
        let view = self.view();
        if self.document.kind(node) != Kind::Object {
            let code = self.document.text(node);
            if code.starts_with(FHIRPATH_TYPE) && url.starts_with(DEFINED_TYPES) {
                return Answer::Nothing;
            }
            return Answer::Member(self.member(url, binding, None, &code));
        }
        if place.type_name() != "CodeableConcept" {
            return match view.text(node, "code") {
                Some(code) => {
                    let system = view.text(node, "system");
                    let answer =
                        self.member(url, binding, Some(system.as_deref().unwrap_or_default()), &code);
                    Answer::Member(answer)
                }
                None if view.has(node, "extension") || place.type_name() != "Coding" => Answer::Nothing,
                None => Answer::NoCode,
            };
        }
        let mut answer = None;
        for coding in view.items(node, "coding") {
            let Some(code) = view.text(coding, "code") else { continue };
            let system = view.text(coding, "system");
            let one = self.member(url, binding, Some(system.as_deref().unwrap_or_default()), &code);
            answer = Some(match (answer, one) {
                (_, Membership::In) => return Answer::Member(Membership::In),
                (Some(broken @ Membership::Broken(_)), _) | (_, broken @ Membership::Broken(_)) => broken,
                (Some(Membership::CannotTell), _) | (None, Membership::CannotTell) => Membership::CannotTell,
                (Some(Membership::UnknownSystem), Membership::NotIn) => Membership::UnknownSystem,
                (_, one) => one,
            });
        }
        match answer {
            Some(answer) => Answer::Member(answer),
            None if view.has(node, "extension") || view.has(node, "coding") => Answer::Nothing,
            None => Answer::NoCode,
        }
    }

    /// The one code of a small value set that was meant: the same but for case and blanks, or the same under another
    /// system.
    fn mend_code(&mut self, binding: &'w BindingPlan, node: Id) {
        let view = self.view();
        let codes = binding.codes.get().and_then(Option::as_ref);
        let Some(codes) = codes else { return };
        if self.document.kind(node) != Kind::Object {
            let own = self.document.text(node);
            let mut like = codes.iter().filter(|one| one.1.eq_ignore_ascii_case(own.trim()));
            if let (Some(only), None) = (like.next(), like.next()) {
                self.findings.mend(node, Mend::text(&*only.1));
            }
            return;
        }
        let mut codings = view.items(node, "coding");
        let coding = match (codings.next(), codings.next()) {
            (Some(only), None) => only,
            (None, _) => node,
            _ => return,
        };
        let (Some(code), Some(system)) = (view.get(coding, "code"), view.get(coding, "system")) else {
            return;
        };
        let (own, address) = (self.document.text(code), self.document.text(system));
        let mut like = codes.iter().filter(|one| one.1.eq_ignore_ascii_case(own.trim()));
        if let (Some(only), None) = (like.next(), like.next()) {
            match (*only.0 == *address, *only.1 == *own) {
                (true, _) => self.findings.mend(code, Mend::text(&*only.1)),
                (false, true) => self.findings.mend(system, Mend::text(&*only.0)),
                (false, false) => {}
            }
        }
    }

    fn member(
        &self,
        url: &str,
        binding: Option<&'w BindingPlan>,
        system: Option<&str>,
        code: &str,
    ) -> Membership {
        let definitions = self.definitions();
        let codes = binding.and_then(|binding| {
            let codes = binding.codes.get_or_init(|| {
                let mut codes = definitions.enumerate(&binding.value_set)?;
                codes.sort_by(|a, b| a.1.cmp(&b.1));
                Some(codes)
            });
            codes.as_ref()
        });
        let Some(codes) = codes else { return definitions.member(url, system, code) };
        let start = codes.partition_point(|one| *one.1 < *code);
        let same = codes[start..].iter().take_while(|one| &*one.1 == code);
        let mut same = same.filter(|one| system.is_none_or(|system| &*one.0 == system));
        if same.next().is_some() { Membership::In } else { Membership::NotIn }
    }
}

enum Answer {
    Member(Membership),
    /// Text alone, where a code is wanted.
    NoCode,
    /// Nothing to check.
    Nothing,
}
