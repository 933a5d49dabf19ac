//! Lists as authorities have them, of any size; all of it is invented.

use std::fmt::Write as _;

/// Establishments with so many columns; in a later year some have closed and some have other names.
pub fn gias(rows: usize, columns: usize, year: usize) -> String {
    let head = [
        "URN",
        "LA (code)",
        "EstablishmentNumber",
        "EstablishmentName",
        "TypeOfEstablishment (code)",
        "EstablishmentStatus (code)",
        "PhaseOfEducation (code)",
        "CloseDate",
        "Postcode",
    ];
    let more: Vec<String> = (head.len()..columns).map(|n| format!("Column {n} (name)")).collect();
    let mut text =
        head.iter().map(|name| (*name).to_owned()).chain(more.iter().cloned()).collect::<Vec<_>>().join(",");
    let filler = ",Not applicable".repeat(more.len());
    for n in 0..rows {
        let closed = year > 2026 && n % 500 == 0;
        let (status, date) = if closed { (2, "31-08-2026") } else { (1, "") };
        let name = if year > 2026 && n % 100 == 1 {
            format!("New School {n}")
        } else {
            format!("\"School {n}, Kenford\"")
        };
        let _ = write!(
            text,
            "\n{},{},{:04},{name},1,{status},2,{date},CV99 {}AA{filler}",
            100_000 + n,
            820 + n / 9_000,
            n % 9_000 + 1_000,
            n % 9
        );
    }
    text.push('\n');
    text
}

/// A valid number, the same for the same child.
pub fn nhs_number(n: usize) -> String {
    // Numbers that would need the check digit 10 do not exist, so each child has a range to itself.
    (0..).map(|step| 999_999_999 - n * 4 - step).find_map(checked).expect("one of a few has a check digit")
}

fn checked(nine: usize) -> Option<String> {
    let digits = format!("{nine:09}");
    let sum: usize =
        digits.bytes().zip((2..=10).rev()).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(format!("{digits}0")),
        check => Some(format!("{digits}{check}")),
    }
}

/// A valid pupil number.
pub fn upn(n: usize) -> String {
    let rest = format!("820{:04}{:02}{:03}", 1_000 + n / 1_000, n / 1_000 % 100, n % 1_000);
    let sum: usize = rest.bytes().zip(2..).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{}{rest}", char::from(b"ABCDEFGHJKLMNPQRTUVWXYZ"[sum % 23]))
}

/// Invented, the same for the same child; spread like real ones: about fifteen households a postcode, births over eleven years.
fn name(n: usize) -> (String, String, String, String) {
    let mixed = n.wrapping_mul(2_654_435_761) % 1_000_003;
    let word = |mut n: usize, length: usize| {
        let mut text = String::from("N");
        for _ in 0..length {
            text.push(char::from(b'a' + u8::try_from(n % 26).expect("a letter")));
            n /= 26;
        }
        text
    };
    let born = format!("20{:02}-{:02}-{:02}", 10 + mixed % 11, 1 + mixed / 11 % 12, 1 + mixed / 132 % 28);
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).expect("a letter"));
    let place = n / 15;
    let postcode =
        format!("CV{} {}{}{}", 10 + place % 89, place / 89 % 10, letter(place / 890), letter(place / 23_140));
    (word(mixed % 900, 2), format!("Family{}", word(mixed / 7 % 40_000, 4)), born, postcode)
}

/// Children with their numbers.
pub fn children(rows: usize) -> String {
    let mut text = "NHS number,Given name,Family name,Date of birth,Postcode\n".to_owned();
    for n in 1..=rows {
        let (given, family, _, postcode) = name(n);
        let (number, born) = child(n);
        let _ = writeln!(text, "{number},{given},{family},{born},{postcode}");
    }
    text
}

/// The same children as pupils of the first school.
pub fn ctf(pupils: usize) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CTfile><Header><DateTime>2026-09-10T08:00:00</DateTime>\
                    <SourceSchool><URN>100000</URN></SourceSchool></Header><CTFpupilData>\n"
        .to_owned();
    for n in 1..=pupils {
        let (given, family, born, postcode) = name(n);
        let _ = writeln!(
            text,
            "<Pupil><UPN>{}</UPN><Surname>{family}</Surname><Forename>{given}</Forename><DOB>{born}</DOB>\
             <AddressAsLines><PostCode>{postcode}</PostCode></AddressAsLines></Pupil>",
            upn(n)
        );
    }
    text.push_str("</CTFpupilData></CTfile>\n");
    text
}

/// NHS number and birth date of a child.
pub fn child(n: usize) -> (String, String) {
    (nhs_number(n), name(n).2)
}
