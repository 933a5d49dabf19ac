//! Tests of the chain: whatever is done to an entry or to their order, the check finds it and names the place.

use super::*;

type Row = (u64, String, String);

/// Five entries as they should be.
fn journal() -> Vec<Row> {
    let mut chain = Chain::default();
    (1..=5)
        .map(|n| {
            let text = format!("{{\"event\":\"accepted\",\"messageId\":\"{n}\"}}");
            let head = chain.add(&text).clone();
            (head.count, text, head.hash)
        })
        .collect()
}

fn broken(rows: Vec<Row>) -> Break {
    verify(rows).unwrap_err()
}

/// The rows with numbers from 1 again, as somebody would hide a removal or an insertion.
fn renumbered(rows: Vec<Row>) -> Vec<Row> {
    (1..).zip(rows).map(|(n, (_, text, hash))| (n, text, hash)).collect()
}

#[test]
fn a_whole_journal_is_verified_and_its_head_given() {
    let rows = journal();
    let last = rows.last().unwrap().2.clone();
    assert_eq!(verify(rows), Ok(Head { count: 5, hash: last }));
    assert_eq!(verify(Vec::<Row>::new()), Ok(Head::default()));
}

#[test]
fn it_can_be_verified_in_pages() {
    let rows = journal();
    let first = verify(rows[..2].to_vec()).unwrap();
    assert_eq!(verify_after(first, rows[2..].to_vec()), verify(rows));
}

#[test]
fn the_framing_is_the_published_one() {
    // printf 'kith-journal-1\n1\n%064d\n{}' 0 | sha256sum
    let expected = "752bab6f7deb6272032f63e7cfd7a763b9214760060695ce503811d5ca01616e";
    assert_eq!(entry_hash(1, GENESIS, "{}"), expected);
    assert_eq!(Chain::default().add("{}"), &Head { count: 1, hash: expected.to_owned() });
}

#[test]
fn a_change_of_any_byte_of_any_text_is_found_where_it_is() {
    for at in 0..5 {
        for byte in 0..journal()[at].1.len() {
            let mut rows = journal();
            let mut text = rows[at].1.clone().into_bytes();
            text[byte] ^= 1;
            rows[at].1 = String::from_utf8(text).unwrap();
            let fault = if at == 4 { Fault::DoesNotFollow } else { Fault::TextChanged };
            assert_eq!(broken(rows), Break { seq: at as u64 + 1, fault });
        }
    }
}

#[test]
fn a_change_of_any_digit_of_any_hash_is_found_where_it_is() {
    for at in 0..5 {
        for digit in 0..64 {
            let mut rows = journal();
            let mut hash = rows[at].2.clone().into_bytes();
            hash[digit] = if hash[digit] == b'0' { b'1' } else { b'0' };
            rows[at].2 = String::from_utf8(hash).unwrap();
            let fault = if at == 4 { Fault::DoesNotFollow } else { Fault::HashChanged };
            assert_eq!(broken(rows), Break { seq: at as u64 + 1, fault });
        }
    }
}

#[test]
fn a_removed_entry_is_found_by_its_number_and_behind_new_numbers() {
    for at in 0..4 {
        let mut rows = journal();
        rows.remove(at);
        let seq = at as u64 + 1;
        assert_eq!(broken(rows.clone()), Break { seq, fault: Fault::Missing { found: seq + 1 } });
        assert_eq!(broken(renumbered(rows)), Break { seq, fault: Fault::DoesNotFollow });
    }
}

#[test]
fn swapped_entries_are_found() {
    for at in 0..4 {
        let mut rows = journal();
        rows.swap(at, at + 1);
        let seq = at as u64 + 1;
        assert_eq!(broken(rows.clone()), Break { seq, fault: Fault::Missing { found: seq + 1 } });
        assert_eq!(broken(renumbered(rows)).seq, seq);
    }
}

#[test]
fn an_inserted_entry_is_found_even_when_it_is_hashed_rightly() {
    for at in 0..5 {
        let mut rows = journal();
        let previous = if at == 0 { GENESIS.to_owned() } else { rows[at - 1].2.clone() };
        let number = at as u64 + 1;
        let text = "{\"event\":\"forged\"}".to_owned();
        rows.insert(at, (number, text.clone(), entry_hash(number, &previous, &text)));
        assert_eq!(
            broken(rows.clone()),
            Break { seq: number, fault: Fault::OutOfOrder { expected: number + 1 } }
        );
        assert_eq!(broken(renumbered(rows)).seq, number + 1);
    }
}

#[test]
fn an_entry_rewritten_with_its_hash_is_found_at_the_one_that_follows() {
    let mut rows = journal();
    rows[1].1 = "{\"event\":\"forged\"}".to_owned();
    rows[1].2 = entry_hash(2, &rows[0].2, &rows[1].1);
    assert_eq!(broken(rows), Break { seq: 3, fault: Fault::TextChanged });
}

#[test]
fn a_text_that_is_not_a_json_object_is_named() {
    for text in ["", "[]", "{\"event\":", "{} {}"] {
        let head = Chain::default().add(text).clone();
        let rows = vec![(1, text.to_owned(), head.hash)];
        assert_eq!(broken(rows), Break { seq: 1, fault: Fault::NotJson }, "{text}");
    }
}

#[test]
fn a_break_says_in_plain_words_what_is_wrong() {
    let mut rows = journal();
    rows.remove(2);
    assert_eq!(broken(rows).to_string(), "entry 3: it is missing; the next that is there is 4");
}
