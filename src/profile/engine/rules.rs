//! Rules in FHIRPath, as the validator asks them.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

use crate::json::document::{Document, Id};
use crate::profile::definitions::{DefinitionError, Definitions};
use crate::profile::fhirpath::{Environment, Expression, Host, Item, LazyTypes, Model, Node, Temporal};
use crate::profile::needs::{self, Conforms, Focus, Membership, Rule, Rules};

/// What tells the time.
pub type Clock = fn() -> DateTime<Utc>;

/// FHIRPath over a set of definitions.
#[derive(Debug)]
pub struct Engine(Arc<Ground>);

/// What all rules share.
#[derive(Debug)]
struct Ground {
    types: LazyTypes,
    definitions: Arc<Definitions>,
    clock: Clock,
}

impl Engine {
    /// An engine for the types of these definitions.
    pub fn new(definitions: Arc<Definitions>, clock: Clock) -> Result<Self, DefinitionError> {
        let types = types(&definitions)?;
        Ok(Self(Arc::new(Ground { types, definitions, clock })))
    }
}

/// The types that these definitions define, each read when it is first asked for.
pub fn types(definitions: &Arc<Definitions>) -> Result<LazyTypes, DefinitionError> {
    let names = definitions.types()?;
    let names = names.iter().map(|one| (one.name.as_str(), one.url.as_str()));
    let source = Arc::clone(definitions);
    // A type that is broken has no plan either, so that whatever has it is an error before any rule is asked.
    Ok(LazyTypes::new(names, move |url| source.structure(url).ok()))
}

impl Rules for Engine {
    fn compile(&self, expression: &str) -> Result<Box<dyn Rule>, String> {
        let expression = Expression::parse(expression).map_err(|fault| fault.to_string())?;
        Ok(Box::new(Compiled { expression, ground: Arc::clone(&self.0) }))
    }

    fn misnamed(&self, expression: &str, path: &str) -> Vec<String> {
        let (Ok(expression), types) = (Expression::parse(expression), &self.0.types) else { return vec![] };
        let mut faults: Option<Vec<String>> = None;
        for kind in types_at(types, path) {
            let found = expression.check(types, &[&kind]);
            // What one type of a choice has, a rule may name for all of them.
            if found.is_empty() {
                return vec![];
            }
            faults.get_or_insert_with(|| found.iter().map(ToString::to_string).collect());
        }
        faults.unwrap_or_default()
    }

    fn misnamed_in_all(&self, expression: &str, kinds: &[&str]) -> Vec<String> {
        let Ok(expression) = Expression::parse(expression) else { return vec![] };
        expression.check(&self.0.types, kinds).iter().map(ToString::to_string).collect()
    }

    fn now(&self) -> Option<DateTime<FixedOffset>> {
        Some((self.0.clock)().fixed_offset())
    }
}

/// The types of the element at a path, such as `Patient.contact.name`.
fn types_at(types: &LazyTypes, path: &str) -> Vec<Box<str>> {
    let mut steps = path.split('.');
    let mut at: Vec<Box<str>> = steps.next().map(Box::from).into_iter().collect();
    for step in steps {
        let elements = at.iter().filter_map(|kind| types.element(kind, step.trim_end_matches("[x]")));
        at = elements.flat_map(|element| element.types.iter().cloned()).collect();
    }
    at
}

struct Compiled {
    expression: Expression,
    ground: Arc<Ground>,
}

impl Rule for Compiled {
    fn holds(&self, focus: &Focus<'_, '_>) -> Result<bool, String> {
        let document = focus.document;
        let resource = |id| Node::new(document, Some(id), None, "Resource");
        let world = World { ground: &self.ground, conforms: focus.conforms };
        let environment = Environment {
            host: &world,
            now: Temporal::at((self.ground.clock)().fixed_offset()),
            resource: Some(resource(focus.resource)),
            root_resource: Some(resource(focus.root)),
            ..Environment::new(&self.ground.types)
        };
        let node = Node::new(document, Some(focus.node), focus.twin, focus.type_name);
        self.expression.holds(node, &environment).map_err(|fault| fault.to_string())
    }
}

/// The document around the focus, and the terminology.
struct World<'g> {
    ground: &'g Ground,
    conforms: &'g Conforms<'g>,
}

impl Host for World<'_> {
    fn conforms_to(&self, node: &Node<'_>, profile: &str) -> Option<bool> {
        (self.conforms)(node.id()?, profile)
    }

    fn resolve<'d>(&'d self, reference: &str, from: &Node<'d>) -> Option<Node<'d>> {
        let document = from.document();
        let found = in_bundle(document, reference)?;
        Some(Node::new(document, Some(found), None, "Resource"))
    }

    fn member_of(&self, item: &Item<'_>, value_set: &str) -> Option<bool> {
        let Item::Node(node) = item else { return None };
        let (document, id) = (node.document(), node.id()?);
        let member = |system: Option<&str>, code: &str| match needs::Definitions::member(
            &*self.ground.definitions,
            value_set,
            system,
            code,
        ) {
            Membership::In => Some(true),
            Membership::NotIn => Some(false),
            _ => None,
        };
        if document.is_string(id) {
            return member(None, &document.text(id));
        }
        let of = |coding: Id| {
            let code = document.child(coding, "code")?;
            let system = document.child(coding, "system").map(|one| document.text(one));
            member(Some(system.as_deref().unwrap_or_default()), &document.text(code))
        };
        let Some(codings) = document.child(id, "coding") else { return of(id) };
        let answers: Vec<_> = document.children(codings).map(of).collect();
        if answers.contains(&Some(true)) {
            return Some(true);
        }
        answers.iter().all(Option::is_some).then_some(false)
    }
}

/// The resource of the Bundle's entry that a reference means: by `fullUrl`, or by the end of one for `Type/id`.
fn in_bundle(document: &Document<'_>, reference: &str) -> Option<Id> {
    let entries = document.child(document.root(), "entry")?;
    let reference = reference.split("/_history/").next().unwrap_or(reference);
    let is_absolute = reference.contains(':');
    document.children(entries).find_map(|entry| {
        let full_url = document.child(entry, "fullUrl").map(|url| document.text(url))?;
        let ends = || full_url.strip_suffix(reference).is_some_and(|start| start.ends_with('/'));
        let is_it = full_url == reference || (!is_absolute && ends());
        if is_it { document.child(entry, "resource") } else { None }
    })
}
