//! Which school does this child attend? What schools there are, who attends them, and since when: read from the files that schools and
//! authorities have, told apart from what is not known, and answered for one day.
//!
//! The room is pure. Files come in as bytes and go out as rows (`file`: `gias`, `ctf`, `roll`), a pupil is looked for among children by a
//! rule that explains itself (`matching`), and what is on file becomes an answer (`answer`).

mod answer;
mod ctf;
mod establishment;
mod fault;
mod file;
mod gias;
mod matching;
mod place;
mod pupil;
mod roll;
mod sheet;
mod watched;

pub use answer::{Answer, Known, Status, academic_year, answer};
pub use establishment::{Establishment, Link, Openness};
pub use fault::{FileFault, RowFault, faults_as_csv, neutral};
pub use file::{Form, Line, Row, read};
pub use matching::{Match, Rule, index_keys, matched, number_key};
pub use place::{Attended, Place};
pub use pupil::Pupil;

#[cfg(test)]
mod tests;
