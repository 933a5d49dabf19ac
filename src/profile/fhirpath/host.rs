//! What the evaluator asks of the world around a document (FHIR R4 §2.9.1.4).

use super::node::Node;
use super::value::Item;

/// Answers what a document alone cannot. Every answer may be left to its default: nothing is known.
pub trait Host {
    /// `resolve()`: the resource that a reference leads to. References to contained resources (`#id`) are resolved without
    /// the host. By default nothing resolves, and `resolve()` gives an empty collection.
    fn resolve<'d>(&'d self, reference: &str, from: &Node<'d>) -> Option<Node<'d>> {
        let _ = (reference, from);
        None
    }

    /// `memberOf()`: whether a code, Coding or CodeableConcept is in the value set. By default unknown: empty.
    fn member_of(&self, item: &Item<'_>, value_set: &str) -> Option<bool> {
        let _ = (item, value_set);
        None
    }

    /// `conformsTo()`: whether an element conforms to a profile. The types of FHIR itself are answered without the host.
    /// By default unknown: the expression ends with a fault, as FHIR asks for profiles that cannot be found.
    fn conforms_to(&self, node: &Node<'_>, profile: &str) -> Option<bool> {
        let _ = (node, profile);
        None
    }

    /// `trace()`: told what an expression wants noted. By default it is dropped.
    fn trace(&self, name: &str, items: &[Item<'_>]) {
        let _ = (name, items);
    }
}

/// A host that knows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Host for Alone {}
