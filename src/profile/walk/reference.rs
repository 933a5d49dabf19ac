//! References: what they lead to, and whether that may stand there (<https://hl7.org/fhir/R4/references.html>).

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::plan::{Missing, Type};
use crate::profile::primitive::is_id;

const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

impl<'w> Walk<'w, '_> {
    /// The resource in this document that a reference means.
    pub(super) fn resolve(&self, reference: &str) -> Option<Id> {
        let view = self.view();
        if let Some(id) = reference.strip_prefix('#') {
            if id.is_empty() {
                return Some(self.scope.root);
            }
            return view.items(self.scope.root, "contained").find(|one| view.is(*one, "id", id));
        }
        let from = self.scope.full_url.map(|url| self.document.text(url));
        self.bundle().and_then(|bundle| bundle.resolve(reference, from.as_deref()))
    }

    /// Checks a Reference.
    pub(super) fn reference(&mut self, place: &Place<'_>, one: &'w Type, node: Id) {
        let view = self.view();
        let declared = view.text(node, "type");
        let Some(text) = view.text(node, "reference") else {
            if let Some(declared) = declared {
                self.target_type(place, one, node, &declared);
            }
            return;
        };
        let resolved = self.resolve(&text);
        if resolved.is_none() {
            self.unresolved(place, node, &text);
        }
        self.way(place, one, node, &text, resolved.is_some());
        let found = resolved.and_then(|one| view.text(one, "resourceType"));
        let named = self.type_in(&text);
        let actual = found.as_deref().or(named.as_deref());
        if let (Some(declared), Some(actual)) = (&declared, actual)
            && declared != actual
        {
            let text = "Reference.type names another type than the reference leads to. Make them agree.";
            self.findings.error(place, node, "structure", text);
        }
        if let Some(actual) = actual.or(declared.as_deref()) {
            let actual = actual.to_owned();
            if self.target_type(place, one, node, &actual)
                && let Some(target) = resolved
            {
                self.target_profile(place, one, node, target, &actual);
            }
        }
    }

    /// Whether the target may be where it is: in the resource itself, in the same Bundle, or elsewhere.
    fn way(&mut self, place: &Place<'_>, one: &'w Type, node: Id, text: &str, is_here: bool) {
        let ways: &[&str] = match (text.starts_with('#'), is_here) {
            (true, _) => &["contained"],
            (false, true) => &["bundled", "referenced"],
            (false, false) => &["referenced"],
        };
        if !one.aggregation.is_empty() && !one.aggregation.iter().any(|allowed| ways.contains(&&**allowed)) {
            let text = format!(
                "What this refers to must be {} here. Put it there, and refer to it so.",
                one.aggregation.join(" or ")
            );
            self.findings.error(place, node, "structure", text);
        }
    }

    fn unresolved(&mut self, place: &Place<'_>, node: Id, reference: &str) {
        if reference.starts_with('#') {
            let text =
                "This refers to a contained resource that is not there. Add it, or correct the reference.";
            self.findings.error(place, node, "not-found", text);
        } else if (reference.starts_with("urn:uuid:") || reference.starts_with("urn:oid:"))
            && self.scope.bundle.is_some()
        {
            let text =
                "No entry of this Bundle has this as its fullUrl. Add the entry, or correct the reference.";
            self.findings.warning(place, node, "not-found", text);
        } else if self.settings.references_must_resolve
            && self.scope.bundle.is_some()
            && !reference.contains(':')
        {
            let text =
                "No resource of this message is what this refers to. Add it, or correct the reference.";
            self.findings.error(place, node, "structure", text);
        } else if let Some((_, query)) = reference.split_once('?')
            && self.type_in(reference).is_some()
            && !is_query(query)
        {
            let text = "What is searched for is written as Type?name=value&name=value. Correct it.";
            self.findings.error(place, node, "invalid", text);
        } else if !reference.contains(':') && !reference.contains('?') && self.type_in(reference).is_none() {
            let text = "A relative reference is written as Type/id. Correct it.";
            // Guides in R4 name what only later versions of FHIR have, such as ActorDefinition.
            match names_a_type(reference) {
                true => self.findings.warning(place, node, "invalid", text),
                false => self.findings.error(place, node, "invalid", text),
            }
        }
    }

    /// The type that the text of a reference names, as in `Patient/1` or `https://x/Patient/1/_history/2`.
    pub(super) fn type_in(&self, text: &str) -> Option<String> {
        let text = text.split('#').next().unwrap_or_default();
        let text = text.split("/_history/").next().unwrap_or_default();
        let (rest, id) = match text.split_once('?') {
            Some((rest, _)) => (rest, "query"),
            None => text.rsplit_once('/')?,
        };
        if text.starts_with("urn:") || !is_id(id) {
            return None;
        }
        let name = rest.rsplit('/').next().unwrap_or_default();
        self.is_resource_type(name).then(|| name.to_owned())
    }

    /// Whether a resource of that type may be referred to here.
    fn target_type(&mut self, place: &Place<'_>, one: &'w Type, node: Id, actual: &str) -> bool {
        if one.targets.is_empty() {
            return true;
        }
        let good = one.targets.iter().any(|target| match self.target_name(target) {
            Some(name) => matches!(&*name, "Resource" | "DomainResource") || name == actual,
            // A target that is not known here may be of any type.
            None => true,
        });
        if !good {
            let allowed: Vec<_> = one.targets.iter().map(|target| target.trim_start_matches(CORE)).collect();
            let text = format!(
                "This refers to a resource of a type that is not allowed here. Allowed: {}.",
                allowed.join(", ")
            );
            self.findings.error(place, node, "structure", text);
        }
        good
    }

    /// The type that a target profile constrains.
    pub(super) fn target_name(&self, target: &str) -> Option<String> {
        if let Some(name) = target.strip_prefix(CORE)
            && (self.is_resource_type(name) || matches!(name, "Resource" | "DomainResource"))
        {
            return Some(name.to_owned());
        }
        self.plans.plan(target).ok().map(|plan| plan.type_name.to_string())
    }

    /// A resource that is at hand must meet one of the profiles that are wanted of it.
    /// What is wrong with it is told once, where it stands first in the way; in trials, which ask of something else, not
    /// at all: one fault in a child must not make a fault of every resource that is about the child.
    fn target_profile(&mut self, place: &Place<'_>, one: &'w Type, node: Id, target: Id, actual: &str) {
        if self.trying > 0 {
            return;
        }
        let (mut profiles, mut unknown) = (Vec::new(), None);
        for url in &one.targets {
            match self.plans.plan(url) {
                Ok(plan) if !plan.is_profile => {
                    if &*plan.type_name == actual || plan.is_abstract {
                        return;
                    }
                }
                Ok(plan) if &*plan.type_name == actual => profiles.push(&**url),
                Ok(_) => {}
                Err(Missing::Unknown) => unknown = Some(url),
                Err(_) => return self.no_definition(place, node, url),
            }
        }
        if profiles.iter().any(|url| self.conforms_as_target(place, target, url)) {
            return;
        }
        if let Some(url) = unknown {
            self.unknown_target(place, node, url);
            return;
        }
        if profiles.is_empty() {
            return;
        }
        if !self.first(format!("target {target:?} {profiles:?}")) {
            return;
        }
        let why = profiles.first().and_then(|url| self.reason(|walk| walk.as_target(place, target, url)));
        let text = format!(
            "What this refers to does not meet the profile that is wanted here, {}. {}",
            profiles.join(" or "),
            why.unwrap_or_default()
        );
        self.findings.consequence(place, node, target, text.trim_end());
    }

    /// What nothing is known of cannot be met: what is referred to is at hand, and may not be called right unchecked.
    fn unknown_target(&mut self, place: &Place<'_>, node: Id, url: &str) {
        if self.first(format!("target of profile {url}")) {
            let text = format!(
                "What this refers to must meet the profile {url}, which is not known here, so it was not checked. Load its package."
            );
            self.findings.error(place, node, "not-found", text);
        }
    }

    /// Holds a target against a profile, findings and all.
    fn as_target(&mut self, place: &Place<'_>, target: Id, url: &str) {
        let Some(plan) = self.plans.slot(url).ok().and_then(|slot| self.plans.get(slot)) else { return };
        let outer = self.scope;
        self.scope.resource = target;
        self.resource(place, target, &[plan], false);
        self.scope = outer;
    }

    pub(super) fn conforms_as_target(&mut self, place: &Place<'_>, target: Id, url: &str) -> bool {
        let outer = self.scope;
        let contained = self.view().items(outer.root, "contained").any(|one| one == target);
        self.scope.resource = target;
        if !contained {
            self.scope.root = target;
            self.scope.full_url = self.full_url_of(target);
        }
        let good = self.conforms(place, target, url);
        self.scope = outer;
        good
    }
}

/// Whether a relative reference begins with what could be a type.
fn names_a_type(text: &str) -> bool {
    let (name, id) = text.split_once('/').unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        && is_id(id.split('/').next().unwrap_or_default())
}

/// Whether a conditional reference can be searched for: names, each with a value.
fn is_query(query: &str) -> bool {
    query.split('&').all(|part| {
        part.split_once('=').is_some_and(|(name, value)| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:.".contains(&b))
                && !value.contains('=')
        })
    })
}
