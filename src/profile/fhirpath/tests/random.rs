//! Random expressions: none may panic or run on.

use proptest::prelude::*;

use super::*;

/// What expressions begin with.
#[rustfmt::skip]
const TERMS: [&str; 29] = [
    "name", "given", "Child", "value", "birthDate", "$this", "$index", "$total", "%resource", "%context", "{}", "1", "0",
    "2147483647", "1.5", "0.00000001", "99999999999999999999.5", "'a'", "''", "'(a+)+'", "@2020-02-29", "@9999",
    "@T23:59", "@2020-01-01T10:00:00.5+14:00", "true", "false", "4 days", "1 'mg'", "3 'm/s2'",
];

/// What stands between them.
#[rustfmt::skip]
const OPERATORS: [&str; 19] = [
    " + ", " - ", " * ", " / ", " div ", " mod ", " & ", " | ", " = ", " ~ ", " != ", " < ", " >= ", " and ", " or ",
    " xor ", " implies ", " in ", " contains ",
];

/// Functions without arguments, or with a plain one.
#[rustfmt::skip]
const CALLS: [&str; 42] = [
    "count()", "first()", "last()", "tail()", "not()", "toString()", "toInteger()", "toDecimal()", "toQuantity()",
    "toDate()", "toDateTime()", "toTime()", "abs()", "ceiling()", "sqrt()", "ln()", "exp()", "round(30)", "power(99)",
    "log(0)", "lowBoundary()", "highBoundary(28)", "precision()", "children()", "descendants()", "distinct()",
    "length()", "toChars()", "upper()", "substring(1)", "split('')", "join()", "encode('hex')", "decode('base64')",
    "matches('a*')", "replace('', 'b')", "replaceMatches('', 'c')", "type()", "skip(-1)", "timezoneOffsetOf()",
    "ofType(Quantity)", "htmlChecks()",
];

/// Functions that take an expression.
#[rustfmt::skip]
const SCOPED: [&str; 14] = [
    "where", "select", "all", "exists", "repeat", "aggregate", "sort", "combine", "intersect", "subsetOf", "indexOf",
    "toQuantity", "comparable", "power",
];

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(&TERMS[..]).prop_map(str::to_owned);
    leaf.prop_recursive(5, 24, 3, |inner| {
        let operator = prop::sample::select(&OPERATORS[..]);
        let call = prop::sample::select(&CALLS[..]);
        let scoped = prop::sample::select(&SCOPED[..]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a}){o}({b})")),
            (inner.clone(), scoped, inner.clone()).prop_map(|(a, f, b)| format!("({a}).{f}({b})")),
            (inner.clone(), call).prop_map(|(a, call)| format!("({a}).{call}")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("iif({a}, {b}, ({c})[1])")),
        ]
    })
}

fn survives(text: &str, types: &Types, document: &Document<'_>) {
    let Ok(expression) = Expression::parse(text) else { return };
    let limits = Limits { steps: 20_000, items: 10_000 };
    let environment = Environment { limits, ..environment(types) };
    let _ = expression.check(types, &["Child"]);
    if let Ok(items) = expression.evaluate(Node::root(document), &environment) {
        let _ = shown(&items);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text(text in "\\PC{0,40}") {
        survives(&text, &types(), &parse(CHILD, 20).unwrap());
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(prop::sample::select([&TERMS[..], &OPERATORS, &CALLS, &[".", "(", ")", "["]].concat()), 0..16)) {
        survives(&pieces.concat(), &types(), &parse(CHILD, 20).unwrap());
    }

    #[test]
    fn any_expression(text in expression()) {
        survives(&text, &types(), &parse(CHILD, 20).unwrap());
    }
}

#[test]
fn the_deepest_expressions_do_not_exhaust_the_stack() {
    let (types, document) = (types(), parse(CHILD, 20).unwrap());
    for text in [
        format!("1{}", " + 1".repeat(158)),
        format!("{}1{}", "(".repeat(158), ")".repeat(158)),
        format!("{}1{}", "iif(true, ".repeat(158), ")".repeat(158)),
        format!("{}1{}", "$this.select(".repeat(79), ")".repeat(79)),
    ] {
        assert!(Expression::parse(&text).is_ok(), "{}", &text[..20]);
        survives(&text, &types, &document);
    }
}
