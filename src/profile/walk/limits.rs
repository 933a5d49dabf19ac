//! Least and greatest values: of simple values, of quantities in any unit of the same kind, and of moments as a distance
//! from now.

use std::cmp::Ordering;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::Value;

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::fhirpath::{away, compare_amounts};
use crate::profile::plan::Check;
use crate::profile::primitive::compare;

/// A limit of a definition, with its type.
type Limit = Option<(String, Value)>;

impl<'w> Walk<'w, '_> {
    /// Checks a simple value against its limits.
    pub(super) fn limits(&mut self, place: &Place<'_>, check: &'w Check, node: Id, text: &str) {
        if check.min_value.is_none() && check.max_value.is_none() {
            return;
        }
        // A duration before now is the least, one after now the greatest.
        let least = self.order(text, &check.min_value, -Decimal::ONE);
        let most = self.order(text, &check.max_value, Decimal::ONE);
        self.beyond(place, node, least, most);
    }

    /// Checks a quantity against its limits.
    pub(super) fn amount_limits(&mut self, place: &Place<'_>, check: &'w Check, node: Id) {
        let view = self.view();
        let order = |limit: &Limit| {
            let (_, limit) = limit.as_ref()?;
            let own = view.raw(node, "value").and_then(decimal)?;
            let (system, code) = (view.text(node, "system"), view.text(node, "code"));
            let wanted = |name: &str| limit.get(name).and_then(Value::as_str);
            let most = limit.get("value").and_then(|value| decimal(&value.to_string()))?;
            if wanted("system").is_some() && wanted("system") != system.as_deref() {
                return None;
            }
            match (wanted("code"), code) {
                (None, _) => Some(own.cmp(&most)),
                (Some(wanted), Some(code)) => compare_amounts((own, &code), (most, wanted)),
                (Some(_), None) => None,
            }
        };
        let (least, most) = (order(&check.min_value), order(&check.max_value));
        self.beyond(place, node, least, most);
    }

    fn beyond(&mut self, place: &Place<'_>, node: Id, least: Option<Ordering>, most: Option<Ordering>) {
        if least == Some(Ordering::Less) {
            self.findings.error(place, node, "value", "This value is less than the least that is allowed.");
        }
        if most == Some(Ordering::Greater) {
            self.findings.error(place, node, "value", "This value is more than the most that is allowed.");
        }
    }

    /// How a value compares with a limit of its kind.
    fn order(&self, text: &str, limit: &Limit, direction: Decimal) -> Option<Ordering> {
        match &limit.as_ref()?.1 {
            Value::Number(limit) => decimal(text)?.partial_cmp(&decimal(&limit.to_string())?),
            Value::String(limit) => compare(text, limit),
            Value::Object(duration) => {
                let amount = duration.get("value").and_then(|value| decimal(&value.to_string()))?;
                let unit = duration.get("code").and_then(Value::as_str)?;
                let moment = away(self.rules.now()?, amount.checked_mul(direction)?, unit)?;
                // A date has no time of the day.
                compare(text, moment.get(..10).filter(|_| !text.contains('T')).unwrap_or(&moment))
            }
            _ => None,
        }
    }
}

/// A number, exactly as it is written.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}
