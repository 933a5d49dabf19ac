//! What may stand in what: rows in tables, items in lists, no blocks in the midst of words
//! (<https://www.w3.org/TR/xhtml1/dtds.html#a_dtd_XHTML-1.0-Strict>).

use std::sync::LazyLock;

use super::allowed::ELEMENTS;

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

/// A set of elements: a bit for each, by its place among those that are allowed.
type Set = u64;

const _: () = assert!(ELEMENTS.len() <= Set::BITS as usize, "a set has a bit for each element");

/// The rules as sets, by element.
struct Rules {
    children: Vec<Set>,
    parents: Vec<Set>,
    /// What may not be open around it, however far out.
    outside: Vec<Set>,
    /// What holds no words itself.
    wordless: Set,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let set = |names: &[&str]| {
        let bits = ELEMENTS.iter().enumerate().filter(|(_, one)| names.contains(*one)).map(|(at, _)| bit(at));
        bits.fold(0, |set, bit| set | bit)
    };
    let of = |table: &[(&[&str], &[&str])]| {
        ELEMENTS.iter().map(|one| row(table, one).map_or(Set::MAX, set)).collect()
    };
    let holds_words = set(WORDS) | set(PHRASES);
    let outside = |one: &&str| match *one {
        one if BLOCKS.contains(&one) => holds_words,
        one if NOT_IN_P.contains(&one) => set(&["p"]),
        one if PHRASES.contains(&one) => set(&[one]),
        _ => 0,
    };
    Rules {
        children: of(CHILDREN),
        parents: of(PARENTS),
        outside: ELEMENTS.iter().map(outside).collect(),
        wordless: CHILDREN.iter().fold(0, |all, row| all | set(row.0)),
    }
});

fn bit(element: usize) -> Set {
    1 << element
}

/// The elements that are open, from the outermost.
#[derive(Default)]
pub(super) struct Open {
    /// Each by its place among those that are allowed, with the set of all that are open there.
    stack: Vec<(usize, Set)>,
}

impl Open {
    /// Opens an element.
    pub(super) fn push(&mut self, element: usize) {
        let around = self.stack.last().map_or(0, |one| one.1);
        self.stack.push((element, around | bit(element)));
    }

    /// Closes the innermost element; says its name.
    pub(super) fn pop(&mut self) -> Option<&'static str> {
        self.stack.pop().map(|one| ELEMENTS[one.0])
    }

    /// The name of the innermost element.
    pub(super) fn last(&self) -> Option<&'static str> {
        self.stack.last().map(|one| ELEMENTS[one.0])
    }

    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.stack.len()
    }

    /// Whether none is.
    pub(super) fn is_empty(&self) -> bool {
        self.stack.is_empty()
    }

    /// What is wrong with an element that is opened here.
    pub(super) fn misplaced(&self, element: usize) -> Option<String> {
        let (around, all) = *self.stack.last()?;
        let is_fine = RULES.children[around] & bit(element) != 0
            && RULES.parents[element] & bit(around) != 0
            && RULES.outside[element] & all == 0;
        if is_fine {
            return None;
        }
        let names: Vec<&str> = self.stack.iter().map(|one| ELEMENTS[one.0]).collect();
        misplaced(&names, ELEMENTS[element])
    }

    /// What is wrong with words that stand here.
    pub(super) fn wordless(&self) -> Option<String> {
        let (around, _) = self.stack.last()?;
        (RULES.wordless & bit(*around) != 0).then(|| wordless(ELEMENTS[*around])).flatten()
    }
}

fn row<'r>(table: &[(&[&str], &'r [&'r str])], name: &str) -> Option<&'r [&'r str]> {
    table.iter().find(|row| row.0.contains(&name)).map(|row| row.1)
}

/// What is wrong with an element where it stands: the names of those that are open around it, from the outermost.
fn misplaced(open: &[&str], name: &str) -> Option<String> {
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
fn wordless(around: &str) -> Option<String> {
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
    use super::{ELEMENTS, Open, misplaced, wordless};

    /// The same as sets have it.
    fn is_misplaced(open: &[&str], name: &str) -> bool {
        let number = |name: &str| ELEMENTS.iter().position(|one| *one == name).expect("it is allowed");
        let mut stack = Open::default();
        open.iter().for_each(|one| stack.push(number(one)));
        stack.misplaced(number(name)).is_some()
    }

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
            assert!(!is_misplaced(open, name), "{open:?} {name}");
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
            assert!(is_misplaced(open, name), "{open:?} {name}");
        }
        assert!(wordless("ul").is_some_and(|text| text.contains("<li>")));
        assert!(wordless("br").is_some());
        assert_eq!(wordless("td"), None);
    }
}
