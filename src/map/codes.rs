//! Code maps: a record's words and the codes that say the same in FHIR.

use std::collections::BTreeMap;

use super::names::Names;
use crate::domain::CANONICAL;
use crate::json::Tree;

/// One code of a published or local system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code system's address.
    pub system: String,
    /// The code.
    pub code: String,
    /// The meaning in words.
    pub display: String,
}

impl Code {
    /// As FHIR Coding.
    pub fn to_fhir(&self) -> Tree<'_> {
        let (system, code) = (("system", Tree::text(&self.system)), ("code", Tree::text(&self.code)));
        if self.display.is_empty() {
            Tree::object([system, code])
        } else {
            Tree::object([system, code, ("display", Tree::text(&self.display))])
        }
    }
}

/// What a record value stands for.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The value in the record.
    pub value: String,
    /// Its codes; the local one when no published code is known.
    pub codes: Vec<Code>,
    /// The meaning in words.
    pub display: String,
}

/// A code map, in both directions.
#[derive(Debug, Clone)]
pub struct CodeMap {
    /// Its name: the file's.
    pub name: String,
    meanings: Vec<Meaning>,
    by_value: BTreeMap<String, usize>,
    /// By system, then by code.
    by_code: BTreeMap<String, BTreeMap<String, usize>>,
}

impl CodeMap {
    /// Reads `record,system,code,display,note`; faults are sentences with their lines.
    pub fn parse(name: &str, text: &str, names: &Names) -> Result<Self, Vec<(usize, String)>> {
        let mut map = Self {
            name: name.to_owned(),
            meanings: vec![],
            by_value: BTreeMap::new(),
            by_code: BTreeMap::new(),
        };
        let mut faults = Vec::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    faults.push((
                        error.position().map_or(0, |at| at.line() as usize),
                        format!("this row is not CSV: {error}"),
                    ));
                    continue;
                }
            };
            let line = row.position().map_or(0, |at| at.line() as usize);
            let cell = |column: usize| row.get(column).unwrap_or_default().trim();
            if cell(0).is_empty() {
                faults.push((line, "the column 'record' is empty".to_owned()));
                continue;
            }
            if let Err(fault) = map.add(cell(0), cell(1), cell(2), cell(3), names) {
                faults.push((line, fault));
            }
        }
        map.name_locally();
        if faults.is_empty() { Ok(map) } else { Err(faults) }
    }

    fn add(
        &mut self,
        value: &str,
        system: &str,
        code: &str,
        display: &str,
        names: &Names,
    ) -> Result<(), String> {
        let index = *self.by_value.entry(value.to_owned()).or_insert_with(|| {
            self.meanings.push(Meaning {
                value: value.to_owned(),
                codes: vec![],
                display: display.to_owned(),
            });
            self.meanings.len() - 1
        });
        if code.is_empty() {
            return Ok(());
        }
        let code = Code { system: names.expand(system)?, code: code.to_owned(), display: display.to_owned() };
        self.know(index, code)
    }

    fn know(&mut self, index: usize, code: Code) -> Result<(), String> {
        let known = self.by_code.entry(code.system.clone()).or_default();
        match known.insert(code.code.clone(), index) {
            Some(other) if other != index => Err(format!(
                "the code {} stands for '{}' and for '{}'; a code leads to one record value only",
                code.code, self.meanings[other].value, self.meanings[index].value
            )),
            _ => {
                self.meanings[index].codes.push(code);
                Ok(())
            }
        }
    }

    /// Values without a published code travel under Kith's own code system; it is understood for all values.
    fn name_locally(&mut self) {
        let system = self.local_system();
        for index in 0..self.meanings.len() {
            let meaning = &mut self.meanings[index];
            if meaning.codes.is_empty() {
                meaning.codes.push(Code {
                    system: system.clone(),
                    code: meaning.value.clone(),
                    display: meaning.display.clone(),
                });
            }
            let known = self.by_code.entry(system.clone()).or_default();
            known.entry(meaning.value.clone()).or_insert(index);
        }
    }

    /// The address of Kith's own code system for this map.
    pub fn local_system(&self) -> String {
        format!("{CANONICAL}CodeSystem/{}", self.name)
    }

    /// What a record value means.
    pub fn meaning(&self, value: &str) -> Option<&Meaning> {
        self.by_value.get(value).map(|index| &self.meanings[*index])
    }

    /// The meaning that a code stands for.
    pub fn of_code(&self, system: &str, code: &str) -> Option<&Meaning> {
        self.by_code.get(system)?.get(code).map(|index| &self.meanings[*index])
    }

    /// The meaning that a bare FHIR `code` stands for, whatever its system.
    pub fn of_bare_code(&self, code: &str) -> Option<&Meaning> {
        self.meanings.iter().find(|meaning| meaning.codes.first().is_some_and(|known| known.code == code))
    }

    /// All meanings, in the file's order.
    pub fn meanings(&self) -> &[Meaning] {
        &self.meanings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_a_code_travels_under_kiths_own_system() {
        let names = Names::parse("name,address\nsct,http://snomed.info/sct\n").unwrap();
        let text =
            "record,system,code,display,note\nsmoker,@sct,1,Smoker,\nvaper,,,Vaper,to be supplied by site\n";
        let map = CodeMap::parse("smoking", text, &names).unwrap();
        assert_eq!(
            map.meaning("vaper").unwrap().codes[0].system,
            "https://kith.example/fhir/CodeSystem/smoking"
        );
        assert_eq!(map.of_code("http://snomed.info/sct", "1").unwrap().value, "smoker");
        assert_eq!(map.of_code(&map.local_system(), "smoker").unwrap().value, "smoker");
    }

    #[test]
    fn a_code_leads_to_one_value() {
        let text = "record,system,code,display,note\na,s,1,,\nb,s,1,,\n";
        assert_eq!(CodeMap::parse("x", text, &Names::default()).unwrap_err()[0].0, 3);
    }
}
