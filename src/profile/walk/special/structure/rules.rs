//! The rules that a definition adds: FHIRPath that names what there is, under a key that is no other rule's.

use std::collections::HashMap;

use crate::json::document::Id;
use crate::profile::definition::{Constraint, Element, Structure};
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// Checks the rules of every element of the differential.
    pub(super) fn own_rules(&mut self, list: &Place<'_>, nodes: &[Id], own: &Structure, base: &Structure) {
        let mut keys: HashMap<&str, &str> = HashMap::new();
        let of_base = base.snapshot.iter().flat_map(|one| &one.constraints);
        keys.extend(of_base.filter_map(|one| Some((&*one.key, one.expression.as_deref()?))));
        for (index, (element, node)) in own.differential.iter().zip(nodes).enumerate() {
            let here = list.item(index);
            for constraint in &element.constraints {
                let expression = constraint.expression.as_deref().unwrap_or_default();
                if expression.is_empty() {
                    continue;
                }
                let is_own = constraint.source.as_deref().is_none_or(|source| is_of(source, own));
                if !is_own {
                    let text =
                        "A rule in a differential is the definition's own. Remove its source, or the rule.";
                    self.findings.error(&here, *node, "invalid", text);
                } else if *keys.entry(&constraint.key).or_insert(expression) != expression {
                    let text = format!(
                        "Another rule has the key {} already. Give this one its own.",
                        constraint.key
                    );
                    self.findings.error(&here, *node, "invalid", text);
                } else {
                    self.own_rule(&here, *node, own, element, constraint, expression);
                }
            }
        }
    }

    fn own_rule(
        &mut self,
        place: &Place<'_>,
        node: Id,
        own: &Structure,
        element: &Element,
        constraint: &Constraint,
        expression: &str,
    ) {
        if self.rules.compile(expression).is_err() {
            let text = "The expression of this rule is no FHIRPath. Correct it.";
            self.findings.error(place, node, "invalid", text);
            return;
        }
        // What a logical model defines is known by its own name only.
        if own.kind == "logical" {
            return;
        }
        for misnamed in self.rules.misnamed(expression, &element.path) {
            let text = format!("Rule {} can never hold as it is meant: {misnamed}", constraint.key);
            // HL7's own extensions have such a rule, so what is made with them must pass.
            self.findings.warning(place, node, "invalid", text);
        }
    }
}

/// Whether a rule says that it comes from this definition, with or without its version.
fn is_of(source: &str, own: &Structure) -> bool {
    let (url, version) = source.split_once('|').map_or((source, None), |(url, version)| (url, Some(version)));
    url == own.url && version.is_none_or(|version| Some(version) == own.version.as_deref())
}
