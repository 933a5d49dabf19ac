//! Walks an expression's tree over a focus (FHIRPath 2.0.0, §4 and §5).

mod arithmetic;
mod convert;
mod existence;
mod fhir;
mod filter;
mod maths;
mod operator;
mod singleton;
mod strings;
mod subset;
mod type_test;
mod utility;

pub(super) use type_test::SYSTEM;

use regex::Regex;

use singleton::{integer, single, string, truth};

use super::expression::Environment;
use super::fault::Fault;
use super::function::{Function, Room};
use super::limits::Meter;
use super::tree::{Expr, ExprId, Tree};
use super::value::{Collection, Item, Value, maybe, one};

/// What every step of an evaluation gives.
type Outcome<'d> = Result<Collection<'d>, Fault>;

/// What `$this`, `$index` and `$total` are.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'd> {
    this: &'s [Item<'d>],
    index: Option<usize>,
    total: Option<&'s [Item<'d>]>,
}

impl<'s, 'd> Scope<'s, 'd> {
    /// The scope of a whole expression.
    pub(super) fn root(focus: &'s [Item<'d>]) -> Self {
        Self { this: focus, index: None, total: None }
    }

    /// The scope of one item in a function that looks at each.
    fn item(&self, item: &'s Item<'d>, index: usize) -> Self {
        Self { this: std::slice::from_ref(item), index: Some(index), total: self.total }
    }
}

/// One evaluation.
pub(super) struct Evaluator<'e, 'd> {
    tree: &'d Tree,
    environment: &'e Environment<'d>,
    focus: &'e [Item<'d>],
    meter: Meter,
    /// What `defineVariable()` defined and is still in scope.
    defined: Vec<(String, Collection<'d>)>,
    /// The last pattern that was computed.
    pattern: Option<(String, Regex)>,
}

