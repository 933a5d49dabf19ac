//! How many were born and how many are on the list, with small numbers hidden: who knows an area could tell whose child a 1 is.

use serde_json::{Value, json};

use crate::problem::Problem;

/// How numbers are shown to people who may not know of single children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    /// From 1 up to below this they are shown as `*`; 0 and 1 hide nothing.
    pub suppress_below: u64,
    /// All others are rounded to the nearest multiple of this; 1 rounds nothing.
    pub round_to: u64,
}

impl Mask {
    /// The number as it is shown. A 0 stays one.
    pub fn shown(self, number: u64) -> String {
        if number == 0 {
            "0".to_owned()
        } else if number < self.suppress_below {
            "*".to_owned()
        } else {
            let step = self.round_to.max(1);
            ((number + step / 2) / step * step).to_string()
        }
    }

    /// What is done to numbers, for the head of their column.
    pub fn in_words(self) -> String {
        let hides = self.suppress_below > 1;
        let rounds = self.round_to > 1;
        match (hides, rounds) {
            (false, false) => "exact".to_owned(),
            (true, false) => format!("1 to {} shown as *", self.suppress_below - 1),
            (false, true) => format!("to the nearest {}", self.round_to),
            (true, true) => {
                format!(
                    "1 to {} shown as *, others to the nearest {}",
                    self.suppress_below - 1,
                    self.round_to
                )
            }
        }
    }
}

/// The children of one centre's area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The centre's name in the directory.
    pub centre: String,
    /// The centre's name, for people.
    pub name: String,
    /// Its URN.
    pub urn: Option<String>,
    /// How many were born there.
    pub births: u64,
    /// How many the centre may know of.
    pub listed: u64,
}

/// The births of a month, whoever agreed to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// One a centre, in the order of their names in the directory.
    pub areas: Vec<Area>,
    /// How many were born in no centre's area.
    pub elsewhere: u64,
}

impl Counts {
    /// All that were born.
    pub fn births(&self) -> u64 {
        self.areas.iter().map(|area| area.births).sum::<u64>() + self.elsewhere
    }

    /// All that are on the list.
    pub fn listed(&self) -> u64 {
        self.areas.iter().map(|area| area.listed).sum()
    }

    /// As a table (CSV) that says in its head how numbers were changed. Each sum is of the true numbers and rounded for itself.
    ///
    /// # Errors
    /// Only when text cannot be written into memory.
    pub fn csv(&self, mask: Mask) -> Result<Vec<u8>, Problem> {
        let mut table = csv::Writer::from_writer(Vec::new());
        let failed = |error: csv::Error| Problem::internal("write the numbers of births", &error);
        let how = mask.in_words();
        let head = ["Centre", "URN", &format!("Births ({how})"), &format!("On the list ({how})")];
        table.write_record(head).map_err(failed)?;
        for area in &self.areas {
            let urn = area.urn.as_deref().unwrap_or_default();
            let numbers = [mask.shown(area.births), mask.shown(area.listed)];
            table.write_record([&area.name, urn, &numbers[0], &numbers[1]]).map_err(failed)?;
        }
        let elsewhere = ["In no centre's area", "", &mask.shown(self.elsewhere), ""];
        table.write_record(elsewhere).map_err(failed)?;
        let all = ["All", "", &mask.shown(self.births()), &mask.shown(self.listed())];
        table.write_record(all).map_err(failed)?;
        table.into_inner().map_err(|error| Problem::internal("write the numbers of births", &error))
    }

    /// The same for a program.
    pub fn json(&self, mask: Mask) -> Value {
        let area = |area: &Area| {
            json!({
                "centre": area.centre,
                "name": area.name,
                "urn": area.urn,
                "births": mask.shown(area.births),
                "listed": mask.shown(area.listed),
            })
        };
        json!({
            "numbers": mask.in_words(),
            "births": mask.shown(self.births()),
            "listed": mask.shown(self.listed()),
            "elsewhere": mask.shown(self.elsewhere),
            "centres": self.areas.iter().map(area).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Mask = Mask { suppress_below: 8, round_to: 5 };

    #[test]
    fn small_numbers_are_hidden_and_others_rounded() {
        let shown: Vec<String> =
            [0, 1, 7, 8, 12, 13, 1_000_002].into_iter().map(|n| USUAL.shown(n)).collect();
        assert_eq!(shown, ["0", "*", "*", "10", "10", "15", "1000000"]);
        assert_eq!(Mask { suppress_below: 0, round_to: 0 }.shown(3), "3");
    }

    #[test]
    fn every_sum_is_of_the_true_numbers() {
        let area = |births, listed| Area {
            centre: "c".to_owned(),
            name: "=Centre".to_owned(),
            urn: Some("900101".to_owned()),
            births,
            listed,
        };
        let counts = Counts { areas: vec![area(7, 3), area(7, 6)], elsewhere: 2 };
        let csv = String::from_utf8(counts.csv(USUAL).unwrap()).unwrap();
        assert!(
            csv.starts_with("Centre,URN,\"Births (1 to 7 shown as *, others to the nearest 5)\","),
            "{csv}"
        );
        assert!(csv.ends_with("In no centre's area,,*,\nAll,,15,10\n"), "{csv}");
        assert_eq!(counts.json(USUAL)["births"], "15");
    }
}
