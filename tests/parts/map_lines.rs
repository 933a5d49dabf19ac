//! `kith map --ndjson` through the binary: what goes in line by line comes back line by line, and a wrong line is named.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use kith::catalogue::Catalogue;
use serde_json::Value;

fn map(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    let form = if arguments.contains(&"--csv") { "--" } else { "--ndjson" };
    command.arg("map").args(arguments).args([form, "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut inlet = child.stdin.take().expect("its input");
    std::thread::scope(|scope| {
        // It may not read on before somebody takes what it wrote.
        scope.spawn(move || inlet.write_all(input.as_bytes()).expect("it reads"));
        child.wait_with_output().expect("it ends")
    })
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn records_of_every_kind_come_back_line_by_line() {
    for kind in Catalogue::builtin().expect("the catalogue").kinds() {
        let records: Vec<&Value> = kind.examples.iter().map(|(_, record)| record).collect();
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let there = map(&["to-fhir", "--kind", &kind.name], &lines);
        let back = map(&["to-record", "--strict", "--kind", &kind.name], text(&there.stdout));
        let back: Vec<Value> =
            text(&back.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(back.iter().collect::<Vec<_>>(), records, "{}", kind.name);
    }
}

#[test]
fn many_lines_come_back_in_their_order() {
    let catalogue = Catalogue::builtin().expect("the catalogue");
    let (_, record) = &catalogue.kind("new-birth-visit").expect("the kind").examples[0];
    let mut record = record.clone();
    let lines: String = (0..1_500)
        .map(|number| {
            record["child"]["name"]["family"] = format!("Family {number}").into();
            format!("{record}\n")
        })
        .collect();
    let there = map(&["to-fhir", "--kind", "new-birth-visit"], &lines);
    let back = map(&["to-record", "--strict", "--kind", "new-birth-visit"], text(&there.stdout));
    let families = text(&back.stdout).lines().map(|line| {
        let record: Value = serde_json::from_str(line).expect("JSON");
        record["child"]["name"]["family"].as_str().map(str::to_owned)
    });
    let wanted = (0..1_500).map(|number| Some(format!("Family {number}")));
    assert!(families.eq(wanted), "{}", text(&back.stderr));
}

#[test]
fn who_sends_a_line_and_waits_gets_its_answer() {
    let catalogue = Catalogue::builtin().expect("the catalogue");
    let (_, record) = &catalogue.kind("new-birth-visit").expect("the kind").examples[0];
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    command.args(["map", "to-fhir", "--kind", "new-birth-visit", "--ndjson", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("its input");
    let mut output = BufReader::new(child.stdout.take().expect("its output")).lines();
    for _ in 0..2 {
        writeln!(input, "{record}").expect("it reads");
        let answer = output.next().expect("an answer").expect("text");
        assert!(answer.starts_with("{\"resourceType\":\"Bundle\""), "{answer}");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_wrong_line_is_named_and_the_others_go_on() {
    let catalogue = Catalogue::builtin().expect("the catalogue");
    let (_, good) = &catalogue.kind("new-birth-visit").expect("the kind").examples[0];
    let output = map(&["to-fhir", "--kind", "new-birth-visit"], &format!("{{\"a\":\n\n{good}\n{{}}"));
    let told = text(&output.stderr);
    assert_eq!(text(&output.stdout).lines().count(), 1);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("line 1: column 6") && told.contains("line 4: child"), "{told}");
}

#[test]
fn flat_records_come_back_row_by_row() {
    let catalogue = Catalogue::builtin().expect("the catalogue");
    for kind in catalogue.kinds().filter(|kind| !kind.mapping.columns.is_empty()) {
        let records: Vec<&Value> = kind.examples.iter().map(|(_, record)| record).collect();
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        let there = map(&["to-fhir", "--kind", &kind.name], &lines);
        let rows = map(&["to-record", "--csv", "--kind", &kind.name], text(&there.stdout));
        assert_eq!(text(&rows.stdout).lines().count(), records.len() + 1, "{}", text(&rows.stderr));
        let again = map(&["to-fhir", "--strict", "--csv", "--kind", &kind.name], text(&rows.stdout));
        // The order of a record's fields is not that of the columns, and ids follow from the record's text.
        let back = map(&["to-record", "--strict", "--kind", &kind.name], text(&again.stdout));
        let back: Vec<Value> =
            text(&back.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(back.iter().collect::<Vec<_>>(), records, "{}: {}", kind.name, text(&again.stderr));
    }
}

#[test]
fn a_wrong_row_is_named_and_an_unknown_column_is_refused() {
    let head = "Sender,Month,Births,attended\n";
    let rows =
        format!("{head}8EX01,2026-05,41,118\n8EX01,2026-06,many,\n8EX01,June,4,\n8EX01,2026-07,4,,more\n");
    let output = map(&["to-fhir", "--csv", "--kind", "centre-reach"], &rows);
    let told = text(&output.stderr);
    assert_eq!((text(&output.stdout).lines().count(), output.status.code()), (1, Some(1)), "{told}");
    for line in
        ["line 3: column 'Births': expected a number", "line 4: month: ", "line 5: there are more cells"]
    {
        assert!(told.contains(line), "{line}: {told}");
    }
    let unknown = map(&["to-fhir", "--csv", "--kind", "centre-reach"], "Sender,Postcode\n8EX01,x\n");
    assert!(text(&unknown.stderr).contains("knows no column 'Postcode'"), "{}", text(&unknown.stderr));
    let empty = map(&["to-fhir", "--csv", "--kind", "centre-reach"], "");
    assert!(text(&empty.stderr).contains("the file is empty") && empty.status.code() == Some(1));
    let grouped = map(&["to-fhir", "--csv", "--kind", "concern"], "x\n");
    assert!(text(&grouped.stderr).contains("not flat"), "{}", text(&grouped.stderr));
}

#[test]
fn a_row_from_a_spreadsheet_means_what_it_meant_before() {
    let names = "Sender,NHS number,Given names,Family name,Birth date,Sex,Address lines,Address town,Address postcode";
    let made = |row: &str| {
        let output = map(
            &["to-fhir", "--strict", "--csv", "--kind", "birth-notification"],
            &format!("{names}\n{row}\n"),
        );
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let of_records =
        made("RZ998,9990000018,Maja; Rose,Whitlock,2026-11-02,female,Flat 2; 14 Weir Lane,Kenford,CV99 1AA");
    let of_a_spreadsheet =
        made("rz998,999 000 0018,Maja; Rose,Whitlock,02/11/2026,Female,Flat 2; 14 Weir Lane,Kenford,cv991aa");
    assert_eq!(of_a_spreadsheet, of_records);
    let unclear = map(
        &["to-fhir", "--csv", "--kind", "birth-notification"],
        &format!("{names}\nRZ998,9990000018,Maja,Whitlock,02/11/26,female,14 Weir Lane,Kenford,CV99 1AA\n"),
    );
    assert!(text(&unclear.stderr).contains("child.birthDate"), "{}", text(&unclear.stderr));
}
