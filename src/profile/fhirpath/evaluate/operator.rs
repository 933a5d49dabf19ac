//! Operators: logic, comparison, membership, union (FHIRPath 2.0.0, §6).

use std::cmp::Ordering;

use super::super::equality::{equal_lists, equivalent_lists, order};
use super::super::fault::Fault;
use super::super::sameness::Set;
use super::super::tree::{ExprId, Operator};
use super::super::value::{Collection, Value, maybe, one};
use super::{Evaluator, Outcome, Scope, single};

impl Operator {
    /// Whether it combines truths.
    pub(in crate::profile::fhirpath) fn is_logic(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Xor | Self::Implies)
    }
}

impl<'d> Evaluator<'_, 'd> {
    /// Three-valued logic (§6.5), which looks at the right side only where it matters.
    pub(super) fn logic(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        scope: &Scope<'_, 'd>,
    ) -> Result<Option<bool>, Fault> {
        self.meter.charge(1)?;
        let defined = self.defined.len();
        let one = self.truth(left, scope)?;
        self.defined.truncate(defined);
        match (operator, one) {
            (Operator::And, Some(false)) => return Ok(Some(false)),
            (Operator::Or, Some(true)) | (Operator::Implies, Some(false)) => return Ok(Some(true)),
            (Operator::Xor, None) => return Ok(None),
            _ => {}
        }
        let other = self.truth(right, scope)?;
        self.defined.truncate(defined);
        Ok(match operator {
            Operator::And => match (one, other) {
                (_, Some(false)) => Some(false),
                (Some(true), other) => other,
                _ => None,
            },
            Operator::Or => match (one, other) {
                (_, Some(true)) => Some(true),
                (Some(false), other) => other,
                _ => None,
            },
            Operator::Implies => match (one, other) {
                (Some(true), other) => other,
                (_, Some(true)) => Some(true),
                _ => None,
            },
            _ => one.zip(other).map(|(one, other)| one != other),
        })
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        if operator.is_logic() {
            return Ok(maybe(self.logic(operator, left, right, scope)?));
        }
        self.meter.charge(1)?;
        let left = self.argument(left, scope)?;
        let right = self.argument(right, scope)?;
        use Operator as O;
        match operator {
            O::Equal => Ok(maybe(equal_lists(&left, &right, &mut self.meter)?)),
            O::NotEqual => Ok(maybe(equal_lists(&left, &right, &mut self.meter)?.map(|equal| !equal))),
            O::Equivalent => Ok(one(equivalent_lists(&left, &right, &mut self.meter)?)),
            O::NotEquivalent => Ok(one(!equivalent_lists(&left, &right, &mut self.meter)?)),
            O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual => compare(operator, &left, &right),
            O::Union => self.union(&left, &right),
            O::In => self.membership(&left, &right),
            O::Contains => self.membership(&right, &left),
            _ => self.arithmetic(operator, &left, &right),
        }
    }

    /// Whether the one item is among the others (§6.4.2, §6.4.3).
    fn membership(&mut self, one: &Collection<'d>, list: &Collection<'d>) -> Outcome<'d> {
        let Some(item) = single(one)? else { return Ok(Collection::new()) };
        for other in list {
            if equal_lists(std::slice::from_ref(item), std::slice::from_ref(other), &mut self.meter)?
                == Some(true)
            {
                return Ok(super::one(true));
            }
        }
        Ok(super::one(false))
    }

    /// All items of both, each once (§5.4.1).
    pub(super) fn union(&mut self, left: &Collection<'d>, right: &Collection<'d>) -> Outcome<'d> {
        let mut set = Set::default();
        let mut whole = Collection::new();
        for item in left.iter().chain(right) {
            if set.insert(item, &mut self.meter)? {
                whole.push(item.clone());
            }
        }
        self.meter.check(whole.len())?;
        Ok(whole)
    }

    /// `-x` and `+x` (§6.6)
    pub(super) fn signed(&mut self, inner: ExprId, negative: bool, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let items = self.eval(inner, scope)?;
        let Some(item) = single(&items)? else { return Ok(Collection::new()) };
        match (item.value(), negative) {
            (Some(Value::Integer(number)), true) => Ok(maybe(number.checked_neg().map(Value::Integer))),
            (Some(Value::Decimal(number)), true) => Ok(one(Value::Decimal(-number))),
            (Some(value @ (Value::Integer(_) | Value::Decimal(_))), false) => Ok(one(value)),
            _ => match item.quantity() {
                Some(mut quantity) => {
                    quantity.value = if negative { -quantity.value } else { quantity.value };
                    Ok(one(quantity))
                }
                None => Err(Fault::execution("Only numbers and quantities have a sign.")),
            },
        }
    }
}

fn compare<'d>(operator: Operator, left: &Collection<'d>, right: &Collection<'d>) -> Outcome<'d> {
    let (Some(left), Some(right)) = (single(left)?, single(right)?) else { return Ok(Collection::new()) };
    let answer = order(left, right)?.map(|order| match operator {
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    });
    Ok(maybe(answer))
}
