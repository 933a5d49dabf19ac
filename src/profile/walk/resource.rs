//! Resources: the root, those inside others, and the profiles that they must meet.

use super::{Place, Scope, Walk};
use crate::json::document::{Id, Kind};
use crate::profile::plan::{Check, Missing, Plan, Type};

/// LOINC codes of vital signs, and their profiles.
const VITAL_SIGNS: &[(&str, &str)] = &[
    ("85353-1", "http://hl7.org/fhir/StructureDefinition/vitalspanel"),
    ("9279-1", "http://hl7.org/fhir/StructureDefinition/resprate"),
    ("8867-4", "http://hl7.org/fhir/StructureDefinition/heartrate"),
    ("2708-6", "http://hl7.org/fhir/StructureDefinition/oxygensat"),
    ("8310-5", "http://hl7.org/fhir/StructureDefinition/bodytemp"),
    ("8302-2", "http://hl7.org/fhir/StructureDefinition/bodyheight"),
    ("9843-4", "http://hl7.org/fhir/StructureDefinition/headcircum"),
    ("29463-7", "http://hl7.org/fhir/StructureDefinition/bodyweight"),
    ("39156-5", "http://hl7.org/fhir/StructureDefinition/bmi"),
    ("85354-9", "http://hl7.org/fhir/StructureDefinition/bp"),
];

