//! From snapshot to plan: the flat list of elements becomes a tree, with slices beside what they slice.

use std::sync::OnceLock;

use super::slicing::tests_of;
use super::{
    BindingPlan, Check, Member, Members, Plan, Plans, RulePlan, Slice, Slicing, Strength, Type, TypeForm,
    native,
};
use crate::profile::definition::{Binding, Constraint, Element, Max, Structure, TypeRef};
use crate::profile::pattern::whole;
use crate::profile::primitive::Primitive;

/// The plan of a structure; `None` when its snapshot is missing or does not begin with a root.
pub fn compile(structure: &Structure, plans: &Plans) -> Option<Plan> {
    let root = structure.snapshot.first()?;
    if root.path.contains('.') {
        return None;
    }
    let tree = Tree::of(&structure.snapshot);
    let mut checks: Vec<Check> = structure.snapshot.iter().map(|one| check(one, structure)).collect();
    for (number, element) in structure.snapshot.iter().enumerate() {
        if let Some(reference) = &element.content_reference {
            let id = reference.rsplit('#').next().unwrap_or_default();
            let target = structure.snapshot.iter().position(|one| one.id == id || one.path == id);
            checks[number].content = target.and_then(|at| u32::try_from(at).ok());
        }
    }
    for (number, slices) in tree.slices.iter().enumerate() {
        if let Some(slicing) = slicing(number, slices, structure, &tree, plans) {
            checks[number].slicing = Some(Box::new(slicing));
        }
    }
    for number in 0..checks.len() {
        let is_choice = checks[number].types.len() > 1;
        checks[number].members = members(&tree.children[number], &checks).common_to(is_choice);
    }
    let is_resource = structure.kind == "resource";
    Some(Plan {
        url: structure.url.as_str().into(),
        type_name: structure.type_name.as_str().into(),
        is_resource,
        is_abstract: structure.is_abstract,
        is_profile: structure.constrains,
        is_modifier: root.is_modifier,
        ancestors: ancestors(structure, plans),
        contexts: structure.contexts.clone(),
        checks,
    })
}

/// Definitions are made from each other so many times at most.
const GENERATIONS_MAX: usize = 16;

fn ancestors(structure: &Structure, plans: &Plans) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::new();
    let mut base = structure.base.clone();
    while let Some(url) = base.filter(|_| found.len() < GENERATIONS_MAX) {
        let next = plans.definitions().structure(&url).ok().flatten();
        found.push(url.split('|').next().unwrap_or_default().into());
        base = next.and_then(|one| one.base.clone());
    }
    found
}

/// Which element stands under which, and which slices which.
pub(super) struct Tree {
    /// Children of each element, slices left out.
    pub children: Vec<Vec<u32>>,
    /// Slices of each element.
    pub slices: Vec<Vec<u32>>,
}

impl Tree {
    fn of(snapshot: &[Element]) -> Self {
        let mut tree = Self { children: vec![vec![]; snapshot.len()], slices: vec![vec![]; snapshot.len()] };
        // The elements above the current one, with their depth.
        let mut above: Vec<(usize, usize)> = Vec::new();
        for (number, element) in snapshot.iter().enumerate() {
            let depth = element.path.matches('.').count();
            while above.last().is_some_and(|(_, other)| *other >= depth) {
                above.pop();
            }
            if let (Some((parent, _)), Ok(own)) = (above.last(), u32::try_from(number)) {
                match &element.slice_name {
                    None => tree.children[*parent].push(own),
                    Some(name) => tree.slice(snapshot, *parent, own, name),
                }
            }
            above.push((number, depth));
        }
        tree
    }

    /// Puts a slice under what it slices: `a/b` under the slice `a`, others under the element of the same path.
    fn slice(&mut self, snapshot: &[Element], parent: usize, own: u32, name: &str) {
        let path = &snapshot[own as usize].path;
        let bases = &self.children[parent];
        let Some(base) = bases.iter().rev().find(|one| &snapshot[**one as usize].path == path).copied()
        else {
            // A slice without its element: it is an element of its own.
            self.children[parent].push(own);
            return;
        };
        let outer = name.rsplit_once('/').and_then(|(outer, _)| {
            let named = |one: &&u32| snapshot[**one as usize].slice_name.as_deref() == Some(outer);
            self.slices[base as usize].iter().find(named).copied()
        });
        let under = outer.filter(|one| snapshot[*one as usize].slicing.is_some()).unwrap_or(base);
        self.slices[under as usize].push(own);
    }
}

fn check(element: &Element, structure: &Structure) -> Check {
    let name = element.name();
    let plain = name.strip_suffix("[x]");
    let base_max = element.base_max.or(element.max);
    let root = !element.path.contains('.');
    Check {
        name: plain.unwrap_or(name).into(),
        path: element.path.as_str().into(),
        is_choice: plain.is_some(),
        min: element.min.unwrap_or(0),
        max: Max::times(element.max),
        is_list: !root && base_max.is_some_and(Max::is_many),
        types: element.types.iter().map(|one| type_plan(one, element, structure)).collect(),
        members: Members::default(),
        content: None,
        fixed: element.fixed.clone(),
        pattern: element.pattern.clone(),
        min_value: element.min_value.clone(),
        max_value: element.max_value.clone(),
        max_length: element.max_length,
        regex: element.regex.as_deref().map(|one| whole(one).ok_or_else(|| one.into())),
        rules: element.constraints.iter().filter_map(rule).collect(),
        binding: element.binding.as_ref().and_then(|binding| self::binding(binding, element)),
        slicing: None,
        is_modifier: element.is_modifier,
    }
}

