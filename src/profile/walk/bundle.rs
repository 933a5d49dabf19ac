//! Bundles: which entry an address means, and the rules that no definition can say
//! (<https://hl7.org/fhir/R4/bundle.html#references>).

mod search;
mod whole;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::primitive::is_id;

/// The entries of a Bundle, by address.
#[derive(Debug, Default, Clone)]
pub struct Bundle<'t> {
    /// Entry resources by `fullUrl`.
    by_url: HashMap<Cow<'t, str>, Id>,
    /// Entry resources by `Type/id`; `None` where several have the same.
    by_key: HashMap<String, Option<Id>>,
    /// The `fullUrl` of each entry resource.
    urls: HashMap<Id, Id>,
}

impl<'t> Bundle<'t> {
    /// The entry resource that a reference means, seen from an entry with that address.
    pub fn resolve(&self, reference: &str, from: Option<&str>) -> Option<Id> {
        let reference = reference.split("/_history/").next().unwrap_or(reference);
        if let Some(found) = self.by_url.get(reference) {
            return Some(*found);
        }
        if reference.contains(':') {
            return None;
        }
        if let Some(base) = from.and_then(base_of)
            && let Some(found) = self.by_url.get(format!("{base}{reference}").as_str())
        {
            return Some(*found);
        }
        self.by_key.get(reference).copied().flatten()
    }
}

/// What stands before `Type/id` in an address.
pub fn base_of(url: &str) -> Option<&str> {
    let (rest, _) = url.rsplit_once('/')?;
    let (base, _) = rest.rsplit_once('/')?;
    base.contains("//").then(|| url.get(..=base.len())).flatten()
}

impl<'w, 't> Walk<'w, 't> {
    /// Notes a Bundle's entries before they are walked.
    pub(super) fn enter_bundle(&mut self, node: Id) {
        let view = self.view();
        let mut bundle = Bundle::default();
        for entry in view.items(node, "entry") {
            let Some(resource) = view.get(entry, "resource") else { continue };
            if let Some(url) = view.get(entry, "fullUrl") {
                bundle.by_url.entry(self.document.text(url)).or_insert(resource);
                bundle.urls.insert(resource, url);
            }
            if let (Some(type_name), Some(id)) =
                (view.text(resource, "resourceType"), view.text(resource, "id"))
            {
                let key = format!("{type_name}/{id}");
                bundle.by_key.entry(key).and_modify(|one| *one = None).or_insert(Some(resource));
            }
        }
        self.scope.bundle = Some(self.bundles.len());
        self.bundles.push(bundle);
    }

    fn note(&self, bundle: &mut Bundle<'t>, resource: Id) {
        let view = self.view();
        if let (Some(type_name), Some(id)) = (view.text(resource, "resourceType"), view.text(resource, "id"))
        {
            let key = format!("{type_name}/{id}");
            bundle.by_key.entry(key).and_modify(|one| *one = None).or_insert(Some(resource));
        }
    }

    /// Notes the resources of a Parameters, which can refer to each other.
    pub(super) fn enter_parameters(&mut self, node: Id) {
        let view = self.view();
        let mut bundle = Bundle::default();
        for resource in view.items(node, "parameter").filter_map(|one| view.get(one, "resource")) {
            self.note(&mut bundle, resource);
        }
        self.scope.bundle = Some(self.bundles.len());
        self.bundles.push(bundle);
    }

