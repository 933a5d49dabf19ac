//! Every fault of a directory is named with its line.

use super::*;

fn read(text: &str) -> Result<Directory, Vec<Fault>> {
    let known = Known {
        kinds: vec!["new-birth-visit".to_owned(), "centre-notice".to_owned()],
        receive_only: vec!["centre-notice".to_owned()],
        of_births: vec!["birth-notification".to_owned()],
        flat: vec!["birth-list".to_owned()],
        readable: vec!["Flag".to_owned()],
        issuers: vec!["i".to_owned()],
    };
    let may = May {
        call: &|address| address.starts_with("https://"),
        demand: &|profile| profile == "https://profiles.test/message",
        seal: &|key| key.starts_with("age1"),
    };
    Directory::read(text, &known, &may)
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
fn one_partner_takes_over_the_part_of_one_that_left() {
    let one = |id: &str, ods: &str, more: &str| {
        format!("[[partner]]\nid = \"{id}\"\nname = \"x\"\nrole = \"gp\"\nods = \"{ods}\"\n{more}\n")
    };
    let heir = one("a", "A81001", "succeeds = [\"gone\"]");
    let directory = read(&heir).unwrap();
    let names = |id: &str| directory.acts_for(&PartnerId(id.to_owned())).into_iter().map(|one| one.0);
    assert_eq!(names("a").collect::<Vec<_>>(), ["a", "gone"]);
    assert_eq!(names("b").collect::<Vec<_>>(), ["b"]);
    // Who is named twice is asked for once.
    let directory = read(&heir.replace("\"gone\"", "\"gone\", \"before\", \"gone\"")).unwrap();
    assert_eq!(directory.acts_for(&PartnerId("a".to_owned())).len(), 3);
    assert_eq!(read(&heir.replace("gone", "Gone Service")).unwrap_err().len(), 1);
    let still_there = read(&format!("{heir}{}", one("gone", "A81002", ""))).unwrap_err();
    assert!(still_there[0].text.contains("still in the directory"), "{still_there:?}");
    let twice = read(&format!("{heir}{}", one("b", "A81002", "succeeds = [\"gone\"]"))).unwrap_err();
    assert_eq!(twice.len(), 1, "{twice:?}");
}

#[test]
fn an_unknown_setting_is_a_fault_with_its_line() {
    assert_eq!(read("[[partner]]\nid = \"a\"\ncolour = \"red\"\n").unwrap_err()[0].line, 3);
}

#[test]
fn what_a_partner_keeps_is_known_and_needs_a_client() {
    let keeps = |what: &str, client: &str| {
        format!(
            "[[partner]]\nid = \"a\"\nname = \"A\"\nrole = \"gp\"\nods = \"A81001\"\nkeeps = [\"{what}\"]\n{client}"
        )
    };
    let client = "client = { issuer = \"i\", id = \"c\" }\n";
    let directory = read(&keeps("Consent", client)).unwrap();
    assert_eq!(directory.by_client("i", "c").unwrap().keeps, ["Consent"]);
    assert_eq!(read(&keeps("Flag", client)).unwrap_err().len(), 1);
    assert_eq!(read(&keeps("Consent", "")).unwrap_err().len(), 1);
}

#[test]
fn what_only_goes_out_is_not_sent_and_an_unknown_provider_vouches_for_nobody() {
    let one = |kind: &str, issuer: &str| {
        format!(
            "[[partner]]\nid = \"a\"\nname = \"A\"\nrole = \"gp\"\nods = \"A81001\"\nsends = [\"{kind}\"]\nclient = {{ issuer = \"{issuer}\", id = \"c\" }}\n"
        )
    };
    assert!(read(&one("new-birth-visit", "i")).is_ok());
    assert!(read(&one("centre-notice", "i")).unwrap_err()[0].text.contains("only receive"));
    assert!(read(&one("new-birth-visit", "other")).unwrap_err()[0].text.contains("client.issuer"));
}

#[test]
fn a_list_of_births_is_an_authoritys_for_centres_that_can_be_told_of_a_withdrawal() {
    let town = |role: &str, births: &str, inbox: &str| {
        // The authority is heard as the centre is.
        let heard = inbox;
        format!(
            "[[partner]]\nid = \"council\"\nname = \"C\"\nrole = \"{role}\"\nods = \"Y9820\"\nbirths = {{ {births} }}\n{heard}\
             [[partner]]\nid = \"centre\"\nname = \"C\"\nrole = \"childrens-centre\"\nods = \"8KN01\"\n{inbox}"
        )
    };
    let good = "form = \"birth-list\", keys = [\"age1x\"], centres = [\"centre\"]";
    let inbox = "inbox = { form = \"centre-notice\", receives = [\"new-birth-visit\"] }\n";
    let directory = read(&town("local-authority", good, inbox)).unwrap();
    let births = directory.partner(&PartnerId("council".to_owned())).unwrap().births.clone().unwrap();
    assert_eq!((births.suppress_below, births.round_to), (8, 5));
    let said = |role: &str, births: &str, inbox: &str| {
        let faults = read(&town(role, births, inbox)).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert!(said("gp", good, inbox).contains("births is for a local-authority"));
    assert!(said("local-authority", good, "").contains("receives nothing"));
    for (wrong, why) in [
        ("form = \"centre-notice\", keys = [\"age1x\"], centres = [\"centre\"]", "has columns"),
        ("form = \"birth-list\", keys = [\"ssh\"], centres = [\"centre\"]", "number 1 is not a public key"),
        ("form = \"birth-list\", keys = [], centres = [\"centre\"]", "births.keys is empty"),
        ("form = \"birth-list\", keys = [\"age1x\"], centres = []", "births.centres is empty"),
        (
            "form = \"birth-list\", keys = [\"age1x\"], centres = [\"other\"]",
            "'other', which is not in the directory",
        ),
        (
            "form = \"birth-list\", keys = [\"age1x\"], centres = [\"council\"]",
            "'council', which is no children's centre",
        ),
        (
            "form = \"birth-list\", keys = [\"age1x\"], centres = [\"centre\"], round_to = 0",
            "round_to is at least 1",
        ),
        (
            "form = \"birth-list\", keys = [\"age1x\"], centres = [\"centre\"], from = [\"centre-notice\"]",
            "births.from names 'centre-notice'",
        ),
        (
            "form = \"birth-list\", keys = [\"age1x\"], centres = [\"centre\"], keep_days = 367",
            "keep_days is between 1 and 366",
        ),
    ] {
        let said = said("local-authority", wrong, inbox);
        assert!(said.contains(why), "{said}");
    }
}
