//! Parts of Kith by themselves, from outside: the language of the mappings and its laws, the validator, what is hostile.
//! A file is a subject: `cargo test --test parts laws::`.

mod constructs;
mod fhirpath_cases;
mod foreign;
mod hostile;
mod laws;
mod map_lines;
mod validate;
mod validator_cases;
mod values;
