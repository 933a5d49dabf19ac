//! The elements and attributes of XHTML that narrative may have, and what their values may not do.

use crate::profile::primitive::Primitive;

/// Elements, those that stand in almost every narrative first: what HTML 4 has for text, lists, tables and images, less what changes text
/// or belongs to the page (<https://hl7.org/fhir/R4/narrative.html#xhtml>).
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
    "area",
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
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "map",
    "ol",
    "pre",
    "q",
    "samp",
    "small",
    "strong",
    "sub",
    "sup",
    "tfoot",
    "thead",
    "tt",
    "var",
];

/// Attributes that any element may have.
const EVERYWHERE: &[&str] = &[
    "class",
    "style",
    "id",
    "title",
    "xmlns",
    "lang",
    "xml:lang",
    "dir",
    "accesskey",
    "tabindex",
    "xml:space",
    "span",
    "width",
    "align",
    "valign",
    "char",
    "charoff",
    "abbr",
    "axis",
    "headers",
    "scope",
    "rowspan",
    "colspan",
];

/// Attributes that only some elements have.
const SOMEWHERE: &[(&str, &[&str])] = &[
    ("a", &["href", "name", "charset", "type", "hreflang", "rel", "rev", "shape", "coords"]),
    ("area", &["shape", "coords", "href", "nohref", "alt"]),
    ("blockquote", &["cite"]),
    ("img", &["src", "alt", "border", "longdesc", "height", "usemap", "ismap"]),
    ("map", &["name"]),
    ("pre", &["space"]),
    ("q", &["cite"]),
    ("table", &["summary", "border", "frame", "rules", "cellspacing", "cellpadding"]),
    ("td", &["nowrap"]),
];

/// Whether an address may have that letter (<https://www.rfc-editor.org/rfc/rfc3986#section-2>).
fn is_of_address(c: char) -> bool {
    const SIGNS: &[u8] = b";?:@&=+$.,/%-_~#[]!'()*|";
    c.is_ascii_alphanumeric() || SIGNS.iter().any(|sign| char::from(*sign) == c) || c.is_alphanumeric()
}

/// Whether an element may have an attribute with that value.
pub(super) fn allowed(element: &str, name: &str, value: &str) -> Result<(), String> {
    let is_own = || SOMEWHERE.iter().any(|row| row.0 == element && row.1.contains(&name));
    if !EVERYWHERE.contains(&name) && !name.starts_with("xmlns:") && !name.starts_with("data-") && !is_own() {
        return Err(format!(
            "The narrative's <{element}> has an attribute that is not allowed in it. Remove it."
        ));
    }
    match name {
        "href" | "src" => address(element, name, value),
        "style" => style(value),
        _ => Ok(()),
    }
}

/// Nothing but letters that count, as a browser reads them: letters may be written as their numbers.
fn plain(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("&#") {
        plain.push_str(before);
        let (number, after) = after.split_once(';').unwrap_or((after, ""));
        let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |hex| (hex, 16));
        plain.extend(u32::from_str_radix(digits, radix).ok().and_then(char::from_u32));
        rest = after;
    }
    plain.push_str(rest);
    plain.retain(|c| !c.is_whitespace() && !c.is_control());
    plain.to_ascii_lowercase()
}

fn style(value: &str) -> Result<(), String> {
    let plain = plain(value);
    if plain.contains("expression(") || plain.contains("javascript:") {
        return Err("A style in the narrative would run a script. Remove it.".to_owned());
    }
    Ok(())
}

fn address(element: &str, name: &str, value: &str) -> Result<(), String> {
    let plain = plain(value);
    let text = if plain.starts_with("javascript:") || plain.starts_with("vbscript:") {
        "A link in the narrative would run a script. Remove it."
    } else if name == "href" && plain.starts_with("urn:") {
        "A link in the narrative leads to a name (urn:), which no browser can follow. Link to an address, or leave the text alone."
    } else if plain.is_empty() {
        "A link or an image in the narrative has no address. Give it one, or leave the text alone."
    } else if let Some(data) = value.strip_prefix("data:") {
        return data_of(data);
    } else if !value.chars().all(is_of_address) {
        "An address in the narrative has a character that addresses do not have, such as a blank. Write it as %20 and the like."
    } else {
        let local = ["#", "http:", "https:", "cid:"].iter().any(|start| plain.starts_with(start));
        if element != "img" || local || !plain.contains(':') {
            return Ok(());
        }
        "An image in the narrative must be local to the resource."
    };
    Err(text.to_owned())
}

/// What stands in an address itself: a media type and base64 (<https://www.rfc-editor.org/rfc/rfc2397>).
fn data_of(data: &str) -> Result<(), String> {
    let is_good = data.split_once(";base64,").is_some_and(|(kind, bytes)| {
        kind.trim().contains('/') && !bytes.is_empty() && Primitive::Base64Binary.fault(bytes).is_none()
    });
    if is_good {
        return Ok(());
    }
    Err("What stands in an address in the narrative is written as data:TYPE;base64,BYTES. Correct it."
        .to_owned())
}
