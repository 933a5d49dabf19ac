//! The functions that FHIR adds (FHIR R4 §2.9.1.4, <https://hl7.org/fhir/R4/fhirpath.html#functions>).

use super::super::fault::Fault;
use super::super::function::Function;
use super::super::node::Node;
use super::super::value::{Collection, Item, Value, maybe, one};
use super::{Arguments, Evaluator, Outcome, Scope, single, string};

impl<'d> Evaluator<'_, 'd> {
    pub(super) fn fhir(
        &mut self,
        function: Function,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        use Function as F;
        match function {
            F::HasValue => Ok(one(matches!(input, [item] if item.value().is_some()))),
            F::GetValue => match input {
                [item] => Ok(maybe(item.value())),
                _ => Ok(Collection::new()),
            },
            F::Extension => self.extension(arguments, input, scope),
            F::Resolve => self.resolve(input),
            F::MemberOf => {
                let value_set = string(&self.first_argument(arguments, scope)?)?;
                let (Some(item), Some(value_set)) = (single(input)?, value_set) else {
                    return Ok(Collection::new());
                };
                Ok(maybe(self.environment.host.member_of(item, &value_set)))
            }
            F::ConformsTo => self.conforms_to(arguments, input, scope),
            _ => match single(input)? {
                Some(item) => Ok(one(item.string().is_some_and(|text| is_narrative(&text)))),
                None => Ok(Collection::new()),
            },
        }
    }

    /// `extension(url)`: short for `extension.where(url = …)`.
    fn extension(
        &mut self,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        let Some(url) = string(&self.first_argument(arguments, scope)?)? else {
            return Ok(Collection::new());
        };
        let mut all = self.name("extension", input)?;
        all.retain(|item| match item {
            Item::Node(node) => node.plain("url").and_then(|own| own.text()).is_some_and(|own| own == url),
            Item::Value(_) => false,
        });
        Ok(all)
    }

    /// `resolve()`: what leads nowhere is left out.
    fn resolve(&mut self, input: &[Item<'d>]) -> Outcome<'d> {
        let mut found = Collection::new();
        for item in input {
            let Item::Node(node) = item else { continue };
            let reference = node.text().or_else(|| node.plain("reference").and_then(|part| part.text()));
            let Some(reference) = reference else { continue };
            self.meter.charge(1)?;
            let target = match reference.strip_prefix('#') {
                Some(id) => self.contained(id)?,
                None => self.environment.host.resolve(&reference, node),
            };
            found.extend(target.map(Item::Node));
        }
        Ok(found)
    }

    /// The contained resource of that id; `#` alone is the container.
    fn contained(&mut self, id: &str) -> Result<Option<Node<'d>>, Fault> {
        let roots = self.variable("rootResource")?;
        let Some(Item::Node(root)) = roots.first() else { return Ok(None) };
        if id.is_empty() {
            return Ok(Some(*root));
        }
        let mut inner = Collection::new();
        root.step("contained", self.environment.model, &mut self.meter, &mut inner)?;
        let is_it =
            |node: &Node<'d>| node.plain("id").and_then(|own| own.text()).is_some_and(|own| own == id);
        Ok(inner.into_iter().find_map(|item| match item {
            Item::Node(node) if is_it(&node) => Some(node),
            _ => None,
        }))
    }

    fn conforms_to(
        &mut self,
        arguments: Arguments<'d>,
        input: &[Item<'d>],
        scope: &Scope<'_, 'd>,
    ) -> Outcome<'d> {
        let profile = string(&self.first_argument(arguments, scope)?)?;
        let (Some(item), Some(profile)) = (single(input)?, profile) else { return Ok(Collection::new()) };
        let answer = self.conforms_to_type(item, &profile).or_else(|| match item {
            Item::Node(node) => self.environment.host.conforms_to(node, &profile),
            Item::Value(_) => Some(false),
        });
        match answer {
            Some(answer) => Ok(one(Value::Boolean(answer))),
            None => Err(Fault::execution(format!("The profile {profile} is not known here."))),
        }
    }
}

/// A first look at a narrative: one `div`, and nothing that could run. The validator's own check is exact.
fn is_narrative(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    text.starts_with("<div")
        && text.ends_with('>')
        && !["<script", "<form", "<iframe", "<object", "<embed", "javascript:", "<base", "<link"]
            .iter()
            .any(|word| lower.contains(word))
}
