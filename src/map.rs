//! One mapping file a kind, both ways, with a ledger of what did not fit. The language is defined in
//! `mappings/README.md`.

mod check;
mod codes;
pub mod columns;
mod cut;
mod envelope;
mod export;
mod language;
mod ledger;
mod names;
mod narrative;
mod pair;
mod path;
mod read;
mod recognise;
mod table;
mod to_fhir;
mod to_record;
mod value;
mod whereabouts;

pub use check::{check, elements};
pub use codes::{Code, CodeMap, Meaning};
pub use cut::{carried, cut, held, makes_sense, said};
pub use envelope::{Envelope, ODS_ENDPOINT};
pub use export::{Direction, Exported, export, logical_model};
pub use language::{Mapping, Register, Section, Source};
pub use names::Names;
pub use path::{FhirPath, Node, RecordPath};
pub use read::{LineFault, Vocabulary, mapping};
pub use table::{Form, lines, table};
pub use to_fhir::to_fhir;
pub use to_record::{recognised, resources, to_record};
pub use whereabouts::{Telling, Whereabouts};
