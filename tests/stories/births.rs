//! `kith births`: the monthly list for a local authority, from the files that child health services have to the table of one centre.

pub mod desk;
mod messages;
mod numbers;

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::answered::withdraws;
use crate::world::load::journal_is_intact;
use crate::world::{self, Caller, World, until};
use desk::{Desk, LOCAL, MONTH, NAMED, REFUSED, family, form, number, opens, said, table};

/// The babies of October: nine in the area of the north centre, two in Aldermere's, one in nobody's; and one of November.
const BORN: &[(usize, &str, &str)] = &[
    (0, "2026-10-01", "CV99 1AA"),
    (1, "2026-10-02", "CV99 1AB"),
    (2, "2026-10-03", "CV99 1AC"),
    (3, "2026-10-04", "CV99 4AA"),
    (4, "2026-10-05", "B1 1AA"),
    (5, "2026-10-06", "CV99 1AD"),
    (6, "2026-10-07", "CV99 1AE"),
    (7, "2026-10-08", "CV99 1AF"),
    (8, "2026-10-09", "CV99 1AG"),
    (9, "2026-10-10", "CV99 1AH"),
    (10, "2026-10-11", "CV99 1AJ"),
    (11, "2026-10-12", "CV99 4AB"),
    (12, "2026-11-01", "CV99 1AA"),
];

#[test]
fn each_child_stands_where_its_parents_agreed_and_all_are_counted() {
    world::run(async {
        let desk = Desk::open().await;
        let born = desk.births(BORN);
        let forms = desk.forms(&[
            form(0, NAMED, "CV99 1AA"),
            form(1, LOCAL, "CV99 1AB"),
            form(2, REFUSED, "CV99 1AC"),
            form(3, LOCAL, "CV99 4AA"),
            form(4, LOCAL, "B1 1AA"),
        ]);
        let made = desk.makes("october", &[&born, &forms], 0);
        assert_eq!(
            (&made["births"], &made["listed"], &made["elsewhere"]),
            (&json!("10"), &json!("*"), &json!("*"))
        );
        assert_eq!(
            (&made["centres"][1]["births"], &made["centres"][0]["births"]),
            (&json!("10"), &json!("*"))
        );
        assert_eq!((&made["records"], &made["ofOtherMonths"]), (&json!(18), &json!(1)));
        assert!(made["unreached"][0].as_str().unwrap().ends_with("forms.ndjson, line 5"), "{made}");
        let count = fs::read_to_string(made["count"].as_str().unwrap()).unwrap();
        assert!(count.contains("Kenford North Children's Centre,900101,10,*"), "{count}");

        // Each on one part, exactly what was agreed; who refused, and who was not asked, on none.
        let rows = desk.rows("october");
        assert_eq!(said(&rows, "Centre"), ["aldermere-centre", "north-centre", "north-centre"]);
        assert_eq!(said(&rows, "Family name"), [family(3), family(0), family(1)]);
        assert_eq!(said(&rows, "Address postcode"), ["", "CV99 1AA", ""]);
        assert_eq!(said(&rows, "NHS number"), ["", "", ""]);
        assert_eq!(said(&rows, "Ground"), ["consent", "consent", "consent"]);

        // Only the council's key opens it, and says the same when the list is made again, whatever the order of the files.
        let sealed = fs::read(desk.sealed("october")).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"Canary"));
        let stranger = desk.put("stranger.key", kith::secrecy::LetterKeys::new().private.reveal());
        assert_eq!(opens(&stranger, &desk.sealed("october"), &[]).status.code(), Some(2));
        desk.makes("again", &[&forms, &born], 0);
        assert_eq!(desk.rows("again"), rows);
        assert_ne!(fs::read(desk.sealed("again")).unwrap(), sealed);

        let parts = desk.world.folder.path.join("parts");
        let opened = opens(&desk.key, &desk.sealed("october"), &["--out", parts.to_str().unwrap()]);
        assert_eq!(opened.status.code(), Some(0), "{}", String::from_utf8_lossy(&opened.stderr));
        assert_eq!(table(&fs::read(parts.join("north-centre.csv")).unwrap()), rows[1..]);
        assert_eq!(table(&fs::read(parts.join("aldermere-centre.csv")).unwrap()), rows[..1]);
        journal_is_intact(&desk.world.folder);
    });
}

