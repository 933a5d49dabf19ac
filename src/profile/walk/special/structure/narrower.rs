//! Fixed values and patterns of a differential beside those of the base, which they cannot contradict.

use serde_json::Value;

use crate::json::document::Id;
use crate::profile::definition::Element;
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// What the base fixes stays as it is.
    pub(super) fn narrower(&mut self, place: &Place<'_>, node: Id, known: &Element, element: &Element) {
        let is_another = match (&known.fixed, &known.pattern, &element.fixed, &element.pattern) {
            (Some(before), _, Some(now), _) => before != now,
            (Some(before), _, None, Some(now)) | (None, Some(now), Some(before), _) => !fits(now, before),
            (None, Some(before), None, Some(now)) => clash(before, now),
            _ => false,
        };
        if is_another {
            let text = "The base fixes another value here, which cannot be changed. Write that, or leave it to the base.";
            self.findings.error(place, node, "invalid", text);
        }
    }
}

/// Whether a value has all that a pattern has.
fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Object(pattern), Value::Object(value)) => {
            pattern.iter().all(|(name, own)| value.get(name).is_some_and(|one| fits(own, one)))
        }
        (Value::Array(pattern), Value::Array(value)) => {
            pattern.iter().all(|own| value.iter().any(|one| fits(own, one)))
        }
        (pattern, value) => pattern == value,
    }
}

/// Whether nothing can have all that both patterns have. Lists can: they may be as long as they like.
fn clash(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.iter().any(|(name, own)| other.get(name).is_some_and(|there| clash(own, there)))
        }
        (Value::Array(_), Value::Array(_)) => false,
        (one, other) => one != other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{clash, fits};

    #[test]
    fn a_pattern_fits_what_has_more() {
        let value = json!({"coding": [{"system": "a", "code": "b"}, {"code": "c"}], "text": "t"});
        assert!(fits(&json!({"coding": [{"code": "b"}]}), &value));
        assert!(!fits(&json!({"coding": [{"code": "d"}]}), &value));
        assert!(!fits(&json!({"id": "1"}), &value));
    }

    #[test]
    fn patterns_clash_where_no_list_can_have_both() {
        assert!(clash(&json!("a"), &json!("b")));
        assert!(clash(&json!({"system": "a", "code": "x"}), &json!({"system": "b"})));
        assert!(!clash(&json!({"system": "a"}), &json!({"code": "b"})));
        assert!(!clash(&json!({"coding": [{"code": "a"}]}), &json!({"coding": [{"code": "b"}]})));
    }
}
