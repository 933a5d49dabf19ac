//! Definitions read from their resources in JSON.

use serde_json::Value;

use super::{Binding, Constraint, Element, Max, Slicing, Structure, TypeRef};

/// Where the extension stands that gives a text its form.
const REGEX: &str = "http://hl7.org/fhir/StructureDefinition/regex";

/// Where the extension stands that limits a binding.
const MAX_VALUE_SET: &str = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";

impl Structure {
    /// Reads a StructureDefinition resource; `None` when it is not one.
    pub fn read(resource: &Value) -> Option<Self> {
        if text(resource, "resourceType")? != "StructureDefinition" {
            return None;
        }
        let elements = |part: &str| {
            let list = resource.pointer(&format!("/{part}/element")).and_then(Value::as_array);
            list.into_iter().flatten().map(Element::read).collect()
        };
        let contexts = list(resource, "context")
            .map(|context| (own(context, "type"), own(context, "expression")))
            .collect();
        Some(Self {
            url: own(resource, "url"),
            version: text(resource, "version").map(str::to_owned),
            name: own(resource, "name"),
            kind: own(resource, "kind"),
            type_name: own(resource, "type"),
            base: text(resource, "baseDefinition").map(str::to_owned),
            constrains: text(resource, "derivation") == Some("constraint"),
            is_abstract: resource.get("abstract").and_then(Value::as_bool).unwrap_or_default(),
            contexts,
            context_invariants: texts(resource, "contextInvariant"),
            snapshot: elements("snapshot"),
            differential: elements("differential"),
        })
    }
}

impl Element {
    /// Reads an ElementDefinition.
    pub fn read(value: &Value) -> Self {
        Self {
            id: own(value, "id"),
            path: own(value, "path"),
            slice_name: text(value, "sliceName").map(str::to_owned),
            min: value.get("min").and_then(Value::as_u64).and_then(|min| u32::try_from(min).ok()),
            max: text(value, "max").and_then(Max::read),
            base_max: value.pointer("/base/max").and_then(Value::as_str).and_then(Max::read),
            content_reference: text(value, "contentReference").map(str::to_owned),
            types: list(value, "type").map(TypeRef::read).collect(),
            fixed: choice(value, "fixed").map(|(_, value)| value),
            pattern: choice(value, "pattern").map(|(_, value)| value),
            min_value: choice(value, "minValue"),
            max_value: choice(value, "maxValue"),
            max_length: value
                .get("maxLength")
                .and_then(Value::as_u64)
                .and_then(|most| u32::try_from(most).ok()),
            regex: list(value, "extension")
                .find(|extension| text(extension, "url") == Some(REGEX))
                .and_then(|extension| text(extension, "valueString").map(str::to_owned)),
            constraints: list(value, "constraint").map(Constraint::read).collect(),
            binding: value.get("binding").map(Binding::read),
            slicing: value.get("slicing").map(Slicing::read),
            is_modifier: value.get("isModifier").and_then(Value::as_bool).unwrap_or_default(),
            must_support: value.get("mustSupport").and_then(Value::as_bool).unwrap_or_default(),
            short: text(value, "short").map(str::to_owned),
        }
    }

    /// The last step of the path, such as `system` or `value[x]`.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

impl TypeRef {
    fn read(value: &Value) -> Self {
        Self {
            code: own(value, "code"),
            profiles: texts(value, "profile"),
            targets: texts(value, "targetProfile"),
            aggregation: texts(value, "aggregation"),
        }
    }
}

impl Constraint {
    fn read(value: &Value) -> Self {
        Self {
            key: own(value, "key"),
            is_error: text(value, "severity") == Some("error"),
            human: own(value, "human"),
            expression: text(value, "expression").map(str::to_owned),
            source: text(value, "source").map(str::to_owned),
        }
    }
}

impl Binding {
    fn read(value: &Value) -> Self {
        let max = list(value, "extension").find(|extension| text(extension, "url") == Some(MAX_VALUE_SET));
        let max = max
            .and_then(|extension| text(extension, "valueCanonical").or_else(|| text(extension, "valueUri")));
        Self {
            strength: own(value, "strength"),
            value_set: text(value, "valueSet").map(str::to_owned),
            max_value_set: max.map(str::to_owned),
        }
    }
}

impl Slicing {
    fn read(value: &Value) -> Self {
        Self {
            discriminators: list(value, "discriminator")
                .map(|one| (own(one, "type"), own(one, "path")))
                .collect(),
            ordered: value.get("ordered").and_then(Value::as_bool).unwrap_or_default(),
            rules: own(value, "rules"),
        }
    }
}

/// The member `prefixX` with the X, such as (`Quantity`, …) for `fixedQuantity`.
fn choice(value: &Value, prefix: &str) -> Option<(String, Value)> {
    let members = value.as_object()?.iter();
    members.filter_map(|(name, inner)| Some((name.strip_prefix(prefix)?, inner))).find_map(|(kind, inner)| {
        kind.starts_with(|c: char| c.is_ascii_uppercase()).then(|| (kind.to_owned(), inner.clone()))
    })
}

pub(in crate::profile) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

pub(in crate::profile) fn own(value: &Value, key: &str) -> String {
    text(value, key).unwrap_or_default().to_owned()
}

pub(in crate::profile) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

pub(in crate::profile) fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key).filter_map(Value::as_str).map(str::to_owned).collect()
}
