//! One answer: its type, and the limits that the question sets
//! (<https://hl7.org/fhir/R4/questionnaire-extensions.html>).

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::form::{
    DECIMALS, Form, Item, MAX_QUANTITY, MAX_SIZE, MAX_VALUE, MIME_TYPE, MIN_LENGTH, MIN_QUANTITY, MIN_VALUE,
    PROFILE, REGEX, RESOURCE, UNIT_OPTION, UNIT_VALUE_SET, string,
};
use crate::json::document::Id;
use crate::profile::fhirpath::compare_amounts;
use crate::profile::needs::Membership;
use crate::profile::pattern::whole;
use crate::profile::primitive::{base64_length, start};
use crate::profile::walk::datatype::UCUM;
use crate::profile::walk::limits::decimal;
use crate::profile::walk::{Place, Walk};

impl Walk<'_, '_> {
    /// Checks an answer, one of so many.
    pub(super) fn answer(
        &mut self,
        place: &Place<'_>,
        node: Id,
        form: &Form<'_>,
        item: &Item<'_>,
        count: usize,
    ) {
        let Some(value) = self.view().choice(node, "value") else { return };
        let key = self.document.raw_key(value);
        let Some(suffix) = key.strip_prefix("value") else { return };
        let allowed = types(item.kind, string(item.source, "answerValueSet").is_some());
        let Some(type_name) = allowed.iter().find(|one| one.eq_ignore_ascii_case(suffix)) else {
            let place = place.child("value");
            let text = format!("The answer must be of type {}.", allowed.join(" or "));
            self.findings.error(&place, value, "invariant", text);
            return;
        };
        let here = place.child("value").chosen(type_name);
        self.option(&here, value, type_name, form, item, count);
        match *type_name {
            "string" | "uri" => self.text_limits(&here, value, item),
            "integer" | "decimal" | "date" | "dateTime" | "time" => self.value_limits(&here, value, item),
            "Quantity" => self.quantity_limits(&here, value, form, item),
            "Attachment" => self.attachment_limits(place, value, item),
            "Reference" => self.reference_limits(&here, value, item),
            _ => {}
        }
    }

    fn text_limits(&mut self, here: &Place<'_>, value: Id, item: &Item<'_>) {
        let text = self.document.text(value);
        let length = text.chars().count();
        let most = item.source.get("maxLength").and_then(Value::as_u64);
        if most.is_some_and(|most| length as u64 > most) {
            self.findings.error(here, value, "invariant", "This answer is longer than the question allows.");
        }
        if item.number(MIN_LENGTH).is_some_and(|least| (length as f64) < least) {
            self.findings.error(here, value, "invariant", "This answer is shorter than the question allows.");
        }
        for pattern in item.extensions(REGEX).filter_map(Value::as_str) {
            match whole(pattern) {
                Some(regex) if !regex.is_match(&text) => {
                    let text = "This answer has not the form that the question wants.";
                    self.findings.error(here, value, "invariant", text);
                }
                Some(_) => {}
                None => {
                    let text = "The form of this answer was not checked: the question's pattern cannot be used here.";
                    self.findings.information(here, value, "not-supported", text);
                }
            }
        }
    }

    fn value_limits(&mut self, here: &Place<'_>, value: Id, item: &Item<'_>) {
        let own = self.document.text(value);
        let against = |limit: &Value| match limit {
            Value::Number(limit) => own.parse::<f64>().ok()?.partial_cmp(&limit.as_f64()?),
            Value::String(limit) => Some(start(&own)?.cmp(&start(limit)?)),
            _ => None,
        };
        let less = item.extensions(MIN_VALUE).any(|limit| against(limit) == Some(Ordering::Less));
        let more = item.extensions(MAX_VALUE).any(|limit| against(limit) == Some(Ordering::Greater));
        if less {
            self.findings.error(here, value, "invariant", "This answer is less than the question allows.");
        }
        if more {
            self.findings.error(here, value, "invariant", "This answer is more than the question allows.");
        }
        self.decimals(here, value, &own, item);
    }

    fn decimals(&mut self, here: &Place<'_>, value: Id, own: &str, item: &Item<'_>) {
        let places = own.split_once('.').map_or(0, |(_, digits)| digits.len());
        if item.number(DECIMALS).is_some_and(|most| places as f64 > most) {
            let text = "This answer has more digits after the point than the question allows.";
            self.findings.error(here, value, "invariant", text);
        }
    }

