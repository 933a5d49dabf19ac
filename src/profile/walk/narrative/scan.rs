//! A reader of XHTML that knows just what narrative may have.

use super::allowed::{ELEMENTS, allowed};
use super::entities::is_entity;
use super::nesting::Open;

const XHTML: &str = "http://www.w3.org/1999/xhtml";
const DEPTH_MAX: usize = 256;

/// The names that a narrative links to in its own document; or what is wrong with it, as what to do.
pub(super) fn check(text: &str) -> Result<Vec<&str>, String> {
    let mut scan =
        Scan { rest: text.trim(), open: Open::default(), links: vec![], filled: false, first: true };
    while !scan.rest.is_empty() {
        if let Some(rest) = scan.rest.strip_prefix("<!--") {
            scan.rest =
                rest.split_once("-->").ok_or("A comment in the narrative is not closed. Close it.")?.1;
        } else if scan.rest.starts_with("<?") {
            if !scan.open.is_empty() {
                return Err("The narrative may have no instructions. Remove this one.".to_owned());
            }
            scan.rest = scan.rest.split_once("?>").ok_or("An instruction in the narrative is not closed.")?.1;
        } else if scan.rest.starts_with("<!") {
            return Err("The narrative may have no declarations. Remove this one.".to_owned());
        } else if let Some(rest) = scan.rest.strip_prefix("</") {
            scan.close(rest)?;
        } else if scan.rest.starts_with('<') {
            scan.tag()?;
        } else {
            scan.words()?;
        }
    }
    if let Some(name) = scan.open.last() {
        return Err(format!("The narrative's <{name}> is not closed. Close it."));
    }
    if scan.first {
        return Err("The narrative must be one <div>.".to_owned());
    }
    if scan.filled {
        Ok(scan.links)
    } else {
        Err("The narrative has neither words nor an image. Fill it or leave it out.".to_owned())
    }
}

struct Scan<'x> {
    rest: &'x str,
    open: Open,
    links: Vec<&'x str>,
    filled: bool,
    first: bool,
}

impl<'x> Scan<'x> {
    fn words(&mut self) -> Result<(), String> {
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let (words, rest) = self.rest.split_at(end);
        if self.open.is_empty() && !words.trim().is_empty() {
            return Err("The narrative has text outside its <div>. Put it inside.".to_owned());
        }
        entities(words)?;
        let has_words = words.chars().any(|c| !c.is_whitespace());
        if let Some(text) = has_words.then(|| self.open.wordless()).flatten() {
            return Err(text);
        }
        self.filled = self.filled || has_words;
        self.rest = rest;
        Ok(())
    }

    fn close(&mut self, rest: &'x str) -> Result<(), String> {
        let (name, rest) =
            rest.split_once('>').ok_or("A tag in the narrative is not closed. Close it with >.")?;
        if self.open.pop() != Some(name.trim_end()) {
            return Err("A closing tag in the narrative does not match the one that is open.".to_owned());
        }
        self.rest = rest;
        Ok(())
    }

    fn tag(&mut self) -> Result<(), String> {
        let body = &self.rest[1..];
        let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_' | '.')));
        let (name, mut rest) = body.split_at(end.unwrap_or(body.len()));
        let Some(element) = ELEMENTS.iter().position(|one| *one == name) else {
            return Err("The narrative has an element that is not allowed in it. Remove it.".to_owned());
        };
        if self.open.is_empty() && (!self.first || name != "div") {
            return Err("The narrative must be one <div>.".to_owned());
        }
        if let Some(text) = self.open.misplaced(element) {
            return Err(text);
        }
        let is_root = self.open.is_empty();
        let mut namespace = None;
        loop {
            let trimmed = rest.trim_start();
            if let Some(after) = trimmed.strip_prefix("/>") {
                rest = after;
                break;
            }
            if let Some(after) = trimmed.strip_prefix('>') {
                self.open.push(element);
                rest = after;
                break;
            }
            if trimmed.len() == rest.len() {
                return Err("A tag in the narrative is not well formed.".to_owned());
            }
            let (attribute, value, after) = attribute(trimmed)?;
            if attribute == "xmlns" {
                if value != XHTML {
                    return Err(format!(
                        "The narrative is XHTML throughout. Write xmlns=\"{XHTML}\", on its <div> only."
                    ));
                }
                namespace = Some(value);
            }
            allowed(name, attribute, value)?;
            if name == "a" && attribute == "href" {
                self.links.extend(value.strip_prefix('#').filter(|link| !link.is_empty()));
            }
            rest = after;
        }
        if self.open.len() > DEPTH_MAX {
            return Err("The narrative nests too deep.".to_owned());
        }
        if is_root && namespace != Some(XHTML) {
            return Err(format!("The narrative's <div> must have xmlns=\"{XHTML}\"."));
        }
        self.filled |= name == "img";
        self.first = false;
        self.rest = rest;
        Ok(())
    }
}

/// The name and value of an attribute, and what follows it.
fn attribute(text: &str) -> Result<(&str, &str, &str), String> {
    let bad = || "An attribute in the narrative is not well formed. Write it as name=\"value\".".to_owned();
    let (name, rest) = text.split_once('=').ok_or_else(bad)?;
    let name = name.trim_end();
    if name.is_empty()
        || name.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '/'))
    {
        return Err(bad());
    }
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(bad)?;
    let (value, rest) = rest.get(1..).and_then(|rest| rest.split_once(quote)).ok_or_else(bad)?;
    if value.contains('<') {
        return Err(bad());
    }
    entities(value)?;
    Ok((name, value, rest))
}

/// Entities must be of XML or HTML, and every & must begin one.
fn entities(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('&') {
        let bad = || "An & in the narrative begins no entity. Write &amp; for the sign itself.".to_owned();
        let (name, after) = after.split_once(';').ok_or_else(bad)?;
        let good = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
                None => !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()),
            },
            None => is_entity(name),
        };
        if !good {
            return Err(bad());
        }
        rest = after;
    }
    Ok(())
}
