//! Narrative: well-formed XHTML of the elements and attributes that FHIR allows, and nothing that acts
//! (<https://hl7.org/fhir/R4/narrative.html#xhtml>).

mod allowed;
mod entities;
mod nesting;
mod scan;

use std::collections::HashSet;

use super::{Place, Walk};
use crate::json::document::Id;
use scan::check;

impl Walk<'_, '_> {
    /// Checks the narrative's text.
    pub(super) fn narrative(&mut self, place: &Place<'_>, node: Id, text: &str) {
        match check(text) {
            Err(sentence) => self.findings.error(place, node, "invalid", sentence),
            Ok(links) => {
                if !links.iter().all(|link| self.is_anchor(link)) {
                    let text =
                        "A link in the narrative leads to a place that is not there. Correct or remove it.";
                    self.findings.error(place, node, "invalid", text);
                }
            }
        }
    }

    /// Whether anything in the document can be linked to by that name: an anchor of a narrative, or an id.
    fn is_anchor(&mut self, name: &str) -> bool {
        let document = self.document;
        let anchors = self.anchors.get_or_insert_with(|| {
            let mut anchors = HashSet::new();
            for node in document.subtree(document.root()).filter(|node| document.is_string(*node)) {
                match document.raw_key(node) {
                    "id" => drop(anchors.insert(document.text(node).into_owned())),
                    "div" => collect(&document.text(node), &mut anchors),
                    _ => {}
                }
            }
            anchors
        });
        anchors.contains(name)
    }
}

/// Adds every name that a narrative can be linked to by.
fn collect(text: &str, anchors: &mut HashSet<String>) {
    for start in [" id=", " name="] {
        for (at, _) in text.match_indices(start) {
            let rest = text.get(at + start.len()..).unwrap_or_default();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            if let Some((name, _)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) {
                anchors.insert(name.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    const START: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    #[test]
    fn what_is_safe_passes() {
        for good in [
            "a<br/>b &amp; &nbsp;&#160;&hearts;&Eacute;&apos;",
            "<p title='x'>y</p>",
            "<img src=\"#a\" alt=\"a\"/>",
            "<!-- c -->x",
            "<table class=\"grid\"><caption>c</caption><tr><td rowspan=\"2\">a</td></tr></table>",
            "<a href=\"https://example.org/a?b=1&amp;c=2#d\">y</a>",
            "<img src=\"data:image/png;base64,YWJj\" alt=\"a\"/>",
        ] {
            assert!(check(&format!("{START}{good}</div>")).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_acts_or_is_broken_is_refused() {
        for bad in [
            "",
            " ",
            "<script>x</script>",
            "<p onclick=\"x\">y</p>",
            "<a href=\"javascript:x\">y</a>",
            "<a href=\"java&#115;cript:x\">y</a>",
            "<a href=\"&#x6A;avascript&#58;x\">y</a>",
            "<p style=\"width:expr&#101;ssion(x)\">y</p>",
            "<a href=\"urn:oid:1.2\">y</a>",
            "<p>",
            "a & b",
            "&nosuch;",
            "<br>x",
            "<p title=x>y</p>",
            "<u>y</u>",
            "<section>y</section>",
            "<p rowspan=\"2\" href=\"#a\">y</p>",
            "<td>y</td>",
            "<ul>y</ul>",
            "<p><table><tr><td>y</td></tr></table></p>",
            "<?x y?>z",
            "<p xmlns=\"http://www.w3.org/2000/svg\">y</p>",
            "<a href=\"\">y</a>",
            "<a href=\"two words\">y</a>",
            "<img src=\"data:image/png,YWJj\" alt=\"a\"/>",
            "<img src=\"data:image/png;base64,Y\" alt=\"a\"/>",
        ] {
            assert!(check(&format!("{START}{bad}</div>")).is_err(), "{bad}");
        }
        for bad in ["x", "<p>x</p>", "<div>x</div>"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
