//! The program: hands over to the command line.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A message is thousands of small values; this allocator gives and takes them back faster than the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    kith::command::run()
}
