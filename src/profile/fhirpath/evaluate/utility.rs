//! Tree navigation and utilities (FHIRPath 2.0.0, §5.8, §5.9), and the variables of the environment (§9).

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::temporal::{Precision, Shape};
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, integer, single, string};

mod boundary;

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn utility(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        let now = self.environment.now;
        match function {
            F::Children => self.children(input),
            F::Descendants => self.descendants(input),
            F::Trace => self.trace(arguments, input, scope),
            F::Now => Ok(one(Value::Temporal(now))),
            F::Today => Ok(one(Value::Temporal(now.day_of()))),
            F::TimeOfDay => Ok(maybe(now.time_of().map(Value::Temporal))),
            F::DefineVariable => self.define(arguments, input, scope),
            F::Precision => match single(input)?.map(Item::value) {
                None => Ok(Collection::new()),
                Some(value) => Ok(one(Value::Integer(boundary::precision(value)?))),
            },
            F::Comparable => {
                let other = self.first_argument(arguments, scope)?;
                let (Some(left), Some(right)) = (single(input)?, single(&other)?) else {
                    return Ok(Collection::new());
                };
                let pair = left.quantity().zip(right.quantity());
                Ok(one(pair.is_some_and(|(left, right)| left.is_comparable(&right))))
            }
            _ => {
                let digits = integer(&self.first_argument(arguments, scope)?)?;
                let Some(item) = single(input)? else { return Ok(Collection::new()) };
                boundary::boundary(item, digits, function == F::HighBoundary)
            }
        }
    }

    fn children(&mut self, input: &[Item<'d>]) -> Outcome<'d> {
        let mut whole = Collection::new();
        for item in input {
            if let Item::Node(node) = item {
                node.children(self.environment.model, &mut self.meter, &mut whole)?;
            }
        }
        self.meter.check(whole.len())?;
        Ok(whole)
    }

    pub(super) fn count_children(&mut self, input: &[Item<'d>]) -> Outcome<'d> {
        let mut count = 0;
        for item in input {
            if let Item::Node(node) = item {
                count += node.count_children(&mut self.meter)?;
            }
        }
        self.meter.check(count)?;
        Ok(one(Value::Integer(i32::try_from(count).unwrap_or(i32::MAX))))
    }

    /// Every element below, parents before their children (§5.8.2).
    fn descendants(&mut self, input: &[Item<'d>]) -> Outcome<'d> {
        let mut whole = self.children(input)?;
        let mut at = 0;
        while let Some(item) = whole.get(at).cloned() {
            if let Item::Node(node) = item {
                node.children(self.environment.model, &mut self.meter, &mut whole)?;
                self.meter.check(whole.len())?;
            }
            at += 1;
        }
        Ok(whole)
    }

    fn trace(&mut self, arguments: Arguments<'d>, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let name = string(&self.first_argument(arguments, scope)?)?.unwrap_or_default();
        match arguments.get(1) {
            Some(projection) => {
                for (index, item) in input.iter().enumerate() {
                    let noted = self.argument(*projection, &scope.item(item, index))?;
                    self.environment.host.trace(&name, &noted);
                }
            }
            None => self.environment.host.trace(&name, input),
        }
        Ok(input.iter().cloned().collect())
    }

    /// `defineVariable()`: for what follows in the same expression.
    fn define(&mut self, arguments: Arguments<'d>, input: &[Item<'d>], scope: &Scope<'_, 'd>) -> Outcome<'d> {
        let name = string(&self.first_argument(arguments, scope)?)?;
        let name = name.ok_or_else(|| Fault::execution("The name of the variable is missing."))?;
        if self.variable(&name).is_ok() {
            return Err(Fault::semantic(usize::MAX, format!("There is a variable %{name} already.")));
        }
        let value = match arguments.get(1) {
            Some(value) => self.argument(*value, &Scope { this: input, ..*scope })?,
            None => input.iter().cloned().collect(),
        };
        self.defined.push((name.into_owned(), value));
        Ok(input.iter().cloned().collect())
    }

    /// `%name` (§9; FHIR R4 §2.9.1.2).
    pub(super) fn variable(&self, name: &str) -> Outcome<'d> {
        let text = |text: String| Ok(one(Value::String(text.into())));
        if let Some((_, value)) = self.defined.iter().rev().find(|(defined, _)| defined == name) {
            return Ok(value.clone());
        }
        if let Some((_, value)) = self.environment.variables.iter().find(|(given, _)| *given == name) {
            return Ok(value.clone());
        }
        let resource = self.environment.resource.map(Item::Node);
        match name {
            "context" => Ok(self.focus.iter().cloned().collect()),
            "resource" | "rootResource" => {
                let root = self.environment.root_resource.map(Item::Node).filter(|_| name == "rootResource");
                match root.or(resource) {
                    Some(item) => Ok(one(item)),
                    None => Ok(self.focus.iter().cloned().collect()),
                }
            }
            "ucum" => text("http://unitsofmeasure.org".to_owned()),
            "sct" => text("http://snomed.info/sct".to_owned()),
            "loinc" => text("http://loinc.org".to_owned()),
            _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
                (Some(name), _) => text(format!("http://hl7.org/fhir/ValueSet/{name}")),
                (_, Some(name)) => text(format!("http://hl7.org/fhir/StructureDefinition/{name}")),
                _ => Err(Fault::semantic(usize::MAX, format!("There is no variable %{name}."))),
            },
        }
    }
}

/// One part of a moment (§ date and time components, trial use).
pub(super) fn part<'d>(function: Function, input: &[Item<'d>]) -> Outcome<'d> {
    use Function as F;
    let Some(Some(Value::Temporal(moment))) = single(input)?.map(Item::value) else {
        return Ok(Collection::new());
    };
    let dated = moment.shape != Shape::Time;
    let (known, number) = match function {
        F::YearOf => (dated, i32::from(moment.year)),
        F::MonthOf => (dated && moment.precision >= Precision::Month, i32::from(moment.month)),
        F::DayOf => (dated && moment.precision >= Precision::Day, i32::from(moment.day)),
        F::HourOf => (moment.precision >= Precision::Hour, i32::from(moment.hour)),
        F::MinuteOf => (moment.precision >= Precision::Minute, i32::from(moment.minute)),
        F::SecondOf => (moment.precision >= Precision::Second, i32::from(moment.second)),
        F::MillisecondOf => (
            moment.precision == Precision::Fraction,
            i32::try_from(moment.nanosecond / 1_000_000).unwrap_or(0),
        ),
        F::TimezoneOffsetOf => {
            let hours = moment.offset.map(|minutes| {
                Value::Decimal(
                    (rust_decimal::Decimal::from(minutes) / rust_decimal::Decimal::from(60)).round_dp(4),
                )
            });
            return Ok(maybe(hours));
        }
        F::DateOf => return Ok(maybe(dated.then(|| Value::Temporal(moment.day_of())))),
        _ => return Ok(maybe(moment.time_of().filter(|_| dated).map(Value::Temporal))),
    };
    Ok(maybe(known.then_some(Value::Integer(number))))
}
