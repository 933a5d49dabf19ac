//! What is taken out of a text, and what is left in it.

use super::*;

fn telling() -> Telling {
    let mut telling = Telling::default();
    for (text, shown) in [
        ("14 Weir Lane", Shown::Line),
        ("Flat 2", Shown::Line),
        ("CV99 1AA", Shown::Postcode),
        ("Kenford", Shown::Whole),
        ("Weir Lane Surgery", Shown::Whole),
        ("Oskar", Shown::Person),
        ("Will", Shown::Person),
        ("Jo", Shown::Person),
        ("O'Brien-Hall", Shown::Person),
        ("01632 960411", Shown::Whole),
        ("Y99901", Shown::Whole),
        ("A1", Shown::Whole),
        ("1234", Shown::Whole),
    ] {
        telling.add(text, shown);
    }
    telling
}

#[test]
fn what_shows_where_is_taken_out_however_it_is_written() {
    for (text, rest) in [
        ("Seen at 14 Weir Lane today.", "Seen at … today."),
        ("They live in weir lane (flat 2), Kenford.", "They live in … (…), …."),
        ("Registered at WEIR-LANE SURGERY", "Registered at …"),
        ("In cv991aa, CV99 1AA and CV99.", "In …, … and …."),
        ("A neighbour in SW1A 2AA", "A neighbour in …"),
        ("Oskar's mother; will call Will", "…'s mother; will call …"),
        ("Ring 01632960411 or (01632) 960-411", "Ring … or (…"),
        ("jo and Jo", "jo and …"),
        ("Mrs O’Brien Hall", "Mrs …"),
        ("Kenford", "…"),
    ] {
        assert_eq!(telling().without(text).as_deref(), Some(rest), "{text}");
    }
}

#[test]
fn other_words_stay_as_they_are() {
    for text in [
        "",
        "He will sleep in room A1, bed 1234.",
        "Paracetamol 120mg/5ml at B2 3pm, M1 5mg, C3 9am",
        "Weir is a lane",
        "Kenfordshire",
        "oskar the bear",
        "🙂 …",
    ] {
        assert_eq!(telling().without(text), None, "{text}");
    }
}

#[test]
fn the_childs_own_name_and_the_senders_may_be_said() {
    let mut telling = Telling::default();
    telling.add("Baker", Shown::Person);
    telling.add("Anna", Shown::Person);
    telling.add("Sender's Surgery", Shown::Whole);
    telling.forget("baker");
    telling.allow("Sender's Surgery");
    let text = "Ada Baker, Anna Baker; seen at Sender's Surgery";
    assert_eq!(telling.without(text).as_deref(), Some("Ada Baker, … Baker; seen at Sender's Surgery"));
}

#[test]
fn very_long_texts_take_time_by_their_length() {
    let mut telling = Telling::default();
    for number in 0..50_000 {
        telling.add(&format!("{number} Long Street Number {number}"), Shown::Line);
    }
    let text = "long street ".repeat(50_000);
    assert_eq!(telling.without(&text), None);
}
