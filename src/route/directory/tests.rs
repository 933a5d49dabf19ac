//! Every fault of a directory is named with its line.

use super::*;

fn read(text: &str) -> Result<Directory, Vec<Fault>> {
    Directory::read(text, &["new-birth-visit".to_owned()], |address| address.starts_with("https://"))
}

#[test]
fn every_fault_is_named_with_its_line() {
    let text = "[[partner]]\nid = \"a\"\nname = \"A\"\nrole = \"gp\"\nods = \"A81001\"\nsends = [\"nothing\"]\n\n\
                [[partner]]\nid = \"b\"\nname = \"B\"\nrole = \"wizard\"\nods = \"?\"\nlinked = [\"c\"]\n";
    let faults = read(text).unwrap_err();
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [1, 1, 8, 8], "{faults:?}");
}

#[test]
fn a_client_belongs_to_one_partner() {
    let one = |id: &str, ods: &str| {
        format!(
            "[[partner]]\nid = \"{id}\"\nname = \"x\"\nrole = \"gp\"\nods = \"{ods}\"\nclient = {{ issuer = \"i\", id = \"c\" }}\n"
        )
    };
    assert!(read(&format!("{}{}", one("a", "A81001"), one("b", "A81002"))).is_err());
    let directory = read(&one("a", "A81001")).unwrap();
    assert_eq!(directory.by_client("i", "c").unwrap().id.as_str(), "a");
    assert!(directory.by_client("other", "c").is_none());
}

#[test]
fn an_unknown_setting_is_a_fault_with_its_line() {
    assert_eq!(read("[[partner]]\nid = \"a\"\ncolour = \"red\"\n").unwrap_err()[0].line, 3);
}