#[test]
fn others_programs_open_it_too() {
    world::run(async {
        if Command::new("age").arg("--version").output().is_err() {
            println!("skipped: age is not installed");
            return;
        }
        let desk = Desk::open().await;
        let forms = desk.forms(&[form(0, NAMED, "CV99 1AA")]);
        desk.makes("october", &[&forms], 0);
        let mut command = Command::new("age");
        command.args(["--decrypt", "--identity"]).arg(&desk.key).arg(desk.sealed("october"));
        let opened = command.output().unwrap();
        assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
        assert_eq!(table(&opened.stdout), desk.rows("october"));
    });
}

#[test]
fn a_list_is_signed_by_this_kith_and_no_other_file_passes_for_it() {
    world::run(async {
        let desk = Desk::open().await;
        let forms = desk.forms(&[form(0, NAMED, "CV99 1AA")]);
        let made = desk.makes("october", &[&forms], 0);
        let (key, list) = (made["signedBy"].as_str().unwrap(), desk.sealed("october"));
        let signature = made["signature"].as_str().unwrap();
        assert_eq!(signature, format!("{}.sig", list.display()));
        let code = |list: &std::path::Path, signer: &str| {
            opens(&desk.key, list, &["--signer", signer]).status.code()
        };
        assert_eq!(code(&list, key), Some(0));
        let another = kith::secrecy::ssh_key(&[9; 32]);
        assert_eq!(code(&list, &another), Some(2), "another's key");
        assert_eq!(code(&list, "AGE-SECRET-KEY-1"), Some(2), "no key");

        // Anybody can seal a list for the authority; nobody else can sign it.
        desk.makes("again", &[&forms], 0);
        fs::copy(desk.sealed("again"), &list).unwrap();
        assert_eq!(code(&list, key), Some(2), "another list under this signature");
        assert_eq!(
            opens(&desk.key, &list, &[]).status.code(),
            Some(0),
            "without --signer it is not looked at"
        );
        fs::remove_file(signature).unwrap();
        let alone = opens(&desk.key, &list, &["--signer", key]);
        assert_eq!(alone.status.code(), Some(2), "no signature");
        assert!(String::from_utf8_lossy(&alone.stderr).contains("lies beside the list"), "{alone:?}");

        // OpenSSH says the same.
        if Command::new("ssh-keygen").arg("-?").output().is_err() {
            println!("skipped: ssh-keygen is not installed");
            return;
        }
        let allowed = desk.put("allowed", &format!("kith {key}\n"));
        let verifies = |list: &std::path::Path| {
            let mut command = Command::new("ssh-keygen");
            command.args(["-Y", "verify", "-I", "kith", "-n", "births@kith.example", "-f"]).arg(&allowed);
            command.arg("-s").arg(format!("{}.sig", desk.sealed("again").display()));
            command.stdin(fs::File::open(list).unwrap()).output().unwrap()
        };
        let good = verifies(&desk.sealed("again"));
        assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stdout));
        assert!(!verifies(&desk.key).status.success(), "another file");
    });
}

#[test]
fn a_consent_that_ends_takes_the_child_off_the_list_and_asks_the_centre_to_delete_its_row() {
    world::run(async {
        let desk = Desk::at(World::start().await);
        let files = [desk.forms(&[form(0, NAMED, "CV99 1AA"), form(1, NAMED, "CV99 1AA")])];
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        desk.makes("october", &files, 0);
        let rows = desk.rows("october");
        assert_eq!(rows.len(), 2);
        let reference = rows[0]["Reference"].as_str().unwrap();

        // The gateway has read that the council takes lists, and has an inbox.
        let council = Caller::of(&desk.world, "authority");
        until("the council has an inbox", || async {
            (council.gets("/inbox/messages").await.status == 200).then_some(())
        })
        .await;
        withdraws(&desk.world, &number(0)).await;
        let notices = desk.world.centre().wait_until_arrived(1).await;
        let messages = notices[0].json()["messages"].clone();
        assert_eq!(messages.as_array().unwrap().len(), 1, "{messages}");
        assert_eq!(messages[0]["id"], format!("urn:uuid:{reference}"));
        assert_eq!(messages[0]["kind"], "birth-list");

        // The council, which took it there, reads the same in its inbox; neither is told whose row it is.
        let read = until("the council is told", || async {
            let read = council.gets("/inbox/messages").await.expect(200).json();
            read["messages"].as_array().is_some_and(|messages| !messages.is_empty()).then_some(read)
        })
        .await;
        assert_eq!(read["messages"][0]["record"]["messages"][0]["id"], format!("urn:uuid:{reference}"));
        assert!(!read.to_string().contains(&number(0)) && !notices[0].text().contains(&number(0)), "{read}");

        // The old form is no new agreement.
        desk.makes("later", &files, 0);
        assert_eq!(said(&desk.rows("later"), "Family name"), [family(1)]);
        desk.world.wait_until_all_settled().await;
        assert_eq!(desk.world.centre().arrived().len(), 1, "nobody else is recalled");
    });
}

