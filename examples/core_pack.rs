//! Compiles a FHIR package into a pack: `core_pack PACKAGE.tgz PACK`. `profiles/core/make` calls it.

use std::process::ExitCode;
use std::{env, fs};

use kith::profile::pack;
use kith::profile::package::Package;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        eprintln!("usage: core_pack PACKAGE.tgz PACK");
        return ExitCode::from(2);
    };
    match compile(from, to) {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile(from: &str, to: &str) -> Result<String, Box<dyn std::error::Error>> {
    let package = Package::from_archive(from, &fs::read(from)?)?;
    let bytes = pack::write(&package)?;
    fs::write(to, &bytes)?;
    Ok(format!(
        "{} {}: {} structures, {} value sets, {} code systems in {} bytes",
        package.name,
        package.version.as_deref().unwrap_or_default(),
        package.structures.len(),
        package.value_sets.len(),
        package.code_systems.len(),
        bytes.len(),
    ))
}
