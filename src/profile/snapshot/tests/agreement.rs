//! Snapshots against those that others made, when the environment says where theirs are.

// The figures are what these are run for.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use serde_json::Value;

use super::generate;
use crate::profile::definition::{Element, Structure, TypeRef};
use crate::profile::definitions::Definitions;
use crate::profile::package::Package;

/// Every structure of UK Core, which publishes differentials only, when `UKCORE_PACKAGE` names its `.tgz`.
#[test]
fn all_of_uk_core() {
    let Some(file) = std::env::var_os("UKCORE_PACKAGE") else { return };
    let package = Package::from_archive("ukcore", &std::fs::read(file).unwrap()).unwrap();
    let urls: Vec<String> = package.structures.iter().map(|structure| structure.url.clone()).collect();
    let definitions = Definitions::core().unwrap().with(package);
    let started = std::time::Instant::now();
    for url in &urls {
        let structure = definitions.structure(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert!(structure.snapshot.len() >= structure.differential.len().min(5), "{url}");
    }
    println!("{} snapshots in {:?}", urls.len(), started.elapsed());
    assert_eq!(urls.len(), 153);
}

/// The snapshots of the core package, each made anew from its differential, when `FHIR_DEFINITIONS` names its folder.
#[test]
fn agreement_with_the_core_package() {
    let Some(folder) = std::env::var_os("FHIR_DEFINITIONS") else { return };
    let (all, same) = agreement(&structures(&folder), &Definitions::core().unwrap());
    assert!(same * 100 >= all * 98, "{same} of {all}");
}

/// The same for what SUSHI compiled, when `SUSHI_PACKAGE` names the folder. Bases are made here too.
#[test]
fn agreement_with_sushi() {
    let Some(folder) = std::env::var_os("SUSHI_PACKAGE") else { return };
    let theirs = structures(&folder);
    let mut package = Package { structures: theirs.clone(), ..Package::default() };
    package.structures.iter_mut().for_each(|structure| structure.snapshot.clear());
    let (all, same) = agreement(&theirs, &Definitions::core().unwrap().with(package));
    assert!(same * 100 >= all * 90, "{same} of {all}");
}

/// The profiles of a folder, with the snapshots that others made.
fn structures(folder: &std::ffi::OsStr) -> Vec<Structure> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("StructureDefinition-"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        Structure::read(&value).unwrap()
    };
    files
        .iter()
        .map(read)
        .filter(|structure| structure.constrains && !structure.snapshot.is_empty())
        .collect()
}

/// How many structures there are, and for how many ours is the same snapshot as theirs.
fn agreement(theirs: &[Structure], definitions: &Definitions) -> (usize, usize) {
    let (mut same, mut reasons) = (0, BTreeMap::<String, usize>::new());
    let (mut elements, mut same_elements) = (0, 0);
    for their in theirs {
        let differential = Structure { snapshot: vec![], ..their.clone() };
        let differences = match generate(&differential, definitions) {
            Ok(ours) => {
                let (count, differences) = compare(&ours, &their.snapshot);
                elements += their.snapshot.len();
                same_elements += count;
                differences
            }
            Err(error) => vec![error.to_string()],
        };
        same += usize::from(differences.is_empty());
        for difference in differences {
            if std::env::var_os("SNAPSHOT_DETAILS").is_some() {
                println!("{}: {difference}", their.url);
            }
            let field = difference.split('|').next().unwrap_or_default().to_owned();
            *reasons.entry(field).or_default() += 1;
        }
    }
    reasons.iter().for_each(|(reason, count)| println!("{reason}: {count} elements"));
    println!("{same} of {} structures agree exactly; {same_elements} of {elements} elements", theirs.len());
    (theirs.len(), same)
}

/// How many elements agree, and what differs as `field|id|ours|theirs`.
fn compare(ours: &[Element], theirs: &[Element]) -> (usize, Vec<String>) {
    let mut differences = Vec::new();
    let mut same = 0;
    let by_id: BTreeMap<&str, &Element> = ours.iter().map(|element| (element.id.as_str(), element)).collect();
    for their in theirs {
        let Some(our) = by_id.get(their.id.as_str()) else {
            differences.push(format!("missing|{}", their.id));
            continue;
        };
        let before = differences.len();
        let mut check = |field: &str, our: String, their_text: String| {
            if our != their_text {
                differences.push(format!("{field}|{}|{our}|{their_text}", their.id));
            }
        };
        let types = |one: &Element| format!("{:?}", one.types.iter().map(kept).collect::<Vec<_>>());
        let keys = |one: &Element| {
            let mut keys: Vec<_> = one.constraints.iter().map(|one| one.key.clone()).collect();
            keys.sort();
            format!("{keys:?}")
        };
        check("path", our.path.clone(), their.path.clone());
        check(
            "cardinality",
            format!("{:?} {:?}", our.min, our.max),
            format!("{:?} {:?}", their.min, their.max),
        );
        check("base.max", format!("{:?}", our.base_max), format!("{:?}", their.base_max));
        check("types", types(our), types(their));
        check(
            "fixed",
            format!("{:?} {:?}", our.fixed, our.pattern),
            format!("{:?} {:?}", their.fixed, their.pattern),
        );
        check("binding", format!("{:?}", our.binding), format!("{:?}", their.binding));
        check("constraints", keys(our), keys(their));
        check("slicing", format!("{:?}", our.slicing), format!("{:?}", their.slicing));
        check("slice name", format!("{:?}", our.slice_name), format!("{:?}", their.slice_name));
        check("reference", format!("{:?}", our.content_reference), format!("{:?}", their.content_reference));
        same += usize::from(differences.len() == before);
    }
    let known: std::collections::BTreeSet<&str> = theirs.iter().map(|element| element.id.as_str()).collect();
    let more = ours.iter().filter(|our| !known.contains(our.id.as_str()));
    differences.extend(more.map(|our| format!("surplus|{}", our.id)));
    (same, differences)
}

fn kept(one: &TypeRef) -> String {
    format!("{} {:?} {:?}", one.code, one.profiles, one.targets)
}
