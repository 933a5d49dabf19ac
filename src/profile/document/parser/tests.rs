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
}

#[test]
fn many_members_are_compared_too() {
    let mut text: String = (0..40).map(|n| format!("\"k{n}\":0,")).collect();
    text = format!("{{{text}\"k7\":1}}");
    assert_eq!(parse(&text, 8).unwrap_err().len(), 1);
}
