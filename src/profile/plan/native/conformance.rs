//! Rules of questionnaires, value sets and other resources that define.

use super::{Row, View};
use crate::json::document::Id;

const NAME: &str = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')";

/// The rules.
pub(super) const RULES: &[Row] = &[
    ("que-0", NAME, name_fits),
    ("vsd-0", NAME, name_fits),
    ("csd-0", NAME, name_fits),
    ("cmd-0", NAME, name_fits),
    ("sdf-0", NAME, name_fits),
    ("opd-0", NAME, name_fits),
    ("mea-0", NAME, name_fits),
    ("lib-0", NAME, name_fits),
    (
        "que-1",
        "(type='group' implies item.empty().not()) and (type.trace('type')='display' implies item.trace('item').empty())",
        |v, n| {
            (!kind(v, n, &["group"]) || v.has(n, "item")) && (!kind(v, n, &["display"]) || !v.has(n, "item"))
        },
    ),
    ("que-2", "descendants().linkId.isDistinct()", |v, n| {
        let links = v.document.subtree(n).filter(|one| v.document.raw_key(*one) == "linkId");
        View::distinct(links.map(|one| v.document.text(one)))
    }),
    ("que-3", "type!='display' or code.empty()", |v, n| !kind(v, n, &["display"]) || !v.has(n, "code")),
    ("que-4", "answerOption.empty() or answerValueSet.empty()", |v, n| {
        !v.has(n, "answerOption") || !v.has(n, "answerValueSet")
    }),
    ("que-6", "type!='display' or (required.empty() and repeats.empty())", |v, n| {
        !kind(v, n, &["display"]) || (!v.has(n, "required") && !v.has(n, "repeats"))
    }),
    ("que-8", "(type!='group' and type!='display') or initial.empty()", |v, n| {
        !kind(v, n, &["group", "display"]) || !v.has(n, "initial")
    }),
    ("que-9", "type!='display' or readOnly.empty()", |v, n| {
        !kind(v, n, &["display"]) || !v.has(n, "readOnly")
    }),
    (
        "que-10",
        "(type in ('boolean' | 'decimal' | 'integer' | 'string' | 'text' | 'url' | 'open-choice')) or maxLength.empty()",
        |v, n| {
            !v.has(n, "maxLength")
                || kind(v, n, &["boolean", "decimal", "integer", "string", "text", "url", "open-choice"])
        },
    ),
    ("que-11", "answerOption.empty() or initial.empty()", |v, n| {
        !v.has(n, "answerOption") || !v.has(n, "initial")
    }),
    ("que-12", "enableWhen.count() > 2 implies enableBehavior.exists()", |v, n| {
        v.items(n, "enableWhen").count() <= 2 || v.has(n, "enableBehavior")
    }),
    ("que-13", "repeats=true or initial.count() <= 1", |v, n| {
        v.raw(n, "repeats") == Some("true") || v.items(n, "initial").count() <= 1
    }),
    ("que-7", "operator = 'exists' implies (answer is Boolean)", |v, n| {
        !v.is(n, "operator", "exists") || v.has(n, "answerBoolean")
    }),
    ("vsd-1", "valueSet.exists() or system.exists()", |v, n| v.has(n, "valueSet") || v.has(n, "system")),
    ("vsd-2", "(concept.exists() or filter.exists()) implies system.exists()", |v, n| {
        (!v.has(n, "concept") && !v.has(n, "filter")) || v.has(n, "system")
    }),
    ("vsd-3", "concept.empty() or filter.empty()", |v, n| !v.has(n, "concept") || !v.has(n, "filter")),
    ("vsd-6", "code.exists() or display.exists()", |v, n| v.has(n, "code") || v.has(n, "display")),
    ("vsd-9", "code.exists() or abstract = true", |v, n| {
        v.has(n, "code") || v.raw(n, "abstract") == Some("true")
    }),
    ("vsd-10", "code.empty() or system.exists()", |v, n| !v.has(n, "code") || v.has(n, "system")),
    (
        "cmd-1",
        "comment.exists() or equivalence.empty() or ((equivalence != 'narrower') and (equivalence != 'inexact'))",
        |v, n| {
            v.has(n, "comment")
                || v.text(n, "equivalence").is_none_or(|one| !matches!(&*one, "narrower" | "inexact"))
        },
    ),
    ("csd-1", "concept.code.combine($this.descendants().concept.code).isDistinct()", codes_are_distinct),
    ("opd-1", "type.exists() or part.exists()", |v, n| v.has(n, "type") || v.has(n, "part")),
    ("sdf-5", "type != 'Extension' or derivation = 'specialization' or (context.exists())", |v, n| {
        !v.is(n, "type", "Extension") || v.is(n, "derivation", "specialization") || v.has(n, "context")
    }),
    ("sdf-6", "snapshot.exists() or differential.exists()", |v, n| {
        v.has(n, "snapshot") || v.has(n, "differential")
    }),
];

fn kind(v: &View<'_, '_>, node: Id, kinds: &[&str]) -> bool {
    v.text(node, "type").is_some_and(|own| kinds.contains(&&*own))
}

fn name_fits(v: &View<'_, '_>, node: Id) -> bool {
    v.text(node, "name").is_none_or(|name| {
        name.len() <= 255
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// No concept, however deep, has the code of another. (The expression counts nested codes only once.)
fn codes_are_distinct(v: &View<'_, '_>, node: Id) -> bool {
    let mut queue: Vec<Id> = v.items(node, "concept").collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(concept) = queue.pop() {
        if v.text(concept, "code").is_some_and(|code| !seen.insert(code)) {
            return false;
        }
        queue.extend(v.items(concept, "concept"));
    }
    true
}