fn type_plan(one: &TypeRef, element: &Element, structure: &Structure) -> Type {
    let form = match one.code.as_str() {
        // R4 types ids as FHIRPath strings; what they may hold depends on whose id it is.
        "http://hl7.org/fhirpath/System.String" => match element.name() {
            "id" if structure.kind == "resource" && element.path.matches('.').count() == 1 => {
                TypeForm::Primitive(Primitive::Id)
            }
            "id" => TypeForm::Primitive(Primitive::ElementId),
            "url" => TypeForm::Primitive(Primitive::Uri),
            _ => TypeForm::Primitive(Primitive::String),
        },
        "Extension" => TypeForm::Extension,
        "Reference" => TypeForm::Reference,
        "Resource" | "DomainResource" => TypeForm::Resource,
        "BackboneElement" | "Element" => TypeForm::Backbone,
        // A profile may say which resource is inside; data types never stand here.
        _ if matches!(element.name(), "contained" | "resource" | "outcome") && element.path.contains('.') => {
            match Primitive::named(&one.code) {
                Some(primitive) => TypeForm::Primitive(primitive),
                None if one.code == "CodeableConcept" || one.code == "Coding" => TypeForm::Complex,
                None => TypeForm::Resource,
            }
        }
        other => match Primitive::named(other) {
            Some(primitive) => TypeForm::Primitive(primitive),
            None => TypeForm::Complex,
        },
    };
    let profile = |url: &String| (url.as_str().into(), OnceLock::new());
    Type {
        name: match form {
            TypeForm::Primitive(_) if one.code.starts_with("http:") => "string".into(),
            _ => one.code.as_str().into(),
        },
        form,
        profiles: one.profiles.iter().map(profile).collect(),
        targets: one.targets.iter().map(|url| url.as_str().into()).collect(),
        aggregation: one.aggregation.iter().map(|way| way.as_str().into()).collect(),
        slot: OnceLock::new(),
    }
}

fn rule(constraint: &Constraint) -> Option<RulePlan> {
    let expression = constraint.expression.as_deref()?;
    if native::is_walked(&constraint.key, expression) {
        return None;
    }
    Some(RulePlan {
        key: constraint.key.as_str().into(),
        is_error: constraint.is_error,
        human: constraint.human.as_str().into(),
        expression: expression.into(),
        source: constraint.source.as_deref().map(Into::into),
        native: native::named(&constraint.key, expression),
        engine: OnceLock::new(),
    })
}

const VITALS_PATH: &str = "Observation.component.value[x]";
const VITALS_UNITS: &str = "http://hl7.org/fhir/ValueSet/ucum-vitals-common";
const FORMATS_PATH: &str = "CapabilityStatement.format";

fn binding(binding: &Binding, element: &Element) -> Option<BindingPlan> {
    let value_set = binding.value_set.as_deref().unwrap_or_default();
    let strength = match binding.strength.as_str() {
        // R4's vital signs bind the units of every component to those of the signs themselves; HL7's validator, too, takes
        // this as a mistake (oxygen flow and the like have units of their own).
        "required" if element.path == VITALS_PATH && value_set.starts_with(VITALS_UNITS) => {
            Strength::Extensible
        }
        // The definition itself allows `xml`, `json` and `ttl` beside media types.
        "required" if element.path == FORMATS_PATH => Strength::Extensible,
        "required" => Strength::Required,
        "extensible" => Strength::Extensible,
        _ => Strength::Loose,
    };
    let at_most: Option<Box<str>> = binding.max_value_set.as_deref().map(Into::into);
    if strength == Strength::Loose && at_most.is_none() {
        return None;
    }
    Some(BindingPlan { strength, value_set: value_set.into(), at_most, codes: OnceLock::new() })
}

fn members(children: &[u32], checks: &[Check]) -> Members {
    let mut names = Vec::new();
    for (child, number) in (0_u32..).zip(children) {
        let check = &checks[*number as usize];
        if !check.is_choice {
            names.push(Member { name: check.name.clone(), child, kind: 0 });
            continue;
        }
        for (kind, one) in (0_u16..).zip(&check.types) {
            let mut letters = one.name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            let name: String = check.name.chars().chain(first).chain(letters).collect();
            names.push(Member { name: name.into(), child, kind });
        }
    }
    let is_demanded = |number: &u32| {
        let check = &checks[*number as usize];
        let slices = check.slicing.iter().flat_map(|slicing| &slicing.slices);
        check.min > 0 || slices.into_iter().any(|slice| slice.min > 0)
    };
    let demanded =
        (0_u32..).zip(children).filter(|(_, number)| is_demanded(number)).map(|(at, _)| at).collect();
    Members::new(children.to_vec(), demanded, names)
}

fn slicing(
    number: usize,
    slices: &[u32],
    structure: &Structure,
    tree: &Tree,
    plans: &Plans,
) -> Option<Slicing> {
    let element = &structure.snapshot[number];
    if slices.is_empty() && element.slicing.as_ref().is_none_or(|slicing| slicing.rules == "open") {
        return None;
    }
    let definition = element.slicing.clone().unwrap_or_default();
    let slices = slices.iter().map(|own| {
        let slice = &structure.snapshot[*own as usize];
        Slice {
            name: slice.slice_name.as_deref().unwrap_or_default().into(),
            check: *own,
            min: slice.min.unwrap_or(0),
            max: Max::times(slice.max),
            tests: tests_of(&definition.discriminators, *own as usize, structure, tree, plans),
        }
    });
    Some(Slicing {
        slices: slices.collect(),
        ordered: definition.ordered,
        is_closed: definition.rules == "closed",
        open_at_end: definition.rules == "openAtEnd",
    })
}
