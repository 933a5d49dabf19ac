//! What was typed as a record of health needs, and the faults of a record at their fields.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::Context;
use crate::page::needs::Typed;
use crate::page::school::Fault;
use crate::route::Partner;

/// The record, or what is wrong with what was typed.
pub(super) fn record(
    context: &Context,
    own: &Partner,
    typed: &Typed,
    today: NaiveDate,
) -> Result<Value, Vec<Fault>> {
    let review = checked(typed, today)?;
    let name = |given: &str, family: &str| {
        let given: Vec<&str> = given.split_whitespace().collect();
        if given.is_empty() {
            json!({ "family": family })
        } else {
            json!({ "given": given, "family": family })
        }
    };
    let (by_given, by_family) = typed.by.rsplit_once(' ').unwrap_or(("", &typed.by));
    let mut giver = json!({ "name": name(by_given, by_family), "parentalResponsibility": true });
    let mut need = json!({ "condition": typed.condition, "whatToDo": typed.what.replace("\r\n", "\n") });
    let trained: Vec<&str> = typed.trained.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if !trained.is_empty() {
        need["trained"] = json!(trained);
    }
    if let Some(review) = review {
        need["reviewOn"] = json!(review);
    }
    if !typed.contact.is_empty() {
        need["contact"] = json!(typed.contact);
    }
    if !typed.relationship.is_empty() {
        giver["relationship"] = json!(typed.relationship);
    }
    Ok(json!({
        "child": { "nhsNumber": context.number, "name": name(&typed.given, &typed.family), "birthDate": context.born.to_string() },
        "from": { "odsCode": own.ods.as_str(), "name": own.name },
        "needs": [need],
        "consent": {
            "decision": "agreed",
            "givenBy": giver,
            "givenAt": today.to_string(),
            "for": ["name", "birth-date", "health-at-school"],
            "school": { "urn": context.urn, "name": context.school },
        },
    }))
}

/// The day of review, when nothing is missing and nothing is wrong.
fn checked(typed: &Typed, today: NaiveDate) -> Result<Option<String>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut need = |id: &'static str, text: &str, says: &str| {
        if text.is_empty() {
            faults.push(Fault { id, text: says.to_owned() });
        }
    };
    need("family", &typed.family, "Enter the family name.");
    need("condition", &typed.condition, "Enter the condition.");
    need("what", &typed.what, "Say what to do.");
    match typed.agreed.as_str() {
        "agreed" => need("by", &typed.by, "Say who agreed."),
        "nobody" => need(
            "agreed",
            "",
            "Without it nothing can be passed on. Ask the family first. If the child could come to harm, use your safeguarding form; in an emergency call 999.",
        ),
        _ => need("agreed", "", "Say whether the family has agreed."),
    }
    let review = match typed.review.as_str() {
        "" => None,
        text => match typed_day(text).filter(|day| *day >= today) {
            Some(day) => Some(day.to_string()),
            None => {
                faults.push(Fault {
                    id: "review",
                    text: "This is no day to come, such as 1 7 2027.".to_owned(),
                });
                None
            }
        },
    };
    if faults.is_empty() { Ok(review) } else { Err(faults) }
}

/// A day as people type it in one field.
fn typed_day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        [day, month, year] => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}

/// The field that a fault of the record leads to.
pub(super) fn fault(expression: Option<&str>, text: &str) -> Fault {
    let path = expression.unwrap_or_default();
    let fields = [
        ("name.given", "given"),
        ("child.name", "family"),
        ("whatToDo", "what"),
        ("trained", "trained"),
        ("reviewOn", "review"),
        ("contact", "contact"),
        ("relationship", "relationship"),
        ("consent", "by"),
    ];
    let id = fields.iter().find(|(part, _)| path.contains(part)).map_or("condition", |(_, id)| *id);
    Fault { id, text: text.to_owned() }
}