/// The arguments of a call.
type Arguments<'d> = &'d [ExprId];

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn new(tree: &'d Tree, environment: &'e Environment<'d>, focus: &'e [Item<'d>]) -> Self {
        let meter = Meter::new(environment.limits);
        Self { tree, environment, focus, meter, defined: vec![], pattern: None }
    }

    /// What an expression gives in a scope.
    pub(super) fn eval(&mut self, id: ExprId, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        match self.tree.get(id) {
            Expr::Nothing => Ok(Collection::new()),
            Expr::Literal(value) => Ok(one(value.borrow())),
            Expr::This => Ok(scope.this.iter().cloned().collect()),
            Expr::Index => {
                Ok(maybe(scope.index.and_then(|index| i32::try_from(index).ok()).map(Value::Integer)))
            }
            Expr::Total => Ok(scope.total.unwrap_or_default().iter().cloned().collect()),
            Expr::Variable(name) => self.variable(name).map_err(|fault| fault.place(self.tree.place(id))),
            Expr::Step(left, right) => match (self.tree.get(*left), self.tree.get(*right)) {
                // Half of ele-1, which is asked of every element.
                (Expr::Call(Function::Children, _), Expr::Call(Function::Count, _)) => {
                    self.count_children(scope.this)
                }
                _ => {
                    let input = self.eval(*left, scope)?;
                    self.apply(*right, &input, scope)
                }
            },
            Expr::Name(name) => self.start(name, scope.this),
            Expr::Call(..) | Expr::Type(..) => self.apply(id, scope.this, scope),
            Expr::At(left, index) => self.at(*left, *index, scope),
            Expr::Negate(inner) | Expr::Keep(inner) => {
                let negative = matches!(self.tree.get(id), Expr::Negate(_));
                self.signed(*inner, negative, scope).map_err(|fault| fault.place(self.tree.place(id)))
            }
            Expr::Order(inner, _) => self.eval(*inner, scope),
            Expr::Binary(operator, left, right) => {
                self.binary(*operator, *left, *right, scope).map_err(|fault| fault.place(self.tree.place(id)))
            }
        }
    }

    /// What stands behind a dot, on what stands before it.
    fn apply(&mut self, id: ExprId, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        self.meter.charge(1)?;
        let outcome = match self.tree.get(id) {
            Expr::Name(name) => self.name(name, input),
            Expr::Call(function, arguments) => self.call(id, *function, arguments, input, scope),
            Expr::Type(question, name) => self.type_question(*question, name, input),
            _ => self.eval(id, scope),
        };
        outcome.map_err(|fault| fault.place(self.tree.place(id)))
    }

    /// A name at the beginning of a path: the type of the focus, or an element of it (§5.1 path selection).
    fn start(&mut self, name: &str, input: &[Item<'d>]) -> Outcome<'d> {
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            let model = self.environment.model;
            let fits = |item: &&Item<'d>| matches!(item, Item::Node(node) if model.is_subtype(node.type_name(), name));
            let found: Collection<'d> = input.iter().filter(fits).cloned().collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.name(name, input)
    }

    fn name(&mut self, name: &str, input: &[Item<'d>]) -> Outcome<'d> {
        let mut found = Collection::new();
        for item in input {
            match item {
                Item::Node(node) => node.step(name, self.environment.model, &mut self.meter, &mut found)?,
                Item::Value(Value::Type(namespace, own)) => match name {
                    "namespace" => found.push(Value::String((*namespace).into()).into()),
                    "name" => found.push(Value::String(own.clone()).into()),
                    _ => {}
                },
                Item::Value(_) => {}
            }
        }
        self.meter.check(found.len())?;
        Ok(found)
    }

    /// `left[index]` (§5.3.1)
    fn at(&mut self, left: ExprId, index: ExprId, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let items = self.eval(left, scope)?;
        let index = self.argument(index, scope)?;
        match integer(&index)? {
            Some(index) => Ok(maybe(usize::try_from(index).ok().and_then(|at| items.get(at)).cloned())),
            None => Ok(Collection::new()),
        }
    }

    /// An argument is evaluated where the call stands, and what it defines ends with it.
    fn argument(&mut self, id: ExprId, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let defined = self.defined.len();
        let outcome = self.eval(id, scope);
        self.defined.truncate(defined);
        outcome
    }

    /// What an expression says as a truth (§4.5 singleton evaluation): of one item that is no Boolean, that it is there.
    pub(super) fn truth(&mut self, id: ExprId, scope: &Scope<'_, 'd>) -> Result<Option<bool>, Fault> {
        let place = |fault: Fault| fault.place(self.tree.place(id));
        match self.tree.get(id) {
            Expr::Binary(operator, left, right) if operator.is_logic() => {
                self.logic(*operator, *left, *right, scope)
            }
            Expr::Step(left, right) => match self.tree.get(*right) {
                Expr::Call(Function::Empty, _) => Ok(Some(self.eval(*left, scope)?.is_empty())),
                Expr::Call(Function::Exists, arguments) if arguments.is_empty() => {
                    Ok(Some(!self.eval(*left, scope)?.is_empty()))
                }
                _ => truth(&self.eval(id, scope)?).map_err(place),
            },
            _ => truth(&self.eval(id, scope)?).map_err(place),
        }
    }

    fn call(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        self.meter.charge(input.len() / 16 + 1)?;
        match function.room() {
            Room::Existence => self.existence(function, arguments, input, scope),
            Room::Filter => self.filter(function, arguments, input, scope),
            Room::Subset => self.subset(function, arguments, input, scope),
            Room::Convert => self.convert(function, arguments, input, scope),
            Room::Strings => self.strings(id, function, arguments, input, scope),
            Room::Maths => self.maths(function, arguments, input, scope),
            Room::Utility => self.utility(function, arguments, input, scope),
            Room::Part => utility::part(function, input),
            Room::Types => Ok(self.type_infos(input)),
            Room::Fhir => self.fhir(function, arguments, input, scope),
        }
    }
}