impl<'w> Walk<'w, '_> {
    /// Checks a resource against its type and the profiles that are wanted of it; in earnest, against those that it claims and
    /// the rules of single types too. Says whether it meets the profiles, as far as its own content tells.
    pub fn resource(&mut self, place: &Place<'_>, node: Id, wanted: &[&'w Plan], in_earnest: bool) -> bool {
        let Some(type_name) = self.type_of(place, node) else { return false };
        let own = match self.plans.plan(&type_name) {
            Ok(plan) if plan.is_resource && !plan.is_abstract && !plan.is_profile => plan,
            Ok(_) | Err(Missing::Unknown) => {
                let text = "FHIR R4 has no resource of this type. Check resourceType.";
                self.findings.error(place, node, "structure", text);
                return false;
            }
            Err(_) => {
                self.no_definition(place, node, &type_name);
                return false;
            }
        };
        let before = self.findings.len();
        let place = place.typed(&own.type_name);
        match &*own.type_name {
            "Bundle" => self.enter_bundle(node),
            "Parameters" if self.scope.bundle.is_none() => self.enter_parameters(node),
            _ => {}
        }
        let ids = std::mem::take(&mut self.ids);
        let mut plans: Vec<&'w Plan> = wanted.to_vec();
        if in_earnest {
            self.claimed(&place, node, &mut plans);
            self.demanded_of_all(&place, node, &own.type_name, &mut plans);
            if &*own.type_name == "Observation" {
                self.vital_sign(&place, node, &mut plans);
            }
        }
        plans.retain(|plan| self.is_for(&place, node, plan, own));
        // Whoever meets a profile meets what it was made from.
        let covered = |one: &Plan, by: &Plan| by.ancestors.contains(&one.url);
        let all = plans.clone();
        plans.retain(|one| !all.iter().any(|by| covered(one, by)));
        if plans.is_empty() {
            self.object(&place, node, own, own.root(), None);
        }
        for plan in plans {
            let before = self.findings.len();
            self.object(&place, node, plan, plan.root(), None);
            if in_earnest {
                self.blame_what_it_was_made_from(&place, node, plan, before);
            }
            self.findings.blame(before, &plan.url);
        }
        let meets = !self.findings.has_own_error_since(before);
        if meets && in_earnest && !self.is_lost() {
            // Whoever refers to this need not ask again.
            let slots = wanted.iter().filter_map(|plan| self.plans.slot(&plan.url).ok());
            self.judged.extend(slots.map(|slot| ((node, slot), true)));
        }
        if in_earnest {
            self.special(&place, node, &own.type_name);
        }
        // A definition lists the same elements, with the same ids, once as snapshot and once as differential.
        if &*own.type_name != "StructureDefinition" {
            self.element_ids(&place);
        }
        self.ids = ids;
        meets
    }

    fn type_of(&mut self, place: &Place<'_>, node: Id) -> Option<String> {
        if self.document.kind(node) != Kind::Object {
            self.findings.error(place, node, "structure", "A resource is an object. Put braces around it.");
            return None;
        }
        let type_name = self.document.child(node, "resourceType").filter(|one| self.document.is_string(*one));
        match type_name {
            Some(one) => Some(self.document.text(one).into_owned()),
            None => {
                let text = "resourceType is missing, so nobody can tell what this is. Add it.";
                self.findings.error(place, node, "structure", text);
                None
            }
        }
    }

    /// The plans of the profiles that `meta.profile` names.
    fn claimed(&mut self, place: &Place<'_>, node: Id, plans: &mut Vec<&'w Plan>) {
        let view = self.view();
        let Some(meta) = view.get(node, "meta") else { return };
        let here = place.child("meta");
        let here = here.child("profile");
        for (index, one) in view.items(meta, "profile").enumerate() {
            if self.document.is_string(one) {
                self.demanded(&here.item(index), one, &self.document.text(one), plans);
            }
        }
    }

    /// The plans of the profiles that an implementation guide asks of all resources of this type. What a resource contains is a part of
    /// it and no such resource.
    fn demanded_of_all(&mut self, place: &Place<'_>, node: Id, type_name: &str, plans: &mut Vec<&'w Plan>) {
        if self.settings.guides_hold_for_all && self.scope.resource == self.scope.root {
            for url in self.definitions().globals(type_name) {
                self.demanded(place, node, url, plans);
            }
        }
    }

    fn demanded(&mut self, place: &Place<'_>, node: Id, url: &str, plans: &mut Vec<&'w Plan>) {
        match self.plans.plan(url) {
            Ok(plan) if !plans.iter().any(|known| known.url == plan.url) => plans.push(plan),
            Ok(_) => {}
            Err(Missing::Unknown) => self.unknown_profile(place, node, url),
            Err(_) => self.no_definition(place, node, url),
        }
    }

    /// Vital signs must meet the profile of their kind, claimed or not (<https://hl7.org/fhir/R4/observation-vitalsigns.html>).
    fn vital_sign(&mut self, place: &Place<'_>, node: Id, plans: &mut Vec<&'w Plan>) {
        let view = self.view();
        let Some(concept) = view.get(node, "code") else { return };
        for coding in view.items(concept, "coding").filter(|one| view.is(*one, "system", "http://loinc.org"))
        {
            let code = view.text(coding, "code").unwrap_or_default();
            let Some((_, url)) = VITAL_SIGNS.iter().find(|row| row.0 == code) else { continue };
            match self.plans.plan(url) {
                Ok(plan) if plans.iter().any(|known| known.url == plan.url) => {}
                Ok(plan) => plans.push(plan),
                Err(_) => self.no_definition(place, node, url),
            }
        }
    }

    fn is_for(&mut self, place: &Place<'_>, node: Id, plan: &'w Plan, own: &'w Plan) -> bool {
        if plan.type_name == own.type_name {
            return true;
        }
        if !matches!(&*plan.type_name, "Resource" | "DomainResource") {
            let text =
                format!("The profile {} is for {}, not for {}.", plan.url, plan.type_name, own.type_name);
            self.findings.error(place, node, "structure", text);
        }
        false
    }

    /// A resource inside another: contained, in a Bundle's entry, or in a parameter.
    pub(super) fn inner_resource(&mut self, place: &Place<'_>, plan: &'w Plan, check: &'w Check, node: Id) {
        let outer = self.scope;
        let contained = &*check.name == "contained";
        if contained && !self.settings.contained_is_checked {
            return;
        }
        self.scope = Scope {
            resource: node,
            root: if contained { outer.root } else { node },
            bundle: outer.bundle,
            full_url: if contained { outer.full_url } else { self.full_url_of(node).or(outer.full_url) },
        };
        let own = self.view().text(node, "resourceType");
        let fits = |one: &&'w Type| {
            matches!(&*one.name, "Resource" | "DomainResource") || Some(&*one.name) == own.as_deref()
        };
        match check.types.iter().find(fits) {
            Some(one) => self.inner_profiles(place, one, node),
            None => {
                let allowed: Vec<&str> = check.types.iter().map(|one| &*one.name).collect();
                let text =
                    format!("A resource of this type may not be here. Allowed: {}.", allowed.join(", "));
                self.findings.error(place, node, "structure", text);
            }
        }
        if !check.members.is_empty() {
            self.members(place, node, plan, &check.members);
        }
        self.scope = outer;
        // Rules on the element itself are asked from outside: %resource is the resource around it.
        self.rules(place, plan, check, node, None);
    }

    fn inner_profiles(&mut self, place: &Place<'_>, one: &'w Type, node: Id) {
        let mut plans = Vec::new();
        for (url, slot) in &one.profiles {
            let slot = slot.get_or_init(|| self.plans.slot(url).ok());
            match slot.and_then(|slot| self.plans.get(slot)) {
                Some(plan) => plans.push(plan),
                None => self.unknown_profile(place, node, url),
            }
        }
        let own = self.view().text(node, "resourceType").unwrap_or_default();
        if plans.len() > 1 {
            // Of profiles on several types, those on this one can be meant; the rest is no news.
            plans.retain(|plan| *plan.type_name == *own || plan.is_abstract);
            if plans.is_empty() {
                let text = "None of the profiles that are allowed here is for a resource of this type.";
                self.findings.error(place, node, "structure", text);
            }
        }
        match plans.as_slice() {
            [] => _ = self.resource(place, node, &[], true),
            [only] => _ = self.resource(place, node, &[only], true),
            several => self.one_of(place, node, several, |walk, plan, in_earnest| {
                walk.resource(place, node, &[plan], in_earnest)
            }),
        }
    }
}
