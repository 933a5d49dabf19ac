//! Rules of data types, of every resource, and of Bundles.

use super::{Row, View};
use crate::json::document::Id;
use crate::profile::primitive::compare;

const UCUM: &str = "http://unitsofmeasure.org";

/// The rules.
pub(super) const RULES: &[Row] = &[
    ("ext-1", "extension.exists() != value.exists()", |v, n| {
        v.has(n, "extension") != v.has_choice(n, "value")
    }),
    ("dom-2", "contained.contained.empty()", |v, n| {
        v.items(n, "contained").all(|one| !v.has(one, "contained"))
    }),
    (
        "dom-3",
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
        contained_is_referenced,
    ),
    ("dom-4", "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()", |v, n| {
        metas(v, n).all(|meta| !v.has(meta, "versionId") && !v.has(meta, "lastUpdated"))
    }),
    ("dom-5", "contained.meta.security.empty()", |v, n| metas(v, n).all(|meta| !v.has(meta, "security"))),
    ("dom-6", "text.`div`.exists()", |v, n| v.get(n, "text").is_some_and(|text| v.has(text, "div"))),
    ("per-1", "start.hasValue().not() or end.hasValue().not() or (start <= end)", |v, n| {
        in_order(v, n, "start", "end")
    }),
    ("att-1", "data.empty() or contentType.exists()", |v, n| !v.has(n, "data") || v.has(n, "contentType")),
    ("qty-3", "code.empty() or system.exists()", |v, n| !v.has(n, "code") || v.has(n, "system")),
    ("sqty-1", "comparator.empty()", |v, n| !v.has(n, "comparator")),
    ("cpt-2", "value.empty() or system.exists()", |v, n| !v.has(n, "value") || v.has(n, "system")),
    (
        "rat-1",
        "(numerator.empty() xor denominator.exists()) and (numerator.exists() or extension.exists())",
        |v, n| {
            v.has(n, "numerator") == v.has(n, "denominator")
                && (v.has(n, "numerator") || v.has(n, "extension"))
        },
    ),
    ("rng-2", "low.empty() or high.empty() or (low <= high)", range_in_order),
    ("drt-1", "code.exists() implies ((system = %ucum) and value.exists())", |v, n| {
        !v.has(n, "code") || (v.is(n, "system", UCUM) && v.has(n, "value"))
    }),
    ("exp-1", "expression.exists() or reference.exists()", |v, n| {
        v.has(n, "expression") || v.has(n, "reference")
    }),
    ("tim-1", "duration.empty() or durationUnit.exists()", |v, n| {
        !v.has(n, "duration") || v.has(n, "durationUnit")
    }),
    ("tim-2", "period.empty() or periodUnit.exists()", |v, n| !v.has(n, "period") || v.has(n, "periodUnit")),
    ("tim-6", "periodMax.empty() or period.exists()", |v, n| !v.has(n, "periodMax") || v.has(n, "period")),
    ("tim-7", "durationMax.empty() or duration.exists()", |v, n| {
        !v.has(n, "durationMax") || v.has(n, "duration")
    }),
    ("tim-8", "countMax.empty() or count.exists()", |v, n| !v.has(n, "countMax") || v.has(n, "count")),
    ("tim-10", "timeOfDay.empty() or when.empty()", |v, n| !v.has(n, "timeOfDay") || !v.has(n, "when")),
    ("bdl-1", "total.empty() or (type = 'searchset') or (type = 'history')", |v, n| {
        !v.has(n, "total") || kind(v, n, &["searchset", "history"])
    }),
    ("bdl-2", "entry.search.empty() or (type = 'searchset')", |v, n| {
        kind(v, n, &["searchset"]) || v.items(n, "entry").all(|entry| !v.has(entry, "search"))
    }),
    (
        "bdl-3",
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
        |v, n| entries_have(v, n, "request", &["batch", "transaction", "history"]),
    ),
    (
        "bdl-4",
        "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))",
        |v, n| entries_have(v, n, "response", &["batch-response", "transaction-response", "history"]),
    ),
    ("bdl-5", "resource.exists() or request.exists() or response.exists()", |v, n| {
        v.has(n, "resource") || v.has(n, "request") || v.has(n, "response")
    }),
    ("bdl-8", "fullUrl.contains('/_history/').not()", |v, n| {
        v.text(n, "fullUrl").is_none_or(|url| !url.contains("/_history/"))
    }),
    (
        "bdl-9",
        "type = 'document' implies (identifier.system.exists() and identifier.value.exists())",
        |v, n| {
            !kind(v, n, &["document"])
                || v.get(n, "identifier").is_some_and(|one| v.has(one, "system") && v.has(one, "value"))
        },
    ),
    ("bdl-10", "type = 'document' implies (timestamp.hasValue())", |v, n| {
        !kind(v, n, &["document"]) || v.get(n, "timestamp").is_some()
    }),
    ("bdl-11", "type = 'document' implies entry.first().resource.is(Composition)", |v, n| {
        !kind(v, n, &["document"]) || first_is(v, n, "Composition")
    }),
    ("bdl-12", "type = 'message' implies entry.first().resource.is(MessageHeader)", |v, n| {
        !kind(v, n, &["message"]) || first_is(v, n, "MessageHeader")
    }),
];