#[test]
fn what_was_agreed_before_counts_for_a_birth_that_is_only_notified() {
    world::run(async {
        let desk = Desk::at(World::start().await);
        let mut agreed = form(1, NAMED, "CV99 1AB");
        agreed["noVisitRule"] = json!(true);
        let sent = desk.world.health_visitor().sends("first-visit-form", &agreed).await.expect(202);
        desk.world.wait_for(&sent, "north-centre", "completed").await;
        let born = desk.births(&BORN[..3]);
        desk.makes("october", &[&born], 0);
        let rows = desk.rows("october");
        assert_eq!(said(&rows, "Family name"), [family(1)]);
        assert_eq!(said(&rows, "From"), ["Kenford and District Community NHS Trust"]);
        // The notification says nothing of visits; the address never goes without what the parents asked.
        assert_eq!(
            (said(&rows, "Address postcode"), said(&rows, "Do not visit")),
            (vec!["CV99 1AB"], vec!["yes"])
        );
        let told = desk.world.journal().await;
        let of = |event: &str| told.iter().filter(|entry| entry["event"] == event).count();
        assert_eq!((of("listed"), of("withheld")), (2, 2), "one child and the list; two were kept off it");
        assert_eq!(desk.world.partner("north-centre").arrived().len(), 1, "a list delivers nothing");
    });
}

#[test]
fn a_preview_leaves_no_trace() {
    world::run(async {
        let desk = Desk::open().await;
        let forms = desk.forms(&[form(0, NAMED, "CV99 1AA")]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.args([
            "births",
            "list",
            "--authority",
            "kenfordshire",
            "--month",
            MONTH,
            "--preview",
            "--config",
        ]);
        let output = command.arg(&desk.world.folder.path).arg(&forms).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("* children were born, * are on the list") && text.contains("nothing was written"),
            "{text}"
        );
        let journal = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["journal", "export", "--config"])
            .arg(&desk.world.folder.path)
            .output()
            .unwrap();
        assert!(journal.status.success() && journal.stdout.is_empty(), "{:?}", journal.stdout);
    });
}

#[test]
fn what_is_wrong_is_named_by_its_line_and_nothing_is_written_over() {
    world::run(async {
        let desk = Desk::open().await;
        let mut other = form(1, NAMED, "CV99 1AA");
        other["healthVisitor"]["organisation"]["odsCode"] = json!("RZ111");
        let mut wrong = form(2, NAMED, "CV99 1AA");
        wrong["child"]["nhsNumber"] = json!("9992000000");
        let good = form(0, NAMED, "CV99 1AA");
        let text = format!("{good}\n{other}\n{wrong}\n{{\"child\": \n");
        let forms = format!("first-visit-form={}", desk.put("forms.ndjson", &text).display());
        let made = desk.makes("october", &[&forms], 1);
        let faults: Vec<&str> = made["faults"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (line, words) in [(2, "not in the directory"), (3, "check digit"), (4, "ends too early")] {
            let named = format!("line {line}: ");
            assert!(faults.iter().any(|fault| fault.contains(&named) && fault.contains(words)), "{faults:?}");
        }
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(said(&desk.rows("october"), "Family name"), [family(0)]);

        let ends = |output: &Output, words: &str| {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains(words), "{said}");
        };
        ends(&desk.lists("october", &[&forms]), "is there already");
        ends(&desk.lists("other", &["nothing=x.json"]), "no such record kind");
        ends(&desk.lists("other", &["first-visit-form=nowhere.json"]), "cannot be read");
        ends(&desk.lists("other", &["forms.ndjson"]), "say the kind");
        let columns = desk.put("births.csv", "Colour\nred\n");
        ends(
            &desk.lists("other", &[&format!("birth-notification={}", columns.display())]),
            "no column 'Colour'",
        );
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.args([
            "births",
            "list",
            "--authority",
            "governance",
            "--month",
            MONTH,
            "--preview",
            "--config",
        ]);
        ends(&command.arg(&desk.world.folder.path).arg(&forms).output().unwrap(), "takes no list of births");
        ends(&opens(&desk.key, &desk.put("no.age", "age?"), &[]), "no.age");
    });
}
