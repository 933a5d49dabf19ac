//! Functions that say whether something is there (FHIRPath 2.0.0, §5.1), and `not()`.

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::sameness::Set;
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, truth};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn existence(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        let answer = match function {
            F::Empty => input.is_empty(),
            F::Exists => match arguments {
                [criterion] => self.find(input, scope, *criterion, |truth| truth == Some(true))?,
                _ => !input.is_empty(),
            },
            F::All => match arguments {
                [criterion] => !self.find(input, scope, *criterion, |truth| truth != Some(true))?,
                _ => true,
            },
            F::AllTrue => !any(input, false)?,
            F::AnyTrue => any(input, true)?,
            F::AllFalse => !any(input, true)?,
            F::AnyFalse => any(input, false)?,
            F::SubsetOf => {
                let other = self.first_argument(arguments, scope)?;
                self.is_subset(input, &other)?
            }
            F::SupersetOf => {
                let other = self.first_argument(arguments, scope)?;
                self.is_subset(&other, input)?
            }
            F::IsDistinct => {
                let mut set = Set::default();
                for item in input {
                    if !set.insert(item, &mut self.meter)? {
                        return Ok(one(false));
                    }
                }
                true
            }
            F::Distinct => return self.union(&input.iter().cloned().collect(), &Collection::new()),
            F::Not => return Ok(maybe(truth(input)?.map(|value| !value))),
            _ => return Ok(one(Value::Integer(i32::try_from(input.len()).unwrap_or(i32::MAX)))),
        };
        Ok(one(answer))
    }

    /// Whether there is an item of whose criterion `wanted` holds.
    fn find(
        &mut self,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
        criterion: super::ExprId,
        wanted: impl Fn(Option<bool>) -> bool,
    ) -> Result<bool, Fault> {
        let defined = self.defined.len();
        for (index, item) in input.iter().enumerate() {
            let answer = self.truth(criterion, &scope.item(item, index));
            self.defined.truncate(defined);
            if wanted(answer?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn first_argument(&mut self, arguments: Arguments<'d>, scope: &Scope<'_, 'd>) -> Outcome<'d> {
        match arguments.first() {
            Some(argument) => self.argument(*argument, scope),
            None => Ok(Collection::new()),
        }
    }

    fn is_subset(&mut self, small: &[Item<'d>], large: &[Item<'d>]) -> Result<bool, Fault> {
        let set = Set::of(large, &mut self.meter)?;
        for item in small {
            if !set.contains(item, &mut self.meter)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a Boolean of that value is among the items, which must all be Booleans.
fn any(input: &[Item<'_>], wanted: bool) -> Result<bool, Fault> {
    let mut found = false;
    for item in input {
        match item.value() {
            Some(Value::Boolean(value)) => found |= value == wanted,
            _ => return Err(Fault::execution("Only Booleans are expected here.")),
        }
    }
    Ok(found)
}
