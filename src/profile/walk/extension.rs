//! Extensions: known, allowed where they stand, and as their definition says
//! (<https://hl7.org/fhir/R4/extensibility.html>).

use std::collections::HashMap;

use super::datatype::is_quantity;
use super::members::Met;
use super::{Place, Unknown, Walk, known};
use crate::json::document::Id;
use crate::profile::plan::{Check, Missing, Plan};

/// What addresses have in them that may be unknown without being wrong.
const TOLERATED: &[&str] = &[
    "example.org",
    "example.com",
    "acme.com",
    "nema.org",
    "http://hl7.org/fhir/test/",
    "http://hl7.org/fhir/tools/StructureDefinition/",
    // What only a later FHIR has as elements.
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-",
];

impl<'w> Walk<'w, '_> {
    /// Checks an extension. `in_slice` says that the definition around it names it.
    pub(super) fn extension(
        &mut self,
        place: &Place<'_>,
        plan: &'w Plan,
        check: &'w Check,
        node: Id,
        in_slice: bool,
    ) {
        self.fixed(place, check, node);
        let url = self.view().text(node, "url").unwrap_or_default();
        let in_extension = place.parent().is_some_and(|around| around.type_name() == "Extension")
            || &*plan.type_name == "Extension";
        if !url.contains(':') && !url.is_empty() {
            self.relative(place, plan, check, node, in_slice, in_extension);
            return;
        }
        if !check.members.is_empty() {
            self.members(place, node, plan, &check.members);
            return;
        }
        let found = if url.is_empty() { Err(Missing::Unknown) } else { self.plans.plan(&url) };
        if found.as_ref().is_err_and(|missing| *missing != Missing::Unknown) {
            self.no_definition(place, node, &url);
            return;
        }
        let definition = found.ok().filter(|one| &*one.type_name == "Extension" && one.is_profile);
        match definition {
            Some(definition) => {
                self.may_stand_here(place, node, definition);
                let before = self.findings.len();
                self.object(place, node, definition, definition.root(), None);
                self.findings.blame(before, &definition.url);
            }
            None => {
                if !url.is_empty() {
                    self.unknown_extension(place, node, &url);
                }
                self.plain(place, node);
            }
        }
    }

    /// An extension inside another, whose address is a name.
    fn relative(
        &mut self,
        place: &Place<'_>,
        plan: &'w Plan,
        check: &'w Check,
        node: Id,
        in_slice: bool,
        in_extension: bool,
    ) {
        if !in_extension {
            let text = "The url of an extension must be absolute. Write it in full.";
            self.findings.error(place, node, "invalid", text);
        } else if plan.is_profile && &*plan.type_name == "Extension" && !in_slice {
            let text = "The definition of the extension around this one knows no such part. Check its url.";
            self.findings.error(place, node, "structure", text);
        }
        if check.members.is_empty() {
            self.plain(place, node);
        } else {
            self.rules(place, plan, check, node, None);
            self.members(place, node, plan, &check.members);
        }
    }

    /// What every extension must be.
    fn plain(&mut self, place: &Place<'_>, node: Id) {
        match self.plans.plan("Extension") {
            Ok(base) => self.object(place, node, base, base.root(), None),
            Err(_) => self.no_definition(place, node, "Extension"),
        }
    }

    fn unknown_extension(&mut self, place: &Place<'_>, node: Id, url: &str) {
        // Addresses of examples and tests are nobody's, so nobody can define them.
        let tolerated = TOLERATED.iter().any(|part| url.contains(part))
            || known::is_extension(url)
            || self.settings.extensions_of_others.iter().any(|other| url == other);
        let modifies = place.name() == "modifierExtension";
        let text = "The definition of this extension is not known here. Check its url, or load the package that defines it.";
        match self.settings.unknown {
            Unknown::Pass => {}
            Unknown::Errors if !tolerated || modifies => {
                self.findings.error(place, node, "extension", text);
            }
            Unknown::Errors => self.findings.warning(place, node, "extension", text),
        }
    }

    /// How often an extension may be on one element, its definition says of its own root.
    pub(super) fn extensions_repeated(&mut self, list: &Place<'_>, items: &[Met]) {
        let view = self.view();
        let urls: Vec<_> = items
            .iter()
            .map(|met| met.value.and_then(|node| view.text(node, "url")).unwrap_or_default())
            .collect();
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for (index, url) in urls.iter().enumerate() {
            let count = counts.entry(url).or_default();
            *count += 1;
            // Most stand once, and what may always stand once need not be looked up.
            if *count == 1 || !url.contains(':') {
                continue;
            }
            let Ok(definition) = self.plans.plan(url) else { continue };
            let most = definition.root().max;
            if most > 0 && count.checked_sub(most) == Some(1) {
                let text = format!(
                    "By its definition this extension may stand here {most} times at most. Remove what is too many."
                );
                let node = items[index].node(self.scope.resource);
                // Only a profile's own slices limit it for HL7's validator, and HL7's publications repeat some that may stand once.
                self.findings.warning(&list.item(index), node, "structure", text);
            }
        }
    }

    fn may_stand_here(&mut self, place: &Place<'_>, node: Id, definition: &'w Plan) {
        let modifies = place.name() == "modifierExtension";
        if modifies != definition.is_modifier {
            let text = if modifies {
                "This extension changes no meaning, so it belongs in extension."
            } else {
                "This extension changes the meaning of what it stands in, so it belongs in modifierExtension."
            };
            self.findings.error(place, node, "extension", text);
        }
        let Some(around) = place.parent() else { return };
        // The contexts of what describes definitions and their codes are narrower than HL7's own use of it.
        let describes = [
            "http://hl7.org/fhir/StructureDefinition/structuredefinition-",
            "http://hl7.org/fhir/StructureDefinition/regex",
            "http://hl7.org/fhir/StructureDefinition/valueset-",
        ];
        if definition.contexts.is_empty() || describes.iter().any(|start| definition.url.starts_with(start)) {
            return;
        }
        if !definition.contexts.iter().any(|(kind, expression)| fits(kind, expression, around)) {
            let allowed: Vec<&str> =
                definition.contexts.iter().map(|(_, expression)| expression.as_str()).collect();
            let text = format!("This extension may not stand here, only on {}.", allowed.join(", "));
            self.findings.error(place, node, "extension", text);
        }
    }
}

/// Whether a context allows an extension on an element.
fn fits(kind: &str, expression: &str, around: &Place<'_>) -> bool {
    if kind != "element" {
        // Contexts that name other extensions or conditions are taken at their word.
        return true;
    }
    let expression = expression.replace("[x]", "");
    let type_name = around.type_name();
    let is_resource = around.parent().is_none() || matches!(around.name(), "resource" | "contained");
    match expression.as_str() {
        "*" | "Element" => true,
        "Resource" | "DomainResource" | "CanonicalResource" | "MetadataResource" => is_resource,
        "Quantity" => is_quantity(type_name),
        other => other.contains('#') || around.paths().iter().any(|path| path == other),
    }
}
