//! The pack: what it gives back, what it refuses, and whether it is what the core package says.

// The figures are what some of these are run for.
#![allow(clippy::print_stdout)]

use serde_json::Value;

use super::*;
use crate::profile::package::Package;

fn small() -> Package {
    let files: [(&str, &str); 3] = [
        (
            "s.json",
            r##"{"resourceType":"StructureDefinition","url":"urn:s","version":"1","type":"Patient","kind":"resource",
            "derivation":"constraint","baseDefinition":"urn:b","context":[{"type":"element","expression":"Patient"}],
            "snapshot":{"element":[{"id":"Patient","path":"Patient","min":0,"max":"*"},
            {"id":"Patient.a:x","path":"Patient.a","sliceName":"x","min":1,"max":"2","base":{"max":"*"},
             "fixedDecimal":1.50,"minValueInteger":3,"maxLength":7,"type":[{"code":"Reference","targetProfile":["urn:t"]}],
             "constraint":[{"key":"k","severity":"error","human":"h","expression":"true"}],"isModifier":true,
             "slicing":{"discriminator":[{"type":"value","path":"url"}],"rules":"open"},
             "binding":{"strength":"required","valueSet":"urn:v"}},
            {"id":"odd","path":"Patient.else","contentReference":"#Patient.a"}]}}"##,
        ),
        (
            "v.json",
            r#"{"resourceType":"ValueSet","url":"urn:v","compose":{"include":[{"system":"urn:c",
            "concept":[{"code":"a","display":"A"},{"code":"b","display":"other"}],"valueSet":["urn:w"]}],"exclude":[
            {"system":"urn:c","filter":[{"property":"p","op":"=","value":"1"}]}]},
            "expansion":{"contains":[{"system":"urn:c","code":"a","display":"A"}]}}"#,
        ),
        (
            "c.json",
            r#"{"resourceType":"CodeSystem","url":"urn:c","content":"complete","caseSensitive":true,"concept":[
            {"code":"a","display":"A","concept":[{"code":"b","display":"b","property":[{"code":"p","valueInteger":1},
            {"code":"unasked","valueInteger":1}]}]}]}"#,
        ),
    ];
    Package::from_files("small", files).unwrap()
}

#[test]
fn gives_back_what_was_put_in() {
    let package = small();
    let bytes = write(&package).unwrap();
    assert_eq!(bytes, write(&package).unwrap());
    let pack = Pack::open(&bytes).unwrap();
    assert_eq!(pack.structure(0).unwrap(), package.structures[0]);
    let mut set = package.value_sets[0].clone();
    // What the code system calls it is not repeated.
    set.include[0].concepts[0].1 = None;
    assert_eq!(pack.value_set(0).unwrap(), set);
    let system = pack.code_system(0).unwrap();
    assert_eq!(system.concept("b").unwrap().parents, vec![0]);
    assert_eq!(system.concept("b").unwrap().properties, vec![("p".to_owned(), "1".to_owned())]);
}

#[test]
fn damage_is_an_error_and_never_a_crash() {
    let bytes = write(&small()).unwrap();
    assert!(Pack::open(&bytes[..bytes.len() - 1]).is_err());
    assert!(Pack::open(b"").is_err());
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] ^= bit;
            let Ok(pack) = Pack::open(&damaged) else { continue };
            let _ = (pack.structure(0), pack.value_set(0), pack.code_system(0));
            let _ = pack.find(Kind::Structure, "urn:s");
        }
    }
}

#[test]
fn the_core_pack_has_what_everything_rests_on() {
    let pack = Pack::open(CORE).unwrap();
    for kind in [Kind::Structure, Kind::ValueSet, Kind::CodeSystem] {
        let urls: Vec<_> =
            (0..pack.count(kind)).map(|number| pack.entry(kind, number).unwrap().url).collect();
        assert!(urls.is_sorted() && !urls.is_empty());
        for (number, url) in urls.iter().enumerate() {
            assert_eq!(pack.find(kind, url), Ok(Some(number)));
        }
    }
    let number =
        pack.find(Kind::Structure, "http://hl7.org/fhir/StructureDefinition/Patient").unwrap().unwrap();
    let patient = pack.structure(number).unwrap();
    assert_eq!((patient.snapshot.len(), patient.snapshot[9].path.as_str()), (45, "Patient.identifier"));
    assert_eq!(pack.find(Kind::Structure, "urn:nothing"), Ok(None));
}

/// Every definition of the core package, when `FHIR_DEFINITIONS` names the folder it is unpacked in.
#[test]
fn the_core_pack_is_what_the_core_package_says() {
    let Some(folder) = std::env::var_os("FHIR_DEFINITIONS") else { return };
    let pack = Pack::open(CORE).unwrap();
    let mut compared = [0, 0, 0];
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !["StructureDefinition-", "ValueSet-", "CodeSystem-"].iter().any(|start| name.starts_with(start)) {
            continue;
        }
        let value: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let number = |kind: Kind, url: &str| pack.find(kind, url).unwrap().unwrap_or_else(|| panic!("{url}"));
        if let Some(original) = Structure::read(&value) {
            let packed = pack.structure(number(Kind::Structure, &original.url)).unwrap();
            assert_eq!(packed, kept(original), "{name}");
            compared[0] += 1;
        } else if let Some(original) = ValueSet::read(&value) {
            let packed = pack.value_set(number(Kind::ValueSet, &original.url)).unwrap();
            assert_eq!(
                (packed.include.len(), packed.exclude.len()),
                (original.include.len(), original.exclude.len())
            );
            assert_eq!(packed.expansion, original.expansion);
            for (packed, original) in packed.include.iter().zip(&original.include) {
                assert_eq!((&packed.system, &packed.filters), (&original.system, &original.filters));
                let codes = |part: &crate::profile::terminology::Part| {
                    part.concepts.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>()
                };
                assert_eq!(codes(packed), codes(original), "{name}");
            }
            compared[1] += 1;
        } else if let Some(original) = CodeSystem::read(&value) {
            let packed = pack.code_system(number(Kind::CodeSystem, &original.url)).unwrap();
            assert_eq!(packed.concepts().len(), original.concepts().len());
            for (packed, original) in packed.concepts().iter().zip(original.concepts()) {
                assert_eq!((&packed.code, &packed.display), (&original.code, &original.display), "{name}");
                assert_eq!(
                    (&packed.parents, &packed.designations),
                    (&original.parents, &original.designations)
                );
            }
            compared[2] += 1;
        }
    }
    println!("compared {compared:?} structures, value sets and code systems");
    assert_eq!(compared, [655, 1316, 1062]);
}

/// What the pack keeps of a structure.
fn kept(mut structure: Structure) -> Structure {
    if !structure.snapshot.is_empty() {
        structure.differential.clear();
    }
    structure.snapshot.iter_mut().chain(&mut structure.differential).for_each(|element| element.short = None);
    structure
}
