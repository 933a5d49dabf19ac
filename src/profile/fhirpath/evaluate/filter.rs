//! Filtering, projection, sorting, choice and aggregates (FHIRPath 2.0.0, §5.2, §5.5.1, §7).

use std::cmp::Ordering;

use super::super::equality::order;
use super::super::fault::Fault;
use super::super::function::Function;
use super::super::sameness::Set;
use super::super::tree::{Expr, ExprId, Operator};
use super::super::value::{Collection, Item, Value, one};
use super::{Arguments, Evaluator, Outcome, Scope, single};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn filter(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        let defined = self.defined.len();
        let outcome = match (function, arguments) {
            (Function::Where, [criterion]) => self.where_true(*criterion, input, scope),
            (Function::Select, [projection]) => self.select(*projection, input, scope),
            (Function::Repeat, [projection]) => self.repeat(*projection, input, scope, true),
            (Function::RepeatAll, [projection]) => self.repeat(*projection, input, scope, false),
            (Function::Sort, keys) => self.sort(keys, input, scope),
            (Function::Iif, _) => self.iif(arguments, input, scope),
            (Function::Aggregate, _) => self.aggregate(arguments, input, scope),
            (Function::Sum | Function::Avg | Function::Min | Function::Max, _) => self.total(function, input),
            (_, choices) => {
                for choice in choices {
                    let found = self.argument(*choice, &own(input, scope))?;
                    if !found.is_empty() {
                        return Ok(found);
                    }
                }
                Ok(Collection::new())
            }
        };
        self.defined.truncate(defined);
        outcome
    }

    fn where_true(&mut self, criterion: ExprId, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let defined = self.defined.len();
        let mut kept = Collection::new();
        for (index, item) in input.iter().enumerate() {
            if self.truth(criterion, &scope.item(item, index))? == Some(true) {
                kept.push(item.clone());
            }
            self.defined.truncate(defined);
        }
        Ok(kept)
    }

    fn select(&mut self, projection: ExprId, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let defined = self.defined.len();
        let mut whole = Collection::new();
        for (index, item) in input.iter().enumerate() {
            whole.extend(self.eval(projection, &scope.item(item, index))?);
            self.defined.truncate(defined);
            self.meter.check(whole.len())?;
        }
        Ok(whole)
    }

    /// Projects again and again what was found, until nothing new comes (§5.2.3). With `once`, equal items count once.
    fn repeat(
        &mut self,
        projection: ExprId,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
        once: bool,
    ) -> Outcome<'d> {
        let mut whole = Collection::new();
        let mut queue: Collection<'d> = input.iter().cloned().collect();
        while !queue.is_empty() {
            let found = self.select(projection, &queue, scope)?;
            self.meter.charge(found.len() + 1)?;
            if !once {
                whole.extend(found.iter().cloned());
                self.meter.check(whole.len())?;
                queue = found;
                continue;
            }
            let mut new = Collection::new();
            {
                let mut set = Set::of(&whole, &mut self.meter)?;
                for item in &found {
                    if set.insert(item, &mut self.meter)? {
                        new.push(item.clone());
                    }
                }
            }
            whole.extend(new.iter().cloned());
            self.meter.check(whole.len())?;
            queue = new;
        }
        Ok(whole)
    }

    /// `iif()` looks only at the branch it takes; its criterion must be a Boolean (§5.5.1).
    fn iif(&mut self, arguments: Arguments<'d>, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        single(input)?;
        let inner = own(input, scope);
        let [criterion, then, other @ ..] = arguments else { return Ok(Collection::new()) };
        let answer = self.argument(*criterion, &inner)?;
        let holds = match single(&answer)?.map(Item::value) {
            None => false,
            Some(Some(Value::Boolean(value))) => value,
            Some(_) => return Err(Fault::semantic(usize::MAX, "The criterion of iif() must be a Boolean.")),
        };
        match (holds, other.first()) {
            (true, _) => self.argument(*then, &inner),
            (false, Some(other)) => self.argument(*other, &inner),
            (false, None) => Ok(Collection::new()),
        }
    }

    fn aggregate(
        &mut self,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        let [aggregator, start @ ..] = arguments else { return Ok(Collection::new()) };
        let mut total = match start.first() {
            Some(start) => self.argument(*start, scope)?,
            None => Collection::new(),
        };
        for (index, item) in input.iter().enumerate() {
            let inner = Scope { total: Some(&total), ..scope.item(item, index) };
            let next = self.argument(*aggregator, &inner)?;
            self.meter.check(next.len())?;
            total = next;
        }
        Ok(total)
    }

    /// `sum()`, `avg()`, `min()`, `max()` (§7, trial use).
    fn total(&mut self, function: Function, input: &[Item<'d>]) -> Outcome<'d> {
        let Some((first, rest)) = input.split_first() else { return Ok(Collection::new()) };
        let mut whole = one(first.clone());
        for item in rest {
            self.meter.charge(1)?;
            if matches!(function, Function::Sum | Function::Avg) {
                whole = self.arithmetic(Operator::Add, &whole, &one(item.clone()))?;
                continue;
            }
            let Some(best) = whole.first() else { break };
            let wanted = if function == Function::Min { Ordering::Less } else { Ordering::Greater };
            if order(item, best)? == Some(wanted) {
                whole = one(item.clone());
            }
        }
        if function == Function::Avg {
            let count = Value::Integer(i32::try_from(input.len()).unwrap_or(i32::MAX));
            return self.arithmetic(Operator::Divide, &whole, &one(count));
        }
        Ok(whole)
    }

    /// Items in the order of their keys; items without a key come first (§ sort, trial use). A key with `-` before it,
    /// as the function was first spelled, descends but keeps those first.
    fn sort(&mut self, keys: Arguments<'d>, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let mut rows = Vec::with_capacity(input.len());
        for (index, item) in input.iter().enumerate() {
            let mut row = vec![];
            for key in keys {
                let key = match self.tree.get(*key) {
                    Expr::Negate(inner) => *inner,
                    _ => *key,
                };
                let value = self.argument(key, &scope.item(item, index))?;
                row.push(single(&value)?.cloned());
            }
            if keys.is_empty() {
                row.push(Some(item.clone()));
            }
            rows.push((row, item));
        }
        self.meter.charge(rows.len() * 20)?;
        let mut fault = None;
        rows.sort_by(|(left, _), (right, _)| {
            for (place, (left, right)) in left.iter().zip(right).enumerate() {
                let way = keys.get(place).map(|key| self.tree.get(*key));
                let found = match (left, right) {
                    (Some(left), Some(right)) => match order(left, right) {
                        Ok(found) => found.unwrap_or(Ordering::Equal),
                        Err(wrong) => {
                            fault = Some(wrong);
                            Ordering::Equal
                        }
                    },
                    (left, right) => {
                        let found = left.is_some().cmp(&right.is_some());
                        if matches!(way, Some(Expr::Negate(_))) { found.reverse() } else { found }
                    }
                };
                let found = match way {
                    Some(Expr::Negate(_) | Expr::Order(_, true)) => found.reverse(),
                    _ => found,
                };
                if found.is_ne() {
                    return found;
                }
            }
            Ordering::Equal
        });
        fault.map_or_else(|| Ok(rows.into_iter().map(|(_, item)| item.clone()).collect()), Err)
    }
}

/// Where arguments are about the input itself: it is `$this`, and at the beginning of an expression it is anyhow.
fn own<'s, 'd>(input: &'s [Item<'d>], scope: &Scope<'s, 'd>) -> Scope<'s, 'd> {
    Scope { this: input, ..*scope }
}
