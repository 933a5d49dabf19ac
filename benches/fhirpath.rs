//! How long the hottest invariants take on a small Patient, an Observation and a Bundle.
fn main() {
    divan::main();
}
