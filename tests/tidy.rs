//! The rules of the house as a test: each fault is told as `file:line: what is wrong; what to do`.
//!
//! What the compiler and clippy hold (documentation, no `unwrap`, no clock but one) stands in `src/lib.rs`, `Cargo.toml`
//! and `.clippy.toml`; here is what they cannot see.

#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/fires.rs"]
mod fires;
#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/used.rs"]
mod used;

use source::Source;

/// Fails with all faults at once.
fn clean(faults: Vec<String>) {
    assert!(faults.is_empty(), "the house is not tidy:\n  {}\n", faults.join("\n  "));
}

fn house() -> Vec<Source> {
    source::below("src")
}

#[test]
fn rooms_know_only_rooms_below_them() {
    clean(rooms::upward(&house()));
}

#[test]
fn only_the_edges_know_the_outside() {
    clean(rooms::outside(&house()));
}

#[test]
fn doors_that_only_answer_questions_cannot_send() {
    clean(rooms::narrow(&house()));
}

#[test]
fn every_file_says_what_it_is_for() {
    let everything = [source::below("src"), source::below("tests")].concat();
    clean(shape::first_lines(&everything));
}

#[test]
fn files_and_functions_fit_in_a_head() {
    let everything = [source::below("src"), source::below("tests")].concat();
    clean(shape::long_files(&everything));
    clean(shape::long_functions(&everything));
}

#[test]
fn nothing_in_the_house_stops_in_the_middle() {
    clean(shape::sudden_ends(&house()));
}

#[test]
fn every_setting_is_explained_and_read() {
    clean(used::settings());
}

#[test]
fn every_mapping_is_whole_and_every_code_map_used() {
    clean(used::mapping_folders());
    clean(used::code_maps());
    clean(used::names());
}

#[test]
fn every_event_of_the_journal_has_its_code() {
    clean(used::events());
}

#[test]
fn every_policy_is_explained() {
    clean(used::policies());
}

#[test]
fn every_path_in_the_readme_exists() {
    clean(used::readme_paths());
}

#[test]
fn nothing_that_is_kept_names_a_secret_or_a_machine() {
    clean(files::secrets_and_machines());
}

#[test]
fn what_is_installed_comes_from_where_it_is_built() {
    clean(files::lock_files());
    clean(files::stale_locks());
    clean(files::forge());
}