    fn quantity_limits(&mut self, here: &Place<'_>, value: Id, form: &Form<'_>, item: &Item<'_>) {
        for (urls, wrong) in
            [([MIN_QUANTITY, MIN_VALUE], Ordering::Less), ([MAX_QUANTITY, MAX_VALUE], Ordering::Greater)]
        {
            let limit = urls.into_iter().flat_map(|url| item.extensions(url)).find(|limit| limit.is_object());
            self.quantity_limit(here, value, limit, wrong);
        }
        let view = self.view();
        let (system, code) = (view.text(value, "system"), view.text(value, "code"));
        let amount = view.raw(value, "value").unwrap_or_default().to_owned();
        self.decimals(here, value, &amount, item);
        let unit = view.text(value, "unit");
        let mut options = item.extensions(UNIT_OPTION).peekable();
        // An option wants no more than it says.
        let says = |one: &Value, name: &str, own: &Option<Cow<'_, str>>| {
            string(one, name).is_none_or(|wanted| own.as_deref() == Some(wanted))
        };
        let same = |one: &Value| {
            says(one, "system", &system) && says(one, "code", &code) && says(one, "display", &unit)
        };
        if options.peek().is_some() && !options.any(same) {
            let text = "The unit of this answer is none of the question's units. Use one of them.";
            self.findings.error(here, value, "invariant", text);
        }
        if let Some(url) = item.extensions(UNIT_VALUE_SET).find_map(Value::as_str) {
            let answer = match &code {
                Some(code) => form.member(self.definitions(), url, system.as_deref(), code),
                None => Membership::NotIn,
            };
            if let Membership::Broken(reason) = &answer {
                self.no_codes(here, value, url, reason);
            }
            if answer == Membership::NotIn {
                let text = format!("The unit of this answer is not in the value set {url}. Use one that is.");
                self.findings.error(here, value, "invariant", text);
            }
        }
    }

    fn quantity_limit(&mut self, here: &Place<'_>, value: Id, limit: Option<&Value>, wrong: Ordering) {
        let Some(limit) = limit else { return };
        let view = self.view();
        let own = view.raw(value, "value").and_then(decimal);
        let most = limit.get("value").and_then(|most| decimal(&most.to_string()));
        let (system, code) = (view.text(value, "system"), view.text(value, "code"));
        let order = match (system, code, string(limit, "system"), string(limit, "code"), own.zip(most)) {
            (Some(system), Some(code), Some(wanted), Some(unit), Some((own, most))) if system == wanted => {
                match code == unit {
                    true => Some(own.cmp(&most)),
                    false if system == UCUM => compare_amounts((own, &code), (most, unit)),
                    false => None,
                }
            }
            _ => None,
        };
        if order.is_none() {
            let text = "This quantity cannot be compared with the question's limits. Give a unit of the same kind, with system and code.";
            self.findings.error(here, value, "invariant", text);
        } else if order == Some(wrong) {
            let text = "This quantity is outside what the question allows.";
            self.findings.error(here, value, "invariant", text);
        }
    }

    fn attachment_limits(&mut self, here: &Place<'_>, value: Id, item: &Item<'_>) {
        let view = self.view();
        let stated = view.raw(value, "size").and_then(|raw| raw.parse::<f64>().ok());
        let size =
            stated.or(view.text(value, "data").and_then(|data| base64_length(&data)).map(|size| size as f64));
        if item.number(MAX_SIZE).zip(size).is_some_and(|(most, size)| size > most) {
            self.findings.error(
                here,
                value,
                "required",
                "This attachment is larger than the question allows.",
            );
        }
        let kind = view.text(value, "contentType");
        let mut kinds = item.extensions(MIME_TYPE).filter_map(Value::as_str).peekable();
        if kinds.peek().is_some()
            && !kinds.any(|one| kind.as_deref().is_some_and(|kind| kind.starts_with(one)))
        {
            let text = "The question does not take attachments of this content type. Use one that it takes.";
            self.findings.error(here, value, "required", text);
        }
    }

    fn reference_limits(&mut self, here: &Place<'_>, value: Id, item: &Item<'_>) {
        let of_profile = |url: &str| Some(self.plans.plan(url).ok()?.type_name.to_string());
        let profiles = item.extensions(PROFILE).filter_map(Value::as_str);
        let mut kinds: Vec<String> =
            item.extensions(RESOURCE).filter_map(Value::as_str).map(str::to_owned).collect();
        for profile in profiles {
            // What is not known here may be of any type.
            let Some(kind) = of_profile(profile) else { return };
            kinds.push(kind);
        }
        let text = self.view().text(value, "reference");
        let Some(kind) = text.and_then(|text| self.type_in(&text)) else { return };
        if !kinds.is_empty() && !kinds.contains(&kind) {
            let text = "The question does not take references to this type of resource.";
            self.findings.error(here, value, "invariant", text);
        }
    }
}

/// The types that answers to a kind of question may have; a value set has only codes.
pub(super) fn types(kind: &str, has_value_set: bool) -> &'static [&'static str] {
    match kind {
        "boolean" => &["boolean"],
        "decimal" => &["decimal"],
        "integer" => &["integer"],
        "date" => &["date"],
        "dateTime" => &["dateTime"],
        "time" => &["time"],
        "string" | "text" => &["string"],
        "url" => &["uri"],
        "attachment" => &["Attachment"],
        "reference" => &["Reference"],
        "quantity" => &["Quantity"],
        "choice" if has_value_set => &["Coding"],
        _ => &["Coding", "string", "date", "time", "integer"],
    }
}