fn metas<'d, 't>(v: &View<'d, 't>, node: Id) -> impl Iterator<Item = Id> + use<'d, 't> {
    let v = *v;
    v.items(node, "contained").filter_map(move |one| v.get(one, "meta"))
}

/// Every contained resource is referred to from its container, or refers to it.
fn contained_is_referenced(v: &View<'_, '_>, node: Id) -> bool {
    let mut contained = v.items(node, "contained").peekable();
    if contained.peek().is_none() {
        return true;
    }
    let local: Vec<_> = v
        .document
        .subtree(node)
        .filter(|one| v.document.is_string(*one) && v.document.raw(*one).starts_with('#'))
        .collect();
    contained.all(|one| {
        let id = v.text(one, "id").unwrap_or_default();
        let named = |other: &Id| v.document.raw(*other).strip_prefix('#') == Some(&*id);
        local.iter().any(named)
            || v.document
                .subtree(one)
                .any(|inner| v.document.is_string(inner) && v.document.raw(inner) == "#")
    })
}

/// Whether the first moment is not after the second. Where that cannot be told, FHIRPath gives nothing, and a rule that
/// gives nothing does not hold.
fn in_order(v: &View<'_, '_>, node: Id, first: &str, second: &str) -> bool {
    let (Some(first), Some(second)) = (v.text(node, first), v.text(node, second)) else { return true };
    compare(&first, &second).is_some_and(|order| order.is_le())
}

fn range_in_order(v: &View<'_, '_>, node: Id) -> bool {
    let (Some(low), Some(high)) = (v.get(node, "low"), v.get(node, "high")) else { return true };
    let unit = |one| (v.text(one, "system"), v.text(one, "code"), v.text(one, "unit"));
    let value = |one| v.raw(one, "value").and_then(|raw| raw.parse::<f64>().ok());
    match (value(low), value(high)) {
        (Some(least), Some(most)) if unit(low) == unit(high) => least <= most,
        _ => true,
    }
}

fn kind(v: &View<'_, '_>, bundle: Id, kinds: &[&str]) -> bool {
    v.text(bundle, "type").is_some_and(|own| kinds.contains(&&*own))
}

fn entries_have(v: &View<'_, '_>, bundle: Id, name: &str, kinds: &[&str]) -> bool {
    let wanted = kind(v, bundle, kinds);
    v.items(bundle, "entry").all(|entry| v.has(entry, name) == wanted)
}

fn first_is(v: &View<'_, '_>, bundle: Id, type_name: &str) -> bool {
    let first = v.items(bundle, "entry").next();
    first.and_then(|entry| v.get(entry, "resource")).is_some_and(|one| v.is(one, "resourceType", type_name))
}
