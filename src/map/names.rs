//! Short names for long addresses: `@nhs-number` for `https://fhir.nhs.uk/Id/nhs-number`.

use std::collections::BTreeMap;

/// The names of `mappings/names.csv`.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Reads the CSV file with the columns `name,address,meaning`; the error is a sentence with its line.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut names = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (index, row) in reader.records().enumerate() {
            let row = row.map_err(|error| (index + 2, format!("this row is not CSV: {error}")))?;
            let cell = |column: usize| row.get(column).unwrap_or_default().trim().to_owned();
            if cell(0).is_empty() || cell(1).is_empty() {
                return Err((index + 2, "a name needs an address".to_owned()));
            }
            if names.insert(cell(0), cell(1)).is_some() {
                return Err((index + 2, format!("the name '{}' stands here twice", cell(0))));
            }
        }
        Ok(Self(names))
    }

    /// `@name` or `@name:rest` as an address; other text as it is.
    pub fn expand(&self, text: &str) -> Result<String, String> {
        let Some(name) = text.strip_prefix('@') else { return Ok(text.to_owned()) };
        let (name, rest) = name.split_once(':').unwrap_or((name, ""));
        match self.0.get(name) {
            Some(address) => Ok(format!("{address}{rest}")),
            None => Err(format!("'@{name}' is not in names.csv")),
        }
    }
}
