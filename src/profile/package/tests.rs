//! Packages: good, broken, hostile.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const PROFILE: &str =
    r#"{"resourceType":"StructureDefinition","url":"urn:p","type":"Patient","kind":"resource"}"#;

/// A `.tgz` of these files. Names are written as they are, since `tar` itself refuses to write hostile ones.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn refusal(files: &[(&str, &[u8])]) -> String {
    Package::from_archive("p.tgz", &archive(files)).unwrap_err().to_string()
}

#[test]
fn reads_name_version_and_definitions_and_leaves_the_rest() {
    let about = br#"{"name":"a.b","version":"1.2.0"}"#;
    let bytes = archive(&[
        ("package/package.json", about),
        ("package/.index.json", b"no JSON"),
        ("package/p.json", PROFILE.as_bytes()),
        ("package/examples/e.json", b"no JSON either"),
        ("package/x.xml", b"<x/>"),
    ]);
    let package = Package::from_archive("p.tgz", &bytes).unwrap();
    assert_eq!((package.name.as_str(), package.version.as_deref()), ("a.b", Some("1.2.0")));
    assert_eq!(package.structures.len(), 1);
}

#[test]
fn reads_files_single_resources_and_bundles() {
    let package = Package::from_files("folder", [("p.json", PROFILE)]).unwrap();
    assert_eq!((package.name.as_str(), package.structures.len()), ("folder", 1));
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{PROFILE}}}]}}"#);
    assert_eq!(Package::from_resource("b.json", bundle.as_bytes()).unwrap().structures.len(), 1);
}

#[test]
fn names_the_file_and_the_cause() {
    let text = refusal(&[("package/broken.json", b"{\"a\":\n}")]);
    assert!(text.contains("p.tgz: package/broken.json is not JSON") && text.contains("line 2"), "{text}");
    let text = refusal(&[("package/v.json", br#"{"resourceType":"ValueSet"}"#)]);
    assert!(text.contains("package/v.json is a ValueSet without a url"), "{text}");
    assert!(refusal(&[("package/readme.txt", b"")]).contains("there is no StructureDefinition"));
    let text = Package::from_archive("p.tgz", b"not a package").unwrap_err().to_string();
    assert!(text.contains("not a readable package"), "{text}");
}

#[test]
fn a_cut_off_archive_is_an_error() {
    let whole = archive(&[("package/p.json", PROFILE.as_bytes())]);
    assert!(Package::from_archive("p.tgz", &whole[..whole.len() - 12]).is_err());
}

#[test]
fn refuses_bombs() {
    let zeros = vec![b' '; 8 << 20];
    assert!(refusal(&[("package/p.json", &zeros)]).contains("bytes unpacked"));
    let limits = Limits { entries: 1, ..Limits::default() };
    let two = archive(&[("a.json", b"{}"), ("b.json", b"{}")]);
    let text = Package::from_archive_within("p.tgz", &two, limits).unwrap_err().to_string();
    assert!(text.contains("more than 1 files"), "{text}");
    // A header may claim any size; only what is really there counts.
    let mut header = tar::Header::new_gnu();
    header.set_size(1 << 60);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(header.as_bytes()).unwrap();
    assert!(Package::from_archive("p.tgz", &gzip.finish().unwrap()).is_err());
}

#[test]
fn refuses_names_that_leave_the_package() {
    assert!(refusal(&[("package/../../etc/p.json", b"{}")]).contains("points outside"));
    assert!(refusal(&[("/etc/p.json", b"{}")]).contains("points outside"));
}
