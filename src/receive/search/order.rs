//! In which order a search shows what it found, and whether it says how many there are: `_sort` and `_total`
//! (<https://hl7.org/fhir/R4/search.html#sort>).

use std::cmp::Ordering;

use crate::problem::{Category, Problem};

/// Told by every search that can be asked for an order.
pub const SORT: &str = "_sort";

/// Told by every search that may leave its total out.
pub const TOTAL: &str = "_total";

/// One of the things that a search is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The search parameter by which.
    pub by: &'static str,
    /// Whether the greatest, the last or the newest comes first.
    pub falling: bool,
}

impl Order {
    /// What `_sort` asks for, what counts most first; nothing where it is not asked for. `known` are the search parameters that can be sorted by.
    ///
    /// # Errors
    /// It names another, or one of them twice.
    pub fn read(parameters: &[(String, String)], known: &[&'static str]) -> Result<Vec<Self>, Problem> {
        let mut orders: Vec<Self> = Vec::new();
        let asked = parameters.iter().find(|(name, _)| name == SORT).map(|(_, value)| value.as_str());
        for word in asked.into_iter().flat_map(|value| value.split(',')) {
            let (name, falling) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
            let by = known.iter().find(|known| **known == name);
            let by = by.filter(|by| orders.iter().all(|order| order.by != **by)).ok_or_else(|| {
                let text = format!(
                    "'{SORT}' takes each of these once, joined by commas, with a '-' before it for the last first: {}.",
                    known.join(", ")
                );
                Problem::new(Category::BadSearch, text)
            })?;
            orders.push(Self { by, falling });
        }
        Ok(orders)
    }

    /// The same, of a search that sorts by one thing at a time.
    ///
    /// # Errors
    /// As [`Order::read`]; and it names several.
    pub fn one(parameters: &[(String, String)], known: &[&'static str]) -> Result<Option<Self>, Problem> {
        match Self::read(parameters, known)?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            _ => Err(Problem::new(Category::BadSearch, format!("'{SORT}' takes one of them here."))),
        }
    }

    /// Which of two comes first, by how they compare in what is sorted by.
    pub fn turned(self, rising: Ordering) -> Ordering {
        if self.falling { rising.reverse() } else { rising }
    }
}

/// Whether the number of what was found is said: not with `_total=none`. It is never a guess, so that `estimate` gives what `accurate` does.
///
/// # Errors
/// `_total` is something else.
pub fn is_counted(parameters: &[(String, String)]) -> Result<bool, Problem> {
    match parameters.iter().find(|(name, _)| name == TOTAL).map(|(_, value)| value.as_str()) {
        None | Some("accurate" | "estimate") => Ok(true),
        Some("none") => Ok(false),
        Some(_) => {
            Err(Problem::new(Category::BadSearch, format!("'{TOTAL}' is none, estimate or accurate.")))
        }
    }
}
