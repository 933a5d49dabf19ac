//! What the evaluator must know of types (FHIRPath 2.0.0, §3 and §10; FHIR R4 §2.9.1).

/// An element as its type declares it.
#[derive(Debug, Clone, Copy)]
pub struct ElementType<'m> {
    /// Its name, without `[x]`.
    pub name: &'m str,
    /// Names of the types it may have. An element with parts of its own has the type of its path, such as
    /// `Patient.contact`; one that shares another's content has that one's path.
    pub types: &'m [Box<str>],
    /// Whether its name in JSON ends with the name of the type, as in `valueQuantity`.
    pub is_choice: bool,
    /// Whether it may stand more than once.
    pub is_list: bool,
}

impl<'m> ElementType<'m> {
    /// The type, of those it may have, whose name ends the member's name: `Quantity` for `valueQuantity`.
    pub fn chosen(&self, member: &str) -> Option<&'m str> {
        let ending = member.strip_prefix(self.name)?;
        self.types.iter().map(|name| &**name).find(|name| is_ending(ending, name))
    }
}

/// Whether a choice's ending names the type: only its first letter is raised.
fn is_ending(ending: &str, type_name: &str) -> bool {
    let (Some(left), Some(right)) = (ending.split_at_checked(1), type_name.split_at_checked(1)) else {
        return false;
    };
    left.1 == right.1 && left.0.bytes().eq(right.0.bytes().map(|byte| byte.to_ascii_uppercase()))
}

/// The types of a version of FHIR.
pub trait Model: Send + Sync {
    /// The element of a type, or of a part of a resource such as `Patient.contact`. For a choice, `element` is the name
    /// without `[x]`.
    fn element(&self, type_name: &str, element: &str) -> Option<ElementType<'_>>;

    /// Whether the type is the other or is derived from it.
    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool;

    /// Whether there is such a type.
    fn is_type(&self, name: &str) -> bool;

    /// Whether names of types that it does not know are taken as they are.
    fn is_open(&self) -> bool {
        false
    }

    /// The name for `type()` and for comparing of types: for a part of a resource, what it is derived from.
    fn public_name<'m>(&'m self, type_name: &'m str) -> &'m str {
        type_name
    }

    /// The element that a member of a JSON object is, and its type.
    fn member(&self, type_name: &str, member: &str) -> Option<(ElementType<'_>, &str)> {
        if let Some(element) = self.element(type_name, member) {
            if element.is_choice {
                return None;
            }
            let name = element.types.first().map_or("", |name| name);
            return Some((element, name));
        }
        let raised = member.bytes().enumerate().skip(1).filter(|(_, b)| b.is_ascii_uppercase());
        raised.filter_map(|(at, _)| member.get(..at)).find_map(|stem| {
            let element = self.element(type_name, stem).filter(|element| element.is_choice)?;
            Some((element, element.chosen(member)?))
        })
    }
}

/// Knows no types: elements are found by the names in the document, and primitives are what JSON makes of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModel;

impl Model for NoModel {
    fn element(&self, _: &str, _: &str) -> Option<ElementType<'_>> {
        None
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        type_name == ancestor
    }

    fn is_type(&self, _: &str) -> bool {
        false
    }

    fn is_open(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_choice_names_its_type() {
        let types: Vec<Box<str>> = vec!["Quantity".into(), "dateTime".into(), "date".into()];
        let element = ElementType { name: "value", types: &types, is_choice: true, is_list: false };
        assert_eq!(element.chosen("valueDateTime"), Some("dateTime"));
        assert_eq!(element.chosen("valueQuantity"), Some("Quantity"));
        assert_eq!(element.chosen("valueQuantityX"), None);
        assert_eq!(element.chosen("value"), None);
    }
}
