//! Parts of collections, and collections put together (FHIRPath 2.0.0, §5.3, §5.4).

use super::super::function::Function;
use super::super::sameness::Set;
use super::super::value::{Collection, Item, maybe};
use super::{Arguments, Evaluator, Outcome, Scope, integer, single};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn subset(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        let all = |items: &[Item<'d>]| -> Collection<'d> { items.iter().cloned().collect() };
        Ok(match function {
            F::Single => maybe(single(input)?.cloned()),
            F::First => maybe(input.first().cloned()),
            F::Last => maybe(input.last().cloned()),
            F::Tail => all(input.get(1..).unwrap_or_default()),
            F::Skip | F::Take => {
                let count = self.first_argument(arguments, scope)?;
                let Some(count) = integer(&count)? else { return Ok(Collection::new()) };
                let at = usize::try_from(count.max(0)).unwrap_or(0).min(input.len());
                let (taken, rest) = input.split_at(at);
                all(if function == F::Skip { rest } else { taken })
            }
            F::Union => {
                let other = self.first_argument(arguments, scope)?;
                return self.union(&all(input), &other);
            }
            F::Combine => {
                let mut whole = all(input);
                whole.extend(self.first_argument(arguments, scope)?);
                self.meter.check(whole.len())?;
                whole
            }
            _ => {
                let other = self.first_argument(arguments, scope)?;
                let set = Set::of(&other, &mut self.meter)?;
                let mut seen = Set::default();
                let mut kept = Collection::new();
                for item in input {
                    let known = set.contains(item, &mut self.meter)?;
                    let keep = match function {
                        F::Intersect => known && seen.insert(item, &mut self.meter)?,
                        _ => !known,
                    };
                    if keep {
                        kept.push(item.clone());
                    }
                }
                kept
            }
        })
    }
}
