//! What is JSON, what is not, and where.

use super::*;

#[test]
fn a_text_becomes_a_tree_with_places() {
    let text = "{\n  \"a\": [1, -2.50, true],\n  \"b\": {\"c\": \"x\\n\\u00e9\", \"d\": null}\n}";
    let document = parse(text, 8).unwrap();
    let root = document.root();
    let a = document.child(root, "a").unwrap();
    let items: Vec<_> = document.children(a).map(|id| document.text(id).into_owned()).collect();
    assert_eq!(items, ["1", "-2.50", "true"]);
    let b = document.child(root, "b").unwrap();
    let c = document.child(b, "c").unwrap();
    assert_eq!(document.text(c), "x\né");
    assert_eq!(document.position(c), (3, 9));
    assert_eq!(document.children(root).count(), 2);
    assert!(document.child(c, "x").is_none());
    assert_eq!(document.children(c).count(), 0);
}

#[test]
fn what_is_not_json_is_refused_where_it_stands() {
    for (text, position) in [
        ("", (1, 1)),
        ("{\"a\":1,}", (1, 8)),
        ("[1,]", (1, 4)),
        ("[01]", (1, 3)),
        ("{\"a\" 1}", (1, 6)),
        ("// x\n{}", (1, 1)),
        ("{} {}", (1, 4)),
        ("\"\\ud800\"", (1, 8)),
        ("\"a\nb\"", (1, 3)),
        ("[1.]", (1, 4)),
        ("nul", (1, 1)),
        ("{\"a\":1,\n\"a\":2}", (2, 2)),
    ] {
        assert_eq!(parse(text, 8).unwrap_err()[0].position, position, "{text:?}");
    }
    assert!(parse(&format!("{}{}", "[".repeat(9), "]".repeat(9)), 8).is_err());
    assert!(parse("\u{feff}{}", 8).unwrap_err()[0].text.contains("byte order mark"));
}

#[test]
fn many_members_are_compared_too() {
    let mut text: String = (0..40).map(|n| format!("\"k{n}\":0,")).collect();
    text = format!("{{{text}\"k7\":1}}");
    assert_eq!(parse(&text, 8).unwrap_err().len(), 1);
}

/// Every text is JSON for both or for neither, and says the same: `serde_json` is asked about texts that are changed by chance.
#[test]
fn another_parser_says_the_same() {
    use proptest::prelude::*;

    let bytes = r#"{}[]":,\u0dbft -+.eE19aé/n"#.chars().collect::<Vec<_>>();
    let seeds = [
        r#"{"a":[1,-2.50,1e3,true,null],"b":{"c":"x\né\ud83d\ude00","d":"","e":{}},"f":[[],{}]}"#,
        r#"[0,-0,0.0,1E-2,"\u0000\/",false,{"":""}]"#,
    ];
    let change =
        (0..2_usize, prop::collection::vec((0..90_usize, 0..3_u8, prop::sample::select(bytes)), 0..4));
    proptest!(ProptestConfig::with_cases(20_000), |((seed, changes) in change)| {
        let mut text: Vec<char> = seeds[seed].chars().collect();
        for (at, how, new) in changes {
            let at = at.min(text.len() - 1);
            match how {
                0 => text[at] = new,
                1 => text.insert(at, new),
                _ => drop(text.remove(at)),
            }
        }
        let text: String = text.into_iter().collect();
        let twice = |faults: &[Fault]| faults.iter().all(|fault| fault.text.contains("twice"));
        match (serde_json::from_str::<serde_json::Value>(&text), parse(&text, 64)) {
            (Ok(value), Ok(_)) => {
                let limits = crate::json::Limits::default();
                if let Ok(read) = crate::json::read(text.as_bytes(), limits) {
                    let tree = crate::json::tree(text.as_bytes(), limits).unwrap();
                    prop_assert!(read == value && tree.is(&value) && tree.to_value() == value, "{text}");
                    prop_assert_eq!(tree.to_text(), value.to_string());
                }
            }
            (Ok(_), Err(faults)) => prop_assert!(twice(&faults), "{text}: {faults:?}"),
            (Err(error), Ok(_)) => prop_assert!(false, "{text}: {error}"),
            (Err(_), Err(_)) => {}
        }
    });
}
