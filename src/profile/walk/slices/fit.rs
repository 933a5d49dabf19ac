//! Whether an item is in a slice: what the paths of its discriminators lead to, and what is asked of that
//! (<https://hl7.org/fhir/R4/profiling.html#discriminator>).

use super::super::members::Met;
use super::super::{Place, Walk, contains, equals};
use crate::json::document::{Id, Kind};
use crate::profile::needs::Membership;
use crate::profile::plan::{Slice, Step, Test, Want};

/// What a discriminator's path leads to.
#[derive(Debug, Clone)]
struct Reached {
    node: Id,
    /// The type, where the name or the reference tells it.
    type_name: Option<String>,
}

/// Whether an item is in a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::profile::walk) enum Fit {
    Out,
    /// Nobody can tell here: its codes are of a value set or system that is not known.
    Maybe,
    In,
}

impl Fit {
    fn sure(is_in: bool) -> Self {
        if is_in { Self::In } else { Self::Out }
    }
}

impl<'w> Walk<'w, '_> {
    /// Whether an item is in a slice: it has to pass each test of it.
    pub(super) fn fits(&mut self, here: &Place<'_>, slice: &'w Slice, met: Met, kind: Option<&str>) -> Fit {
        let Some(node) = met.value.or(met.shadow) else { return Fit::Out };
        let mut fit = if slice.tests.is_empty() { Fit::Out } else { Fit::In };
        for test in &slice.tests {
            fit = fit.min(self.passes(here, test, node, kind));
            if fit == Fit::Out {
                break;
            }
        }
        fit
    }

    fn passes(&mut self, here: &Place<'_>, test: &'w Test, node: Id, kind: Option<&str>) -> Fit {
        let start = Reached { node, type_name: kind.map(str::to_owned) };
        let mut reached = vec![start];
        for step in &test.path {
            reached = reached.into_iter().flat_map(|one| self.follow(&one, step)).collect();
        }
        let document = self.document;
        Fit::sure(match &test.want {
            Want::Exists => !reached.is_empty(),
            Want::Absent => reached.is_empty(),
            Want::Unclear => false,
            Want::Fixed(value) => reached.iter().any(|one| equals(document, one.node, value)),
            Want::Pattern(value) => reached.iter().any(|one| contains(document, one.node, value)),
            Want::ValueSet(url) => {
                return reached.iter().map(|one| self.member_of(url, one.node)).max().unwrap_or(Fit::Out);
            }
            Want::Types(names) => reached.iter().any(|one| self.is_of_type(one, names)),
            Want::Profiles(urls) => {
                reached.iter().any(|one| urls.iter().any(|url| self.conforms(here, one.node, url)))
            }
        })
    }

    fn follow(&self, from: &Reached, step: &Step) -> Vec<Reached> {
        let document = self.document;
        let node = from.node;
        match step {
            Step::Member(name) => {
                if document.kind(node) != Kind::Object {
                    return vec![];
                }
                let (child, type_name) = match document.child(node, name) {
                    Some(child) => (child, None),
                    None => match self.view().choice(node, name) {
                        Some(child) => {
                            (child, document.raw_key(child).strip_prefix(&**name).map(str::to_owned))
                        }
                        None => return vec![],
                    },
                };
                let one = |node| Reached { node, type_name: type_name.clone() };
                match document.kind(child) {
                    Kind::Array => document.children(child).map(one).collect(),
                    _ => vec![one(child)],
                }
            }
            Step::Extension(url) => {
                let extensions = self.view().items(node, "extension");
                let own = extensions.filter(|one| self.view().is(*one, "url", url));
                own.map(|node| Reached { node, type_name: None }).collect()
            }
            Step::OfType(name) => {
                if self.is_of_type(from, std::slice::from_ref(name)) {
                    vec![from.clone()]
                } else {
                    vec![]
                }
            }
            Step::Resolve => {
                let text = match document.kind(node) {
                    Kind::Object => self.view().text(node, "reference"),
                    _ => Some(document.text(node)),
                };
                let resolved = text.and_then(|text| self.resolve(&text));
                resolved.map(|node| Reached { node, type_name: None }).into_iter().collect()
            }
        }
    }

    fn is_of_type(&self, one: &Reached, names: &[Box<str>]) -> bool {
        let resource = self
            .view()
            .text(one.node, "resourceType")
            .filter(|_| self.document.kind(one.node) == Kind::Object);
        let own = resource.as_deref().or(one.type_name.as_deref());
        own.is_some_and(|own| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(own) || (&**name == "Resource" && resource.is_some()))
        })
    }

    /// Whether a code, Coding, CodeableConcept or Quantity is in a value set.
    fn member_of(&self, url: &str, node: Id) -> Fit {
        let view = self.view();
        let of = |system: Option<&str>, code: &str| match self.definitions().member(url, system, code) {
            Membership::In => Fit::In,
            Membership::NotIn => Fit::Out,
            Membership::UnknownSystem | Membership::CannotTell | Membership::Broken(_) => Fit::Maybe,
        };
        if self.document.kind(node) != Kind::Object {
            return of(None, &self.document.text(node));
        }
        let coded =
            |one: Id| view.text(one, "code").map(|code| of(view.text(one, "system").as_deref(), &code));
        view.items(node, "coding").chain([node]).filter_map(coded).max().unwrap_or(Fit::Out)
    }

    /// A slice whose value set is here and cannot be used leaves its items unchecked.
    pub(super) fn usable(&mut self, here: &Place<'_>, node: Id, slice: &'w Slice) {
        for test in &slice.tests {
            if let Want::ValueSet(url) = &test.want
                && let Membership::Broken(reason) = self.definitions().member(url, None, "")
            {
                self.no_codes(here, node, url, &reason);
            }
        }
    }
}
