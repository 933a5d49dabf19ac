//! The elements and attributes of XHTML that narrative may have, and what their values may not do.

/// Elements, those that stand in almost every narrative first.
pub(super) const ELEMENTS: &[&str] = &[
    "div",
    "p",
    "td",
    "tr",
    "b",
    "th",
    "table",
    "tbody",
    "li",
    "ul",
    "span",
    "br",
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "bdo",
    "big",
    "blockquote",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "main",
    "nav",
    "ol",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "strike",
    "strong",
    "sub",
    "sup",
    "tfoot",
    "thead",
    "time",
    "tt",
    "u",
    "var",
    "dir",
    "kbd",
    "ins",
    "del",
    "map",
    "area",
    "center",
    "font",
];

/// Attributes.
const ATTRIBUTES: &[&str] = &[
    "xmlns",
    "class",
    "style",
    "href",
    "id",
    "title",
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "bgcolor",
    "border",
    "cellhalign",
    "cellpadding",
    "cellspacing",
    "cellvalign",
    "char",
    "charoff",
    "charset",
    "cite",
    "color",
    "colspan",
    "compact",
    "coords",
    "data",
    "dir",
    "face",
    "frame",
    "headers",
    "height",
    "hreflang",
    "hspace",
    "lang",
    "longdesc",
    "name",
    "noshade",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "size",
    "span",
    "src",
    "start",
    "summary",
    "tabindex",
    "target",
    "type",
    "usemap",
    "valign",
    "value",
    "vspace",
    "width",
    "xml:lang",
    "xml:space",
    "cols",
    "rows",
    "datetime",
];

/// Whether an element may have an attribute with that value.
pub(super) fn allowed(element: &str, name: &str, value: &str) -> Result<(), String> {
    if !ATTRIBUTES.contains(&name) && !name.starts_with("xmlns:") && !name.starts_with("data-") {
        return Err("The narrative has an attribute that is not allowed in it. Remove it.".to_owned());
    }
    if !matches!(name, "href" | "src" | "style") {
        return Ok(());
    }
    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let plain = plain.to_ascii_lowercase();
    if matches!(name, "href" | "src") && (plain.starts_with("javascript:") || plain.starts_with("vbscript:"))
    {
        return Err("A link in the narrative would run a script. Remove it.".to_owned());
    }
    if name == "href" && plain.starts_with("urn:") {
        let text = "A link in the narrative leads to a name (urn:), which no browser can follow. Link to an address, or leave the text alone.";
        return Err(text.to_owned());
    }
    let local = ["#", "data:", "http:", "https:", "cid:"].iter().any(|start| plain.starts_with(start));
    if element == "img" && name == "src" && !local && plain.contains(':') {
        return Err("An image in the narrative must be local to the resource.".to_owned());
    }
    if name == "style" && (plain.contains("expression(") || plain.contains("javascript:")) {
        return Err("A style in the narrative would run a script. Remove it.".to_owned());
    }
    Ok(())
}
