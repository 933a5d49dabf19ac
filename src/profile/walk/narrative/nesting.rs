//! What may stand in what: rows in tables, items in lists, no blocks in the midst of words
//! (<https://www.w3.org/TR/xhtml1/dtds.html#a_dtd_XHTML-1.0-Strict>).

/// Elements whose children are of certain kinds only, without words between them; none at all for the last.
const CHILDREN: &[(&[&str], &[&str])] = &[
    (&["table"], &["tbody", "tr", "caption", "thead", "tfoot", "col", "colgroup"]),
    (&["tr"], &["td", "th"]),
    (&["tbody", "thead", "tfoot"], &["tr"]),
    (&["ul", "ol"], &["li"]),
    (&["dl"], &["dt", "dd"]),
    (&["map"], &["area"]),
    (&["br", "hr", "img", "area"], &[]),
];

/// Elements that stand in certain others only.
const PARENTS: &[(&[&str], &[&str])] = &[
    (&["tr"], &["table", "thead", "tfoot", "tbody"]),
    (&["tbody", "thead", "tfoot", "caption", "colgroup"], &["table"]),
    (&["col"], &["colgroup", "table"]),
    (&["th", "td"], &["tr"]),
    (&["li"], &["ul", "ol"]),
    (&["dt", "dd"], &["dl"]),
];

/// Elements that hold words.
const WORDS: &[&str] =
    &["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "caption", "dd", "dt", "span"];

/// Elements that hold words and are not within themselves.
const PHRASES: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "dfn", "em", "i", "kbd", "q", "samp", "small",
    "strong", "sub", "sup", "tt", "var",
];

/// Elements that never stand among words.
const BLOCKS: &[&str] = &["div", "pre", "table", "ul", "ol"];

/// Elements that do not stand in a paragraph either.
const NOT_IN_P: &[&str] = &["p", "blockquote"];

fn row<'r>(table: &[(&[&str], &'r [&'r str])], name: &str) -> Option<&'r [&'r str]> {
    table.iter().find(|row| row.0.contains(&name)).map(|row| row.1)
}

/// What is wrong with an element where it stands: the names of those that are open around it, from the outermost.
pub(super) fn misplaced(open: &[&str], name: &str) -> Option<String> {
    let around = open.last()?;
    if let Some(allowed) = row(CHILDREN, around)
        && !allowed.contains(&name)
    {
        return Some(match allowed {
            [] => format!("The narrative's <{around}> has content. Close it at once, as <{around}/>."),
            allowed => format!(
                "In the narrative's <{around}> may only be <{}>, and here is <{name}>. Move it.",
                allowed.join(">, <")
            ),
        });
    }
    if let Some(allowed) = row(PARENTS, name)
        && !allowed.contains(around)
    {
        return Some(format!(
            "The narrative's <{name}> must be in <{}>, and is in <{around}>. Move it.",
            allowed.join("> or <")
        ));
    }
    let holds_words = |one: &&str| WORDS.contains(one) || PHRASES.contains(one);
    let within = match name {
        name if BLOCKS.contains(&name) => open.iter().find(|one| holds_words(one)),
        name if NOT_IN_P.contains(&name) => open.iter().find(|one| **one == "p"),
        name if PHRASES.contains(&name) => open.iter().find(|one| **one == name),
        _ => None,
    };
    within.map(|outer| format!("The narrative has <{name}> in <{outer}>. Close <{outer}> before it."))
}

/// What is wrong with words that stand directly in an element.
pub(super) fn wordless(around: &str) -> Option<String> {
    let allowed = row(CHILDREN, around)?;
    Some(match allowed.first() {
        None => format!("The narrative's <{around}> has content. Close it at once, as <{around}/>."),
        Some(first) => {
            format!(
                "The narrative has words directly in <{around}>. Put them where words may be, within <{first}>."
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{misplaced, wordless};

    #[test]
    fn everything_has_its_place() {
        for (open, name) in [
            (&["div"][..], "table"),
            (&["div", "table"], "tr"),
            (&["div", "table", "tbody"], "tr"),
            (&["div", "table", "tbody", "tr"], "td"),
            (&["div", "table", "tr", "td"], "ul"),
            (&["div", "ul", "li"], "p"),
            (&["div", "p", "b"], "i"),
            (&["div", "p", "span"], "span"),
            (&["div", "blockquote"], "p"),
            (&["div", "p"], "br"),
            (&[], "div"),
        ] {
            assert_eq!(misplaced(open, name), None, "{open:?} {name}");
        }
    }

    #[test]
    fn what_is_out_of_its_place_is_named() {
        for (open, name) in [
            (&["div"][..], "tr"),
            (&["div"], "li"),
            (&["div"], "dt"),
            (&["div", "table"], "td"),
            (&["div", "table"], "p"),
            (&["div", "ul"], "ul"),
            (&["div", "p"], "div"),
            (&["div", "p", "b"], "table"),
            (&["div", "p"], "p"),
            (&["div", "a", "i"], "a"),
            (&["div", "br"], "b"),
            (&["div", "map"], "a"),
        ] {
            assert!(misplaced(open, name).is_some_and(|text| text.contains(name)), "{open:?} {name}");
        }
        assert!(wordless("ul").is_some_and(|text| text.contains("<li>")));
        assert!(wordless("br").is_some());
        assert_eq!(wordless("td"), None);
    }
}
