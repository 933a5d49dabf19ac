//! One value of an element: of the right type, and what its definition and its type demand.

use super::members::Met;
use super::{Place, Walk};
use crate::json::document::{Id, Kind};
use crate::profile::plan::{Check, Missing, Plan, Type, TypeForm};

impl<'w> Walk<'w, '_> {
    /// Checks one value. For a slice, `sliced` is the element that it slices.
    pub(super) fn item(
        &mut self,
        place: &Place<'_>,
        plan: &'w Plan,
        check: &'w Check,
        met: Met,
        sliced: Option<&'w Check>,
    ) {
        let Some(one) = check.types.get(met.kind) else {
            let node = met.node(self.scope.resource);
            if check.types.is_empty() {
                self.object(place, node, plan, check, sliced);
            } else {
                let text = "A value of this type may not be in this slice. Use a type that is allowed.";
                self.findings.error(place, node, "structure", text);
            }
            return;
        };
        if let TypeForm::Primitive(primitive) = one.form {
            self.primitive(place, check, primitive, met);
            self.simple_rules(place, plan, check, met);
            return;
        }
        if let Some(shadow) = met.shadow {
            let text = "Only simple values have a twin whose name begins with '_'. Remove it.";
            self.findings.error(place, shadow, "structure", text);
        }
        let Some(node) = met.value else { return };
        if self.document.kind(node) != Kind::Object {
            let text = match self.document.kind(node) {
                Kind::Null => "Null may not stand here. Leave the element out.",
                _ => "This element is an object with members of its own. Put braces around them.",
            };
            self.findings.error(place, node, "structure", text);
            return;
        }
        if !self.step(place, node) {
            return;
        }
        match one.form {
            TypeForm::Resource => self.inner_resource(place, plan, check, node),
            TypeForm::Extension => self.extension(place, plan, check, node, sliced.is_some()),
            _ => {
                self.common(place, plan, check, node);
                self.complex(place, plan, check, one, node);
            }
        }
    }

    /// What a definition says of any value: fixed, pattern, binding, rules.
    fn common(&mut self, place: &Place<'_>, plan: &'w Plan, check: &'w Check, node: Id) {
        self.fixed(place, check, node);
        if let Some(binding) = &check.binding {
            self.bound(place, binding, node);
        }
        if check.min_value.is_some() || check.max_value.is_some() {
            self.amount_limits(place, check, node);
        }
        self.rules(place, plan, check, node, None);
    }

    /// An element without types: the root, or one that shares another's content.
    pub(super) fn object(
        &mut self,
        place: &Place<'_>,
        node: Id,
        plan: &'w Plan,
        check: &'w Check,
        sliced: Option<&'w Check>,
    ) {
        if self.document.kind(node) != Kind::Object {
            let text = "This element is an object with members of its own. Put braces around them.";
            self.findings.error(place, node, "structure", text);
            return;
        }
        self.common(place, plan, check, node);
        if !check.members.is_empty() {
            self.members(place, node, plan, &check.members);
        } else if let Some(content) = check.content.or(sliced.and_then(|base| base.content)) {
            let content = plan.check(content);
            self.rules(place, plan, content, node, Some(check));
            self.members(place, node, plan, &content.members);
        }
    }

    /// A data type: its members, its rules, and its profiles.
    fn complex(&mut self, place: &Place<'_>, plan: &'w Plan, check: &'w Check, one: &'w Type, node: Id) {
        let by_profile = self.profiled(place, one, node);
        let type_plan = self.type_plan(one);
        if !check.members.is_empty() {
            if let Some(own) = type_plan.filter(|_| one.form != TypeForm::Backbone) {
                self.rules(place, own, own.root(), node, Some(check));
                if check.members.is_common {
                    self.members(place, node, own, &own.root().members);
                }
            }
            self.members(place, node, plan, &check.members);
        } else if !by_profile {
            match type_plan {
                Some(own) => {
                    self.rules(place, own, own.root(), node, Some(check));
                    self.members(place, node, own, &own.root().members);
                }
                None => self.no_definition(place, node, &one.name),
            }
        }
        self.datatype(place, one, node);
    }

    /// Checks a value against the profiles of its type; says whether one of them covers the type's own members.
    fn profiled(&mut self, place: &Place<'_>, one: &'w Type, node: Id) -> bool {
        let mut plans = Vec::new();
        for (url, slot) in &one.profiles {
            let slot = slot.get_or_init(|| self.plans.slot(url).ok());
            match slot.and_then(|slot| self.plans.get(slot)) {
                Some(profile) => plans.push(profile),
                None => self.unknown_profile(place, node, url),
            }
        }
        match plans.as_slice() {
            [] => false,
            [only] => {
                self.by_profile(place, node, only);
                true
            }
            several => {
                self.one_of(place, node, several, |walk, plan, _| {
                    let before = walk.findings.len();
                    walk.by_profile(place, node, plan);
                    !walk.findings.has_own_error_since(before)
                });
                false
            }
        }
    }

    fn by_profile(&mut self, place: &Place<'_>, node: Id, profile: &'w Plan) {
        let before = self.findings.len();
        self.object(place, node, profile, profile.root(), None);
        self.findings.blame(before, &profile.url);
    }

    /// A profile that cannot be checked, since no definition is at hand or the one at hand cannot be used.
    pub(super) fn unknown_profile(&mut self, place: &Place<'_>, node: Id, url: &str) {
        if self.plans.plan(url).is_err_and(|missing| missing != Missing::Unknown) {
            self.no_definition(place, node, url);
        } else if self.first(format!("profile {url}")) {
            let text =
                format!("The profile {url} is not known here, so it was not checked. Load its package.");
            self.findings.warning(place, node, "not-found", text);
        }
    }

    /// A type that no definition is at hand for: nothing can be called valid then.
    pub(super) fn no_definition(&mut self, place: &Place<'_>, node: Id, name: &str) {
        let reason = match self.definitions().structure(name) {
            Err(reason) => reason,
            Ok(Some(_)) => "it has no usable snapshot".to_owned(),
            Ok(None) => "nobody has told us of it".to_owned(),
        };
        let text = format!("The definition of {name} cannot be used, so this was not checked: {reason}.");
        self.findings.error(place, node, "exception", text);
    }
}
