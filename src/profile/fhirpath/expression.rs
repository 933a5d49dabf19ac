//! An expression, and what it is evaluated in.

use super::check;
use super::evaluate::{Evaluator, Scope};
use super::fault::Fault;
use super::host::{Alone, Host};
use super::limits::Limits;
use super::model::{Model, NoModel};
use super::node::Node;
use super::parser;
use super::temporal::{Shape, Temporal};
use super::tree::Tree;
use super::value::{Collection, Item};

/// A parsed expression.
#[derive(Debug)]
pub struct Expression {
    text: Box<str>,
    tree: Tree,
}

/// What an expression is evaluated in, but for its focus. Everything may be left at its default.
pub struct Environment<'d> {
    /// The types.
    pub model: &'d dyn Model,
    /// What answers `resolve()` and the like.
    pub host: &'d dyn Host,
    /// What `now()` says; `today()` and `timeOfDay()` are its parts. The year 1 until given.
    pub now: Temporal,
    /// `%resource`: the resource that holds the focus. The focus itself when not given.
    pub resource: Option<Node<'d>>,
    /// `%rootResource`: the resource that contains `%resource`. `%resource` when not given.
    pub root_resource: Option<Node<'d>>,
    /// Further variables by name, without `%`.
    pub variables: Vec<(&'d str, Collection<'d>)>,
    /// How much may be done.
    pub limits: Limits,
}

impl Default for Environment<'_> {
    fn default() -> Self {
        Self {
            model: &NoModel,
            host: &Alone,
            now: Temporal::start(Shape::DateTime),
            resource: None,
            root_resource: None,
            variables: vec![],
            limits: Limits::default(),
        }
    }
}

impl<'d> Environment<'d> {
    /// An environment with these types.
    pub fn new(model: &'d dyn Model) -> Self {
        Self { model, ..Self::default() }
    }
}

impl Expression {
    /// Parses an expression. Functions, their arguments' number and literal patterns are checked; names of elements are
    /// not, see [`check`](Self::check).
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(Self { text: text.into(), tree: parser::parse(text)? })
    }

    /// The text it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every element and type that it names exists, beginning at an element of any of these types (§10, strict
    /// evaluation): each that does not is named.
    pub fn check(&self, model: &dyn Model, type_names: &[&str]) -> Vec<Fault> {
        check::check(&self.tree, model, type_names)
    }

    /// Evaluates it on a focus.
    pub fn evaluate<'d>(
        &'d self,
        focus: Node<'d>,
        environment: &Environment<'d>,
    ) -> Result<Collection<'d>, Fault> {
        self.evaluate_on(&[Item::Node(focus)], environment)
    }

    /// Evaluates it on any collection.
    pub fn evaluate_on<'d>(
        &'d self,
        focus: &[Item<'d>],
        environment: &Environment<'d>,
    ) -> Result<Collection<'d>, Fault> {
        let Some(root) = self.tree.root else { return Ok(Collection::new()) };
        let mut evaluator = Evaluator::new(&self.tree, environment, focus);
        evaluator.eval(root, &Scope::root(focus))
    }

    /// Whether an invariant holds on a focus (§5.1 of ElementDefinition's constraints): it does unless it gives `false`, or
    /// nothing at all where there should be a truth.
    pub fn holds<'d>(&'d self, focus: Node<'d>, environment: &Environment<'d>) -> Result<bool, Fault> {
        let Some(root) = self.tree.root else { return Ok(true) };
        let focus = [Item::Node(focus)];
        let mut evaluator = Evaluator::new(&self.tree, environment, &focus);
        Ok(evaluator.truth(root, &Scope::root(&focus))?.unwrap_or(false))
    }
}
