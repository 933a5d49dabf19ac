//! Strict evaluation's promise without evaluating: every name in an expression is one that the types have
//! (FHIRPath 2.0.0, §10.1 Type Safety and Strict Evaluation).
//!
//! Where an expression's type cannot be known beforehand, nothing is said of what follows it.

use super::fault::Fault;
use super::function::Function;
use super::model::Model;
use super::tree::{Expr, ExprId, Operator, Tree, TypeName, TypeQuestion};

/// The types that something may have; `None` when unknown.
type Kinds = Option<Vec<Box<str>>>;

pub(super) fn check(tree: &Tree, model: &dyn Model, type_names: &[&str]) -> Vec<Fault> {
    let mut checker = Checker { tree, model, faults: vec![] };
    if let Some(root) = tree.root {
        checker.infer(root, &Some(type_names.iter().map(|name| (*name).into()).collect()));
    }
    checker.faults
}

struct Checker<'c> {
    tree: &'c Tree,
    model: &'c dyn Model,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn infer(&mut self, id: ExprId, this: &Kinds) -> Kinds {
        match self.tree.get(id) {
            Expr::This => this.clone(),
            Expr::Step(left, right) => {
                let input = self.infer(*left, this);
                self.apply(*right, &input, this)
            }
            Expr::Name(name) => match this {
                Some(kinds) => {
                    let of_it = kinds.iter().filter(|kind| self.model.is_subtype(kind, name));
                    let of_it: Vec<Box<str>> = of_it.cloned().collect();
                    if of_it.is_empty() { self.apply(id, this, this) } else { Some(of_it) }
                }
                None => self.apply(id, this, this),
            },
            Expr::Call(..) | Expr::Type(..) => self.apply(id, this, this),
            Expr::At(left, index) => {
                self.infer(*index, this);
                self.infer(*left, this)
            }
            Expr::Negate(inner) | Expr::Keep(inner) | Expr::Order(inner, _) => {
                self.infer(*inner, this);
                None
            }
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.infer(*left, this), self.infer(*right, this));
                match (operator, left, right) {
                    (Operator::Union, Some(mut left), Some(right)) => {
                        left.extend(right);
                        Some(left)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn apply(&mut self, id: ExprId, input: &Kinds, this: &Kinds) -> Kinds {
        match self.tree.get(id) {
            Expr::Name(name) => self.element(id, name, input.as_ref()?),
            Expr::Type(question, name) => self.type_question(id, *question, name),
            Expr::Call(function, arguments) => self.call(*function, arguments, input, this),
            _ => self.infer(id, this),
        }
    }

    fn element(&mut self, id: ExprId, name: &str, kinds: &[Box<str>]) -> Kinds {
        let mut found = vec![];
        let mut known = true;
        for kind in kinds {
            match self.model.element(kind, name) {
                Some(element) => found.extend(element.types.iter().cloned()),
                // The resource may be of any kind.
                None if matches!(&**kind, "Resource" | "DomainResource") => known = false,
                None if !self.model.is_type(kind) => known = false,
                None => {}
            }
        }
        if found.is_empty() && known && !kinds.is_empty() {
            let kinds = kinds.iter().map(|kind| &**kind).collect::<Vec<_>>().join(" or ");
            let at = self.tree.place(id) as usize;
            self.faults.push(Fault::semantic(at, format!("{kinds} has no element '{name}'.")));
            return None;
        }
        known.then_some(found)
    }

    fn type_question(&mut self, id: ExprId, question: TypeQuestion, name: &TypeName) -> Kinds {
        let is_system = super::evaluate::SYSTEM.contains(&&*name.name);
        if !is_system && !self.model.is_open() && !self.model.is_type(&name.name) {
            let at = self.tree.place(id) as usize;
            self.faults.push(Fault::semantic(at, format!("There is no type '{}'.", name.name)));
            return None;
        }
        (question != TypeQuestion::Is && !is_system).then(|| vec![name.name.clone()])
    }

    fn call(&mut self, function: Function, arguments: &[ExprId], input: &Kinds, this: &Kinds) -> Kinds {
        use Function as F;
        // Functions that look at each item evaluate their arguments on it.
        let scoped = matches!(
            function,
            F::Where
                | F::Select
                | F::All
                | F::Exists
                | F::Repeat
                | F::RepeatAll
                | F::Iif
                | F::Sort
                | F::Coalesce
                | F::Aggregate
        );
        let inner = if scoped { input } else { this };
        // What repeats is evaluated on its own results too, of which nothing is known yet.
        let unknown = None;
        let inner = if matches!(function, F::Repeat | F::RepeatAll) { &unknown } else { inner };
        let kinds: Vec<Kinds> = arguments.iter().map(|argument| self.infer(*argument, inner)).collect();
        match function {
            F::Where
            | F::First
            | F::Last
            | F::Tail
            | F::Skip
            | F::Take
            | F::Single
            | F::Distinct
            | F::Trace
            | F::Exclude
            | F::Intersect
            | F::Sort => input.clone(),
            F::Select => kinds.into_iter().next().flatten(),
            F::Extension => Some(vec!["Extension".into()]),
            _ => None,
        }
    }
}
