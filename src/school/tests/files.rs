//! CSV: columns by name, codes with and without zeros, encodings, faults with their lines.

use super::super::{Attended, Openness, neutral};
use super::*;

const GIAS: &str = "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),EstablishmentStatus (code),\
                    PhaseOfEducation (code),StatutoryLowAge,StatutoryHighAge,OpenDate,CloseDate,Street,Town,Postcode\n";

fn school(text: &str) -> crate::school::Establishment {
    match rows(Form::Gias, text).remove(0) {
        Row::School(school) => *school,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_establishment_is_read_by_the_names_of_its_columns() {
    let one = school(&format!(
        "{GIAS}900455,820,9001,Kenford Primary School,01,1,2,4,11,01-09-1990,,Weir Lane,Kenford,CV99 1AB\n"
    ));
    assert_eq!(
        (one.urn.as_str(), one.name.as_str(), one.openness),
        ("900455", "Kenford Primary School", Openness::Open)
    );
    assert_eq!((one.kind, one.phase, one.low_age, one.high_age), (Some(1), Some(2), Some(4), Some(11)));
    assert_eq!((one.opened, one.laestab().as_deref()), (Some(day("1990-09-01")), Some("820 9001")));
    assert_eq!(one.address, ["Weir Lane", "Kenford"]);
    let narrow = school(
        "EstablishmentName,EstablishmentStatus (name),URN\nOld School,\"Open, but proposed to close\",100001\n",
    );
    assert_eq!((narrow.openness, narrow.postcode), (Openness::ToClose, None));
}

#[test]
fn a_code_is_the_same_with_zeros_before_it_and_a_childrens_centre_has_five_digits() {
    for code in ["047", "47", "48"] {
        let one =
            school(&format!("{GIAS}21081,02,0123,Westgate Children's Centre,{code},02,0,,,,31-08-2019,,,\n"));
        assert!(one.is_childrens_centre(), "{code}");
        assert_eq!(
            (one.authority, one.number, one.openness, one.closed),
            (Some(2), Some(123), Openness::Closed, Some(day("2019-08-31")))
        );
    }
}

#[test]
fn windows_1252_and_utf_8_with_a_mark_are_both_read() {
    let latin = [GIAS.as_bytes(), b"900456,820,9002,St Ren\xE9e\x92s,1,1,2,4,11,,,,,\n"].concat();
    let marked = format!("\u{feff}{GIAS}900456,820,9002,St Renée’s,1,1,2,4,11,,,,,\n");
    for bytes in [latin.as_slice(), marked.as_bytes()] {
        let lines = lines(Form::Gias, bytes).unwrap();
        assert!(
            matches!(&lines[0].row, Some(Row::School(one)) if one.name == "St Renée’s" && one.urn == "900456")
        );
    }
}

#[test]
fn what_is_wrong_with_a_row_is_said_with_its_line_and_column_and_without_its_value() {
    let found = faults(
        Form::Gias,
        &format!("{GIAS}900455,820,9001,A,1,1,2,4,11,,,,,\nabc,8x0,9001,,1,7,2,4,11,32-01-2020,,,,\n"),
    );
    let at: Vec<(u64, &str)> = found.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    let expected = ["URN", "EstablishmentName", "EstablishmentStatus (code)", "LA (code)", "OpenDate"];
    assert_eq!(at, expected.map(|column| (3, column)));
    assert!(found.iter().all(|fault| !fault.text.contains("8x0") && fault.text.ends_with('.')), "{found:?}");
}

#[test]
fn another_kind_of_file_is_told_from_a_bad_row() {
    let fault = lines(Form::Gias, b"Name,Telephone\nA,1\n").unwrap_err();
    assert_eq!(
        fault,
        "The first line does not name these columns: URN, EstablishmentName, EstablishmentStatus (code). Is it this kind of file? (line 1)"
    );
    assert!(lines(Form::Gias, b"\xFF\xFEU\0R\0N\0").unwrap_err().contains("UTF-16"));
    assert!(lines(Form::Gias, b"").is_err());
}

#[test]
fn a_quotation_mark_that_is_not_closed_does_not_pull_in_the_file() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'x');
            self.0 += buffer.len() as u64;
            assert!(self.0 < 4 << 20, "it goes on reading");
            Ok(buffer.len())
        }
    }
    let start = format!("{GIAS}900455,820,9001,\"A");
    let source = std::io::Read::chain(start.as_bytes(), Endless(0));
    let fault = read(Form::Gias, source, today(), &mut |_| true).unwrap_err();
    assert!(fault.to_string().contains("longer than 1 MiB"), "{fault}");
}

#[test]
fn only_links_to_successors_count() {
    let text = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100000,100001,New,Successor,01-09-2020\n100001,100000,Old,Predecessor,01-09-2020\n";
    let rows = rows(Form::GiasLinks, text);
    assert!(
        matches!(&rows[0], Row::Link(link) if link.successor.as_str() == "100001" && link.since == Some(day("2020-09-01")))
    );
    assert_eq!(rows[1], Row::Nothing);
}

#[test]
fn places_come_with_the_names_of_health_systems_and_of_schools() {
    let one = rows(
        Form::Places,
        "Date of birth,NHS number,Surname,Forename,School code,Start date\n20200302,999 100 0089,Whitlock,Maja,900455,01/09/2024\n",
    );
    let Row::Place(place) = &one[0] else { panic!("{one:?}") };
    assert_eq!(place.pupil.born, Some(day("2020-03-02")));
    assert_eq!(place.pupil.nhs_number.as_ref().map(|number| number.reveal()), Some("9991000089"));
    assert_eq!(
        (place.attended.name(), place.start, place.as_of),
        ("900455", Some(day("2024-09-01")), today())
    );
    for (code, attended) in
        [("999999", Attended::Home), ("888888", Attended::Unknown), ("X99999", Attended::Unknown)]
    {
        let rows = rows(Form::Places, &format!("UPN,School URN\nB820900121001,{code}\n"));
        assert!(matches!(&rows[0], Row::Place(place) if place.attended == attended), "{code}");
    }
}

#[test]
fn days_that_cannot_be_and_rows_of_nobody_are_refused() {
    let head = "NHS number,Surname,Forename,DOB,School URN,Start date,End date,As of\n";
    for (row, column) in [
        ("9991000089,,,,900455,2026-09-01,2025-09-01,", "End date"),
        ("9991000089,,,,900455,,,2027-01-01", "As of"),
        ("9991000089,,,2027-01-01,900455,,,", "Birth date"),
        ("9991000088,,,,900455,,,", "NHS number"),
        (",Whitlock,Maja,,900455,,,", "NHS number"),
        ("9991000089,,,,90,,,", "School URN"),
        ("9991000089,,,,,,,", "School URN"),
    ] {
        let found = faults(Form::Places, &format!("{head}{row}\n"));
        assert_eq!(
            found.iter().map(|fault| fault.column.as_str()).collect::<Vec<_>>(),
            [column],
            "{row}: {found:?}"
        );
    }
}

#[test]
fn a_cell_is_no_formula_in_what_is_exported() {
    for cell in ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"] {
        assert_eq!(neutral(cell), format!("'{cell}"));
    }
    assert_eq!(neutral("St Anne's"), "St Anne's");
}