    /// The Bundle that the walk is in.
    pub(super) fn bundle(&self) -> Option<&Bundle<'t>> {
        self.scope.bundle.and_then(|number| self.bundles.get(number))
    }

    /// The `fullUrl` of the entry that a resource is.
    pub(super) fn full_url_of(&self, resource: Id) -> Option<Id> {
        self.bundle().and_then(|bundle| bundle.urls.get(&resource).copied())
    }

    /// Addresses and links of a Bundle.
    pub(super) fn bundle_rules(&mut self, place: &Place<'_>, node: Id) {
        let view = self.view();
        let kind = view.text(node, "type").unwrap_or_default();
        self.links(place, node, &kind);
        self.linked(place, node, &kind);
        let sought = if kind == "searchset" { self.sought(node) } else { vec![] };
        let mut seen = HashSet::new();
        for (index, entry) in view.items(node, "entry").enumerate() {
            let list = place.child("entry");
            let here = list.item(index);
            let resource = view.get(entry, "resource");
            if kind == "searchset" {
                self.search_entry(&here, entry, resource, &sought);
            }
            let version =
                resource.and_then(|one| view.get(one, "meta")).and_then(|meta| view.text(meta, "versionId"));
            match view.text(entry, "fullUrl") {
                Some(url) => {
                    if let Some(resource) = resource {
                        self.full_url(&here, resource, &url);
                        self.has_id(&here, entry, resource, &url);
                    }
                    if kind != "history" && !seen.insert((url, version)) {
                        let text = "Another entry has this fullUrl. Give each entry its own.";
                        self.findings.error(&here, entry, "invariant", text);
                    }
                }
                None if matches!(
                    &*kind,
                    "" | "transaction" | "transaction-response" | "batch" | "batch-response"
                ) => {}
                None => {
                    let text = "Entries of a Bundle of this type need a fullUrl. Add it.";
                    self.findings.error(&here, entry, "required", text);
                }
            }
        }
    }

    /// What has an address, and is neither to be stored nor an answer, has an id.
    fn has_id(&mut self, here: &Place<'_>, entry: Id, resource: Id, url: &str) {
        let view = self.view();
        let is_only_here = ["urn:uuid:", "urn:oid:"].iter().any(|start| url.starts_with(start));
        let is_on_its_way = view.has(entry, "request") || view.has(entry, "response");
        let last = url.rsplit('/').next().unwrap_or_default();
        // A search's results and addresses of the form Type/id are asked for elsewhere.
        let is_asked = view.has(entry, "search") || is_id(last);
        if !is_only_here && !is_on_its_way && !is_asked && !view.has(resource, "id") {
            let text = "The resource has an address and no id. Add the id.";
            self.findings.error(here, resource, "invalid", text);
        }
    }

    /// An address that ends in `Type/id` names the resource that it holds.
    fn full_url(&mut self, here: &Place<'_>, resource: Id, url: &str) {
        let view = self.view();
        let node = view.get(resource, "id").unwrap_or(resource);
        let mut parts = url.rsplit('/');
        let (last, before) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let restful = url.starts_with("http") && is_id(last) && self.is_resource_type(before);
        if restful && !view.has(resource, "id") {
            let text = "The fullUrl names the id of the resource, which has none. Add it.";
            self.findings.error(here, resource, "invalid", text);
            return;
        }
        if !url.contains(':') {
            let text = "The fullUrl must be absolute. Write it in full, or as urn:uuid.";
            self.findings.error(here, resource, "invalid", text);
            return;
        }
        let (Some(type_name), Some(id)) = (view.text(resource, "resourceType"), view.text(resource, "id"))
        else {
            return;
        };
        if restful && (last != id || before != type_name) {
            let text = "The fullUrl names another type or id than the resource has. Make them agree.";
            self.findings.error(here, node, "invalid", text);
        }
        if let Some(uuid) = url.strip_prefix("urn:uuid:")
            && crate::profile::primitive::is_uuid(&id)
            && uuid != id
        {
            let text = "The fullUrl is another UUID than the resource's id. Make them agree.";
            self.findings.error(here, node, "invalid", text);
        }
    }

    /// Whether FHIR has a resource of that name.
    pub(super) fn is_resource_type(&self, name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|b| b.is_ascii_alphabetic())
            && self
                .plans
                .plan(name)
                .is_ok_and(|plan| plan.is_resource && !plan.is_abstract && !plan.is_profile)
    }
}
