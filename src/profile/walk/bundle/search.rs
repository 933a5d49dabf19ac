//! Searches: what was found, and the links between pages (<https://hl7.org/fhir/R4/bundle.html#searchset>).

use std::collections::HashSet;

use crate::json::document::Id;
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// What a search found has an id, and is of a type that was sought; what it has to say is an OperationOutcome.
    pub(super) fn search_entry(
        &mut self,
        here: &Place<'_>,
        entry: Id,
        resource: Option<Id>,
        sought: &[String],
    ) {
        let view = self.view();
        let Some(resource) = resource else {
            let text = "An entry of a search has a resource. Add it, or leave the entry out.";
            self.findings.error(here, entry, "invalid", text);
            return;
        };
        let mode = view.get(entry, "search").and_then(|search| view.text(search, "mode"));
        let type_name = view.text(resource, "resourceType").unwrap_or_default();
        let outcome = type_name == "OperationOutcome";
        let place = here.child("resource");
        match mode.as_deref() {
            Some("outcome") if !outcome => {
                let text = "An entry of mode outcome holds an OperationOutcome. Correct search.mode.";
                self.findings.error(&place, resource, "invalid", text);
            }
            Some("match" | "include") if outcome => {
                let text = "An OperationOutcome in a search has mode outcome. Correct search.mode.";
                self.findings.error(&place, resource, "invalid", text);
            }
            Some("match" | "include") if !view.has(resource, "id") => {
                let text = "A resource that a search found has an id. Add it.";
                self.findings.error(&place, resource, "invalid", text);
            }
            Some("match") if !sought.is_empty() && !sought.iter().any(|one| *one == type_name) => {
                let text = "The search did not ask for resources of this type. Correct search.mode, or the self link.";
                self.findings.error(&place, resource, "invalid", text);
            }
            _ => {}
        }
    }

    /// The types that a search asked for, as its own link says.
    pub(super) fn sought(&self, node: Id) -> Vec<String> {
        let view = self.view();
        let own = view.items(node, "link").find(|one| view.is(*one, "relation", "self"));
        let Some(url) = own.and_then(|one| view.text(one, "url")) else { return vec![] };
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let last = path.rsplit('/').next().unwrap_or_default();
        if self.is_resource_type(last) {
            return vec![last.to_owned()];
        }
        let types = query.split('&').filter_map(|one| one.strip_prefix("_type="));
        types.flat_map(|one| one.split(',')).map(str::to_owned).collect()
    }

    /// Only pages of a search or a history have others before and after them, and no two links say the same of them.
    pub(super) fn links(&mut self, place: &Place<'_>, node: Id, kind: &str) {
        let mut seen = HashSet::new();
        let view = self.view();
        for (index, link) in view.items(node, "link").enumerate() {
            let Some(relation) = view.text(link, "relation") else { continue };
            let list = place.child("link");
            let here = list.item(index);
            if kind == "document" && relation == "stylesheet" && self.is_missing(link) {
                let text =
                    "The stylesheet is not in the document. Add it as an entry, or link to it in full.";
                self.findings.error(&here, link, "not-found", text);
            }
            let pages = matches!(&*relation, "first" | "previous" | "next" | "last");
            if pages && !matches!(kind, "searchset" | "history" | "") {
                let text = "Only searches and histories have links of this relation. Remove it.";
                self.findings.error(&here, link, "invalid", text);
            } else if (pages || matches!(&*relation, "self" | "prev")) && !seen.insert(relation) {
                let text = "A Bundle has at most one link of this relation. Remove this one.";
                self.findings.error(&here, link, "invalid", text);
            }
        }
    }

    /// Whether a link names something in the Bundle that is not there.
    fn is_missing(&self, link: Id) -> bool {
        let url = self.view().text(link, "url").filter(|url| !url.contains(':'));
        url.is_some_and(|url| self.bundle().is_some_and(|bundle| bundle.resolve(&url, None).is_none()))
    }
}
