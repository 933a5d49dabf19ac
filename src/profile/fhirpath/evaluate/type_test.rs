//! `is`, `as`, `ofType` and `type()` (FHIRPath 2.0.0, §6.3, §5.2.4, §10.2).

use super::super::fault::Fault;
use super::super::node::Node;
use super::super::tree::{TypeName, TypeQuestion};
use super::super::value::{Collection, Item, Value, one};
use super::{Evaluator, Outcome, single};

/// The System types.
pub(in crate::profile::fhirpath) const SYSTEM: [&str; 9] =
    ["Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity", "Any"];

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn type_question(
        &mut self,
        question: TypeQuestion,
        name: &'d TypeName,
        input: &[Item<'d>],
    ) -> Outcome<'d> {
        self.known(name)?;
        if question == TypeQuestion::Is {
            let Some(item) = single(input)? else { return Ok(Collection::new()) };
            return Ok(one(self.is_of(item, name, false)));
        }
        self.meter.charge(input.len())?;
        // FHIR's own invariants ask `as` of lists, so it takes of them what fits.
        Ok(input.iter().filter(|item| self.is_of(item, name, true)).cloned().collect())
    }

    fn known(&self, name: &TypeName) -> Result<(), Fault> {
        let model = self.environment.model;
        let fhir = model.is_open() || model.is_type(&name.name);
        let system = SYSTEM.contains(&&*name.name);
        let known = match name.namespace.as_deref() {
            None => fhir || system,
            Some("System") => system,
            Some("FHIR") => fhir,
            Some(_) => false,
        };
        if known {
            Ok(())
        } else {
            Err(Fault::semantic(usize::MAX, format!("There is no type '{}'.", name.name)))
        }
    }

    /// Whether the item is of the type. With `narrow`, as `as` and `ofType` ask it, a primitive is of its own type alone:
    /// a code is not taken as the string that it is derived from.
    fn is_of(&self, item: &Item<'d>, name: &TypeName, narrow: bool) -> bool {
        let namespace = name.namespace.as_deref();
        match item {
            Item::Value(value) => namespace != Some("FHIR") && value.type_name() == &*name.name,
            Item::Node(_) if namespace == Some("System") => false,
            Item::Node(node) => {
                let own = type_name(node);
                let is_primitive = own.starts_with(|c: char| c.is_ascii_lowercase());
                own == &*name.name
                    || (!(narrow && is_primitive) && self.environment.model.is_subtype(own, &name.name))
            }
        }
    }

    /// What `type()` says of each item.
    pub(super) fn type_infos(&self, input: &[Item<'d>]) -> Collection<'d> {
        let info = |item: &Item<'d>| match item {
            Item::Value(value) => Value::Type("System", value.type_name().into()),
            Item::Node(node) => {
                Value::Type("FHIR", self.environment.model.public_name(type_name(node)).into())
            }
        };
        input.iter().map(|item| Item::Value(info(item))).collect()
    }

    /// Whether the item's type is one that FHIR itself defines under this address (`conformsTo()`).
    pub(super) fn conforms_to_type(&self, item: &Item<'d>, profile: &str) -> Option<bool> {
        let name = profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/")?;
        let model = self.environment.model;
        match item {
            Item::Node(node) if model.is_type(name) => Some(model.is_subtype(type_name(node), name)),
            _ => None,
        }
    }
}

/// The node's type; of one that no model knows, what JSON says.
fn type_name<'d>(node: &Node<'d>) -> &'d str {
    if !node.type_name().is_empty() {
        return node.type_name();
    }
    match node.value() {
        Some(Value::Boolean(_)) => "boolean",
        Some(Value::Integer(_)) => "integer",
        Some(Value::Decimal(_)) => "decimal",
        Some(_) => "string",
        None => "Element",
    }
}
