//! Which element of the tree an element of a differential means
//! (<https://hl7.org/fhir/R4/elementdefinition.html#id>).

use super::tree::name_of;
use crate::profile::definition::Element;

/// The steps from the root, slices named.
#[derive(Debug, Default)]
pub(super) struct Steps(Vec<String>);

impl Steps {
    /// Reads them from the id, or, where there is none to trust, from the path and the element before.
    pub(super) fn of(element: &Element, before: &Self) -> Self {
        let path: Vec<&str> = element.path.split('.').collect();
        let id: Vec<&str> = element.id.split('.').collect();
        let fits =
            id.len() == path.len() && id.iter().zip(&path).all(|(id, path)| is_same(name_of(id), path));
        // Some authors leave the slice out of the id of the element that defines it.
        let has_slice = element.slice_name.is_none() || id.last().is_some_and(|last| last.contains(':'));
        if fits && has_slice {
            return Self(id.into_iter().map(str::to_owned).collect());
        }
        Self::from_path(&path, element.slice_name.as_deref(), before)
    }

    /// A path stands in the slice in which the element before stood, as far as they go together.
    fn from_path(path: &[&str], slice: Option<&str>, before: &Self) -> Self {
        let last = path.len().saturating_sub(1);
        let mut steps = Vec::with_capacity(path.len());
        let mut is_together = true;
        for (number, name) in path.iter().enumerate().take(last) {
            let known = before.0.get(number).filter(|known| is_together && is_same(name_of(known), name));
            is_together = known.is_some();
            steps.push(known.map_or_else(|| (*name).to_owned(), Clone::clone));
        }
        let name = path.get(last).copied().unwrap_or_default();
        steps.push(slice.map_or_else(|| name.to_owned(), |slice| format!("{name}:{slice}")));
        Self(steps)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn below_root(&self) -> &[String] {
        self.0.get(1..).unwrap_or_default()
    }
}

/// Whether two names mean the same, `value[x]` being also called `valueQuantity`.
fn is_same(in_id: &str, in_path: &str) -> bool {
    in_id == in_path || in_id.strip_suffix("[x]").is_some_and(|stem| in_path.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(id: &str, path: &str, slice: Option<&str>, before: &Steps) -> Steps {
        let slice_name = slice.map(str::to_owned);
        Steps::of(&Element { id: id.into(), path: path.into(), slice_name, ..Element::default() }, before)
    }

    #[test]
    fn without_ids_the_element_before_says_the_slice() {
        let first = steps("", "Patient.identifier", Some("nhs"), &Steps::default());
        assert_eq!(first.0, ["Patient", "identifier:nhs"]);
        let second = steps("", "Patient.identifier.system", None, &first);
        assert_eq!(second.0, ["Patient", "identifier:nhs", "system"]);
        let third = steps("", "Patient.name.given", None, &second);
        assert_eq!(third.0, ["Patient", "name", "given"]);
    }

    #[test]
    fn ids_are_trusted_only_where_they_fit_the_path() {
        let none = Steps::default();
        assert_eq!(steps("A.b:c.d", "A.b.d", None, &none).0, ["A", "b:c", "d"]);
        assert_eq!(steps("A.v[x]:vCode", "A.vCode", None, &none).0, ["A", "v[x]:vCode"]);
        assert_eq!(steps("A.other", "A.b", Some("c"), &none).0, ["A", "b:c"]);
    }
}
