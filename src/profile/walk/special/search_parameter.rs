//! SearchParameters: what they look at, and whether who names them says the same of them
//! (<https://hl7.org/fhir/R4/searchparameter.html>).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::questionnaire::{list, string};
use super::{Place, Walk};
use crate::json::document::Id;

/// Where FHIR's own search parameters stand.
const OWN: &str = "http://hl7.org/fhir/SearchParameter/";

/// Those of R4 by the rest of their address: their type, and the types of resources they are for (`profiles/core/searches.txt`).
static KNOWN: LazyLock<HashMap<&str, (&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../../../profiles/core/searches.txt").lines();
    let words = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
    words.filter_map(|(name, rest)| Some((name, rest.split_once(' ')?))).collect()
});

/// What is known of a search parameter.
struct Known {
    /// `string`, `token` …
    kind: String,
    /// The types of resources that it is for.
    bases: Vec<String>,
}

impl Walk<'_, '_> {
    /// What a search parameter looks at is FHIRPath, and within what it is derived from.
    pub(super) fn search_parameter(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        if view.is(node, "type", "composite") && view.items(node, "component").count() < 2 {
            let text = "A composite parameter has two components or more. Add them, or change its type.";
            self.findings.error(place, node, "business-rule", text);
        }
        self.derived_from(place, node);
        let Some(own) = view.get(node, "expression").filter(|own| self.document.is_string(*own)) else {
            return;
        };
        let (here, expression) = (place.child("expression"), self.document.text(own));
        if self.rules.compile(&expression).is_err() {
            self.findings.error(&here, own, "invalid", "The expression is no FHIRPath. Correct it.");
            return;
        }
        let bases: Vec<_> = view.items(node, "base").map(|base| self.document.text(base)).collect();
        let bases: Vec<&str> = bases.iter().map(|base| &**base).collect();
        if let Some(misnamed) = self.rules.misnamed_in_all(&expression, &bases).first() {
            let text =
                format!("The expression finds nothing in the types that the parameter is for: {misnamed}.");
            self.findings.error(&here, own, "invalid", text);
        }
    }

    fn derived_from(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let Some(url) = view.text(node, "derivedFrom") else { return };
        let Some(known) = self.known_parameter(&url) else { return };
        if view.text(node, "type").is_some_and(|kind| kind != known.kind.as_str()) {
            let text = format!("What this is derived from is of type {}. Use that.", known.kind);
            self.findings.error(&place.child("type"), node, "business-rule", text);
        }
        let list = place.child("base");
        let is_for = |one: &str| known.bases.iter().any(|base| base == one || base == "Resource");
        for (index, base) in view.items(node, "base").enumerate() {
            if !is_for(&self.document.text(base)) {
                let text = format!(
                    "What this is derived from is for {}. Name one of these.",
                    known.bases.join(", ")
                );
                self.findings.error(&list.item(index), base, "business-rule", text);
            }
        }
    }

    /// What a server says of its search parameters is what their definitions say.
    pub(super) fn capability_statement(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let outer = place.child("rest");
        for (number, rest) in view.items(node, "rest").enumerate() {
            let rest_place = outer.item(number);
            let resources = rest_place.child("resource");
            for (index, resource) in view.items(rest, "resource").enumerate() {
                let here = resources.item(index);
                let list = here.child("searchParam");
                for (at, one) in view.items(resource, "searchParam").enumerate() {
                    let Some(known) = view.text(one, "definition").and_then(|url| self.known_parameter(&url))
                    else {
                        continue;
                    };
                    if view.text(one, "type").is_some_and(|kind| kind != known.kind.as_str()) {
                        let text = format!(
                            "This search parameter is of type {} by its definition. Use that.",
                            known.kind
                        );
                        // HL7's own statements of R4 have three wrong.
                        self.findings.warning(&list.item(at), one, "invalid", text);
                    }
                }
            }
        }
    }

    fn known_parameter(&self, canonical: &str) -> Option<Known> {
        if let Ok(Some(found)) = self.definitions().form(canonical)
            && string(&found, "resourceType") == Some("SearchParameter")
        {
            let bases = list(&found, "base").filter_map(|base| base.as_str()).map(str::to_owned).collect();
            return Some(Known { kind: string(&found, "type")?.to_owned(), bases });
        }
        let url = canonical.split('|').next().unwrap_or(canonical);
        let (kind, bases) = KNOWN.get(url.strip_prefix(OWN)?)?;
        Some(Known { kind: (*kind).to_owned(), bases: bases.split(',').map(str::to_owned).collect() })
    }
}
