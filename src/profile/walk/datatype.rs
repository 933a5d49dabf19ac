//! What data types demand beyond their definitions: sizes, addresses, known codes, check digits.

use super::{Place, Unknown, Walk, known};
use crate::json::document::Id;
use crate::profile::mend::{Mend, is_well_known, meant, unspaced};
use crate::profile::needs::CodeStatus;
use crate::profile::plan::{Type, TypeForm};
use crate::profile::primitive::base64_length;

/// The system of NHS numbers.
const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Systems whose addresses have no more to them.
const EXACT: &[&str] = &[
    "http://snomed.info/sct",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
];

/// Where the drafts of FHIR stand, in which nothing has its address.
const DRAFTS: &[&str] = &["http://build.fhir.org", "https://build.fhir.org"];

/// The system of units of measure.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

impl<'w> Walk<'w, '_> {
    /// Checks a value of a data type.
    pub(super) fn datatype(&mut self, place: &Place<'_>, one: &'w Type, node: Id) {
        match (&*one.name, one.form) {
            (_, TypeForm::Reference) => self.reference(place, one, node),
            ("Attachment", _) => self.attachment(place, node),
            ("Coding", _) => self.coding(place, node),
            ("Identifier", _) => self.identifier(place, node),
            (name, _) if is_quantity(name) => self.quantity(place, node),
            _ => {}
        }
    }

    /// The size that an attachment states is that of its data.
    fn attachment(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let (Some(data), Some(size)) = (view.text(node, "data"), view.raw(node, "size")) else { return };
        let (Some(length), Ok(size)) = (base64_length(&data), size.parse::<usize>()) else { return };
        if length != size {
            let text = format!("The size says {size} bytes, but the data has {length}. Correct the size.");
            self.findings.error(place, node, "structure", text);
        }
    }

    /// The code of a unit of UCUM is one, as far as UCUM's grammar tells. Tablets and the like are counted by many systems.
    fn quantity(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let (Some(system), Some(code)) = (view.text(node, "system"), view.get(node, "code")) else { return };
        if system != UCUM {
            return;
        }
        let here = place.child("code");
        match self.definitions().code(&system, &self.document.text(code), None) {
            CodeStatus::Unknown => {
                let text = "UCUM has no such unit. Write it in UCUM's case-sensitive form, or leave system and code out.";
                self.findings.error(&here, code, "code-invalid", text);
            }
            // It is written like a unit, and UCUM may have grown.
            CodeStatus::CannotTell => {
                let text = "A symbol in this unit is not in the table of UCUM. Write it in UCUM's case-sensitive form, \
                    such as mm[Hg], or leave system and code out.";
                self.findings.warning(&here, code, "code-invalid", text);
            }
            _ => {}
        }
    }

    fn coding(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(system_node) = view.get(node, "system") else { return };
        let system = self.document.text(system_node);
        if !is_address(&system) {
            let text = "The system of a code must be absolute. Write the code system's address in full.";
            self.findings.error(&place.child("system"), system_node, "code-invalid", text);
            return;
        }
        let Some(code_node) = view.get(node, "code") else { return };
        let code = self.document.text(code_node);
        let display = view.get(node, "display").filter(|one| self.document.is_string(*one));
        let name = display.map(|one| self.document.text(one));
        match self.definitions().code(&system, &code, name.as_deref()) {
            CodeStatus::Unknown => {
                let text = format!("The code system {system} has no such code. Use one that it has.");
                self.findings.error(&place.child("code"), code_node, "code-invalid", text);
            }
            CodeStatus::KnownAs(right) => {
                let Some(own) = display else { return };
                self.wrong_display(&place.child("display"), own, &system);
                self.findings.mend(own, Mend::text(right));
            }
            CodeStatus::Broken(reason) => {
                self.no_system(&place.child("system"), system_node, &system, &reason);
            }
            CodeStatus::Supplement => {
                let text =
                    "This is the address of a supplement. Write that of the code system that it supplements.";
                self.findings.error(&place.child("system"), system_node, "not-found", text);
            }
            CodeStatus::UnknownSystem | CodeStatus::CannotTell if is_misspelt(&system) => {
                let text = "This is almost the address of a code system. Write it as the system does.";
                self.findings.error(&place.child("system"), system_node, "code-invalid", text);
            }
            CodeStatus::UnknownSystem if DRAFTS.iter().any(|one| system.starts_with(one)) => {
                // HL7 has an example of it.
                let text = "This is the address of a draft of FHIR, which is no code system's. Write that of the code system.";
                self.findings.warning(&place.child("system"), system_node, "code-invalid", text);
            }
            CodeStatus::UnknownSystem if self.definitions().is_value_set(&system) => {
                let text =
                    "This is the address of a value set. Write that of the code system that has the code.";
                self.findings.error(&place.child("system"), system_node, "code-invalid", text);
            }
            CodeStatus::UnknownSystem
                if self.settings.unknown == Unknown::Errors && known::is_no_system(&system) =>
            {
                let text = "FHIR has no code system of this address. Correct it, or load the package that defines it.";
                self.findings.error(&place.child("system"), system_node, "code-invalid", text);
            }
            CodeStatus::UnknownSystem => self.almost_a_system(place, system_node, &system, Some(&code)),
            _ => {}
        }
    }

    /// An address that nobody knows, but for a slip: the right one is suggested where it is certain.
    fn almost_a_system(&mut self, place: &Place<'_>, node: Id, system: &str, code: Option<&str>) {
        if is_well_known(system) {
            return;
        }
        let is_it = |one: &&String| {
            let holds = |code| self.definitions().code(one, code, None) == CodeStatus::Known;
            is_well_known(one) || code.is_some_and(holds)
        };
        let candidates = meant(system);
        let Some(right) = candidates.iter().find(is_it) else { return };
        let text = format!("No system is known by this address. Write {right}.");
        let is_only_safer =
            system.strip_prefix("https:").is_some_and(|rest| right.strip_prefix("http:") == Some(rest));
        match is_only_safer && code.is_some() {
            true => self.findings.error(&place.child("system"), node, "code-invalid", text),
            false => self.findings.warning(&place.child("system"), node, "code-invalid", text),
        }
        self.findings.mend(node, Mend::text(right));
    }

    /// Displays of FHIR's own code systems are fixed with the release; those of others change under the same address.
    fn wrong_display(&mut self, here: &Place<'_>, node: Id, system: &str) {
        let text = "The code system gives this code another display. Use its own.";
        if system.starts_with("http://hl7.org/fhir/") {
            self.findings.error(here, node, "invalid", text);
        } else {
            self.findings.warning(here, node, "invalid", text);
        }
    }

    fn identifier(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(system_node) = view.get(node, "system") else { return };
        let system = self.document.text(system_node);
        if !is_address(&system) && !system.starts_with("ldap:") {
            let text = "The system of an identifier must be absolute. Write its address in full.";
            self.findings.error(&place.child("system"), system_node, "code-invalid", text);
        }
        self.almost_a_system(place, system_node, &system, None);
        let Some(value) = view.get(node, "value") else { return };
        let here = place.child("value");
        let own = self.document.text(value);
        if system == NHS_NUMBER {
            if !is_nhs_number(&own) {
                let text = "This is no NHS number: it has ten digits, the last of which checks the others.";
                self.findings.error(&here, value, "value", text);
                if is_nhs_number(&unspaced(&own)) {
                    self.findings.mend(value, Mend::text(unspaced(&own)));
                }
            }
        } else if system == "urn:ietf:rfc:3986" && !own.contains(':') {
            let text = "The value of an identifier of this system is an absolute URI. Write it in full.";
            self.findings.error(&here, value, "value", text);
        }
    }
}

