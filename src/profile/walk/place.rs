//! Where the walk is: a chain from the root, written out as FHIRPath only when something is found.

use std::fmt::Write;

/// A step from an element to its child.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    name: &'p str,
    index: Option<usize>,
    /// The chosen type of a choice element.
    of_type: Option<&'p str>,
    /// The type of what is here, such as `HumanName`.
    type_name: &'p str,
}

impl<'p> Place<'p> {
    /// The root, a resource of that type.
    pub fn root(type_name: &'p str) -> Self {
        Self { parent: None, name: type_name, index: None, of_type: None, type_name }
    }

    /// A child.
    pub fn child(&'p self, name: &'p str) -> Place<'p> {
        Place { parent: Some(self), name, index: None, of_type: None, type_name: "" }
    }

    /// The same element, as an item of a list.
    #[must_use]
    pub fn item(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    /// The same element, with its chosen type.
    #[must_use]
    pub fn chosen(mut self, type_name: &'p str) -> Self {
        self.of_type = Some(type_name);
        self
    }

    /// The same element, with its type.
    #[must_use]
    pub fn typed(mut self, type_name: &'p str) -> Self {
        self.type_name = type_name;
        self
    }

    /// The element it is in.
    pub fn parent(&self) -> Option<&'p Place<'p>> {
        self.parent
    }

    /// Its name.
    pub fn name(&self) -> &'p str {
        self.name
    }

    /// Its type, where it is known.
    pub fn type_name(&self) -> &'p str {
        self.type_name
    }

    /// As a FHIRPath expression.
    pub fn expression(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
            text.push('.');
        }
        text.push_str(self.name);
        if let Some(type_name) = self.of_type {
            // Writing to a string does not fail.
            let _ = write!(text, ".ofType({type_name})");
        }
        if let Some(index) = self.index {
            let _ = write!(text, "[{index}]");
        }
    }

    /// Every way to name this element from a type above it: `Patient.name.given`, `HumanName.given`.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        let mut rest = String::new();
        let mut at = Some(self);
        while let Some(place) = at {
            if !place.type_name.is_empty() {
                paths.push(format!("{}{rest}", place.type_name));
            }
            rest = format!(".{}{rest}", place.name);
            at = place.parent;
        }
        paths
    }
}
