//! Compiles FHIR packages into a pack: `core_pack PACKAGE.tgz [MORE.tgz]... PACK`. Of the further packages it takes the extensions, value
//! sets and code systems that those before lack. `profiles/core/make` calls it.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::{env, fs};

use kith::profile::definition::Structure;
use kith::profile::pack;
use kith::profile::package::Package;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, more @ .., to] = arguments.as_slice() else {
        eprintln!("usage: core_pack PACKAGE.tgz [MORE.tgz]... PACK");
        return ExitCode::from(2);
    };
    match compile(from, more, to) {
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

fn compile(from: &str, more: &[String], to: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut package = Package::from_archive(from, &fs::read(from)?)?;
    for other in more {
        add(&mut package, Package::from_archive(other, &fs::read(other)?)?);
    }
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

/// Adds what a package lacks.
fn add(package: &mut Package, more: Package) {
    let known: BTreeSet<String> = package.structures.iter().map(|one| one.url.clone()).collect();
    let new = |one: &Structure| one.type_name == "Extension" && !known.contains(&one.url);
    package.structures.extend(more.structures.into_iter().filter(new));
    let known: BTreeSet<String> = package.value_sets.iter().map(|one| one.url.clone()).collect();
    package.value_sets.extend(more.value_sets.into_iter().filter(|one| !known.contains(&one.url)));
    let known: BTreeSet<String> = package.code_systems.iter().map(|one| one.url.clone()).collect();
    package.code_systems.extend(more.code_systems.into_iter().filter(|one| !known.contains(&one.url)));
}