/// Whether it is an address of the kinds that systems have.
fn is_address(system: &str) -> bool {
    ["http:", "https:", "urn:"].iter().any(|start| system.starts_with(start))
}

/// Whether an address has more than that of a system that is known by it alone.
fn is_misspelt(system: &str) -> bool {
    EXACT.iter().any(|one| system.strip_prefix(one).is_some_and(|rest| !rest.is_empty()))
}

/// Whether a type is Quantity, or that with a narrower meaning.
pub(super) fn is_quantity(type_name: &str) -> bool {
    let narrower = ["Age", "Count", "Distance", "Duration", "SimpleQuantity", "MoneyQuantity"];
    type_name == "Quantity" || narrower.contains(&type_name)
}

/// Whether ten digits pass the modulus 11 check of NHS numbers
/// (<https://www.datadictionary.nhs.uk/attributes/nhs_number.html>).
pub(super) fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    if digits.len() != 10 || text.len() != 10 {
        return false;
    }
    let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9]
}

#[cfg(test)]
mod tests {
    use super::is_nhs_number;

    #[test]
    fn the_last_digit_of_an_nhs_number_checks_the_others() {
        assert!(is_nhs_number("9000000009"));
        assert!(!is_nhs_number("9000000008"));
        assert!(!is_nhs_number("900 000 0009"));
        assert!(!is_nhs_number("90000000"));
    }
}
