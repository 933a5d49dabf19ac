//! Common transfer files: versions, namespaces, encodings, and what attacks a reader of XML.

use super::*;

const PUPIL: &str = "<Pupil><UPN>B820900121001</UPN><Surname>Whitlock</Surname><Forename>Maja</Forename><DOB>2020-03-02</DOB><Sex>F</Sex></Pupil>";

fn file(header: &str, pupils: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CTfile><Header><DocumentName>Common Transfer File</DocumentName>{header}</Header>\n<CTFpupilData>\n{pupils}\n</CTFpupilData></CTfile>"
    )
}

const SOURCE: &str = "<CTFversion>21.0</CTFversion><DateTime>2026-09-10T08:00:00</DateTime><DocumentQualifier>partial</DocumentQualifier>\
                      <SourceSchool><LEA>820</LEA><Estab>9001</Estab><AcademicYear>2026</AcademicYear></SourceSchool>\
                      <DestSchool><LEA>820</LEA><Estab>LLLL</Estab></DestSchool>";

fn place(text: &str) -> crate::school::Place {
    match rows(Form::Ctf, text).remove(0) {
        Row::Place(place) => *place,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pupil_without_a_history_is_at_the_school_that_made_the_file() {
    let one = place(&file(SOURCE, PUPIL));
    assert_eq!((one.attended.name(), one.start, one.as_of), ("820 9001", None, day("2026-09-10")));
    assert_eq!((one.pupil.given.as_str(), one.pupil.born), ("Maja", Some(day("2020-03-02"))));
    assert!(one.pupil.nhs_number.is_none(), "these files carry none");
    let by_urn =
        file("<SourceSchool><URN>900455</URN><LEA>820</LEA><Estab>9001</Estab></SourceSchool>", PUPIL);
    assert_eq!(place(&by_urn).attended.name(), "900455");
    assert_eq!(place(&by_urn).as_of, today());
}

#[test]
fn a_history_gives_a_place_for_every_stay() {
    let history = "<SchoolHistory><School><LEA>820</LEA><Estab>9001</Estab><EntryDate>2024-09-03</EntryDate><LeavingDate>2026-07-20</LeavingDate></School>\
                   <School><LEA>820</LEA><Estab>9002</Estab><EntryDate>2026-09-02</EntryDate></School></SchoolHistory></Pupil>";
    let rows = rows(Form::Ctf, &file(SOURCE, &PUPIL.replace("</Pupil>", history)));
    let stays: Vec<_> = rows
        .iter()
        .map(|row| match row {
            Row::Place(place) => (place.attended.name().to_owned(), place.start, place.end),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("820 9001".to_owned(), Some(day("2024-09-03")), Some(day("2026-07-20"))),
        ("820 9002".to_owned(), Some(day("2026-09-02")), None),
    ];
    assert_eq!(stays, expected);
}

/// A pupil who was at school 9002 from 2022 until that day, in a file of that maker: each place, and whether it has an end.
fn after_another_school(source: &str, until: &str) -> Vec<(String, bool)> {
    let history = format!(
        "<SchoolHistory><School><LEA>820</LEA><Estab>9002</Estab><EntryDate>2022-09-03</EntryDate><LeavingDate>{until}</LeavingDate></School></SchoolHistory></Pupil>"
    );
    rows(Form::Ctf, &file(source, &PUPIL.replace("</Pupil>", &history)))
        .iter()
        .map(|row| match row {
            Row::Place(place) => (place.attended.name().to_string(), place.end.is_some()),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_history_of_earlier_schools_alone_leaves_the_pupil_at_the_school_that_made_the_file() {
    let (earlier, own) = (("820 9002".to_owned(), true), ("820 9001".to_owned(), false));
    assert_eq!(after_another_school(SOURCE, "2024-07-20"), [earlier.clone(), own]);
    let authority = SOURCE.replace("9001", "LLLL");
    assert_ne!(authority, SOURCE);
    assert_eq!(after_another_school(&authority, "2024-07-20"), [earlier], "an authority is no school");
}

#[test]
fn versions_differ_in_namespaces_in_letters_and_in_whether_there_is_a_pupil_element() {
    let plain = file(SOURCE, PUPIL);
    let prefixed =
        plain.replace("<CTfile>", "<c:CTfile xmlns:c=\"urn:x\">").replace("</CTfile>", "</c:CTfile>");
    let defaulted = plain.replace("<CTfile>", "<CTfile xmlns=\"urn:x\">");
    let bare = plain.replace("<Pupil>", "").replace("</Pupil>", "");
    let lower = plain.replace("Surname", "surname").replace("CTfile", "CTFile");
    for text in [prefixed, defaulted, bare, lower] {
        assert_eq!(place(&text).pupil.family, "Whitlock", "{text}");
    }
}

#[test]
fn a_declared_encoding_is_honoured() {
    let text = file(SOURCE, &PUPIL.replace("Maja", "Zoë")).replace("UTF-8", "windows-1252");
    let bytes = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let lines = lines(Form::Ctf, &bytes).unwrap();
    assert!(matches!(&lines[0].row, Some(Row::Place(place)) if place.pupil.given == "Zoë"));
    let undeclared =
        super::lines(Form::Ctf, &encoding_rs::WINDOWS_1252.encode(&text.replace("windows-1252", "UTF-8")).0);
    assert!(undeclared.unwrap_err().contains("cannot be read on"));
    assert!(
        super::lines(Form::Ctf, text.replace("windows-1252", "utf-16").as_bytes())
            .unwrap_err()
            .contains("Save it in UTF-8")
    );
}

#[test]
fn names_with_entities_are_whole_and_a_contact_is_not_the_pupil() {
    let contact =
        "<Contacts><Contact><Surname>Smith</Surname><Forename>Jo</Forename></Contact></Contacts></Pupil>";
    let text = file(
        SOURCE,
        &PUPIL.replace("Whitlock", "O&apos;Neill &amp; Bly&#x74;h").replace("</Pupil>", contact),
    );
    let one = place(&text);
    assert_eq!((one.pupil.family.as_str(), one.pupil.given.as_str()), ("O'Neill & Blyth", "Maja"));
}

#[test]
fn what_attacks_a_reader_of_xml_is_refused_whole() {
    let whole = file(SOURCE, PUPIL);
    let bomb =
        whole.replace("<CTfile>", "<!DOCTYPE c [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><CTfile>");
    let entity = whole.replace("Maja", "&name;");
    let deep = whole.replace("<Pupil>", &format!("{}<Pupil>", "<a>".repeat(100)));
    let (truncated, _) = whole.split_at(whole.find("</CTFpupilData>").unwrap());
    for (text, why) in [
        (bomb.as_str(), "document type"),
        (&entity, "entities of one's own"),
        (&deep, "nests deeper"),
        (truncated, "breaks off"),
        (&file(SOURCE, ""), "no pupil"),
        ("<html/>", "no common transfer file"),
        ("<CTfile><Header></CTfile>", "cannot be read on"),
        ("", "no pupil"),
    ] {
        let fault = lines(Form::Ctf, text.as_bytes()).unwrap_err();
        assert!(fault.contains(why), "{why}: {fault}");
    }
}

#[test]
fn a_pupil_with_faults_keeps_the_others() {
    let wrong = PUPIL
        .replace("B820900121001", "C820900121001")
        .replace("2020-03-02", "2031-03-02")
        .replace("Maja", "");
    let lines = lines(Form::Ctf, file(SOURCE, &format!("{wrong}\n{PUPIL}")).as_bytes()).unwrap();
    let columns: Vec<&str> = lines[0].faults.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["Forename", "UPN", "DOB"]);
    assert_eq!((lines[0].line, lines[1].line), (4, 5));
    assert!(lines[0].row.is_none() && lines[1].row.is_some());
}
