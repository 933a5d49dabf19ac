//! In which order Tasks are shown.

use std::cmp::Ordering;

use crate::problem::{Category, Problem};
use crate::receive::search::{Order, SORT};
use crate::store::{Matter, TaskOrder};

/// What Tasks can be sorted by, one at a time.
pub const SORTED: &[&str] = &["authored-on", "modified", "_lastUpdated"];

/// The order that `_sort` asks for; without it, what was accepted last comes first.
///
/// # Errors
/// It asks for what Tasks are not sorted by; or for changes of what the caller took, which are only kept in order for those who sent it.
pub fn order(parameters: &[(String, String)], code: &str) -> Result<TaskOrder, Problem> {
    let Some(order) = Order::one(parameters, SORTED)? else { return Ok(TaskOrder::default()) };
    let order = match (order.by, order.falling) {
        ("authored-on", true) => TaskOrder::Newest,
        ("authored-on", false) => TaskOrder::Oldest,
        (_, true) => TaskOrder::ChangedLast,
        (_, false) => TaskOrder::ChangedFirst,
    };
    if order.is_by_change() && !matches!(code, "deliver" | "settle") {
        let text = format!("With code={code} '{SORT}' takes authored-on.");
        return Err(Problem::new(Category::BadSearch, text));
    }
    Ok(order)
}

/// Which of two matters comes first.
pub fn of_matters(order: TaskOrder, one: &Matter, other: &Matter) -> Ordering {
    let rising = match order.is_by_change() {
        true => (one.updated, one.id).cmp(&(other.updated, other.id)),
        false => (one.created, one.id).cmp(&(other.created, other.id)),
    };
    match order {
        TaskOrder::Newest | TaskOrder::ChangedLast => rising.reverse(),
        TaskOrder::Oldest | TaskOrder::ChangedFirst => rising,
    }
}
