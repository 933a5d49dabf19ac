//! FHIR in XML as FHIR in JSON (<https://hl7.org/fhir/R4/xml.html>): many profiles are published so. Which elements are
//! lists, and which values are numbers, FHIR's own definitions say.

mod member;

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use crate::profile::definition::{Element, Max, Structure};
use crate::profile::definitions::Definitions;
use crate::profile::primitive::Primitive;
use member::{put, put_simple};

/// How deep elements may nest.
const DEPTH_MAX: usize = 64;

/// A resource in XML, as JSON; else a sentence without a full stop.
pub fn to_json(text: &str) -> Result<Value, String> {
    let core = Definitions::core().map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading { text, reader, core };
    loop {
        match reading.event()? {
            Event::Start(start) => return reading.resource(&start, 0),
            Event::Eof => return Err("the XML has no element".to_owned()),
            _ => {}
        }
    }
}

/// Where the reader is: an element of a structure, whose children its definition lists.
#[derive(Clone)]
struct Context {
    structure: Arc<Structure>,
    path: String,
}

struct Reading<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    core: Definitions,
}

impl<'x> Reading<'x> {
    fn event(&mut self) -> Result<Event<'x>, String> {
        match self.reader.read_event() {
            // What a document type declares could be anything, and could be endless.
            Ok(Event::DocType(_)) => Err("a document type declaration is not taken".to_owned()),
            Ok(event) => Ok(event),
            Err(error) => {
                let before = self.text.get(..self.reader.error_position() as usize).unwrap_or(self.text);
                Err(format!("line {}: {error}", before.matches('\n').count() + 1))
            }
        }
    }

    fn of_type(&self, name: &str) -> Result<Context, String> {
        let structure = self.core.type_structure(name).map_err(|error| error.to_string())?;
        let path = structure.type_name.clone();
        Ok(Context { structure, path })
    }

    /// A resource, whose element has the name of its type.
    fn resource(&mut self, start: &BytesStart<'x>, depth: usize) -> Result<Value, String> {
        let name = local(start);
        let context = self.of_type(&name)?;
        let mut object = self.object(start, &context, depth)?;
        let mut whole = Map::new();
        whole.insert("resourceType".to_owned(), Value::String(name));
        whole.append(&mut object);
        Ok(Value::Object(whole))
    }

    /// The attributes and children of an element, up to its end.
    fn object(
        &mut self,
        start: &BytesStart<'x>,
        context: &Context,
        depth: usize,
    ) -> Result<Map<String, Value>, String> {
        if depth > DEPTH_MAX {
            return Err("the XML nests too deep".to_owned());
        }
        let mut object = attributes(start)?;
        loop {
            match self.event()? {
                Event::Start(child) => self.member(&child, context, &mut object, depth)?,
                Event::End(_) => return Ok(object),
                Event::Eof => return Err("the XML ends too early".to_owned()),
                Event::Text(text) if !text.trim().is_empty() => {
                    return Err(format!("there is text in <{}>, which FHIR has nowhere", local(start)));
                }
                _ => {}
            }
        }
    }

    fn member(
        &mut self,
        child: &BytesStart<'x>,
        context: &Context,
        object: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), String> {
        let name = local(child);
        let unknown = || format!("<{name}> is not known in {}", context.path);
        let (element, type_name) = find(context, &name).ok_or_else(unknown)?;
        let is_list = element.base_max.or(element.max).is_some_and(Max::is_many);
        let primitive = Primitive::named(&type_name).filter(|_| type_name != "xhtml");
        if let Some(primitive) = primitive {
            let inner = self.object(child, &self.of_type("Element")?, depth + 1)?;
            return put_simple(object, &name, is_list, primitive, inner);
        }
        let value = match type_name.as_str() {
            "xhtml" => self.narrative(child)?,
            "Resource" => self.inner_resource(depth + 1)?,
            _ => {
                let within = self.within(context, element, &type_name)?;
                Value::Object(self.object(child, &within, depth + 1)?)
            }
        };
        put(object, &name, is_list, value);
        Ok(())
    }

    /// Where the children of an element are defined: beside it, at what it refers to, or with its type.
    fn within(&self, context: &Context, element: &Element, type_name: &str) -> Result<Context, String> {
        let here = |path: &str| Context { structure: Arc::clone(&context.structure), path: path.to_owned() };
        if let Some(reference) = &element.content_reference {
            return Ok(here(reference.rsplit('#').next().unwrap_or_default()));
        }
        match type_name {
            "BackboneElement" | "Element" => Ok(here(&element.path)),
            _ => self.of_type(type_name),
        }
    }

    /// The element as it is written.
    fn narrative(&mut self, start: &BytesStart<'x>) -> Result<Value, String> {
        let inner = self.reader.read_text(start.name()).map_err(|error| error.to_string())?;
        let inner: &str = &inner;
        Ok(Value::String(format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>")))
    }

    fn inner_resource(&mut self, depth: usize) -> Result<Value, String> {
        let mut found = Value::Null;
        loop {
            match self.event()? {
                Event::Start(start) => found = self.resource(&start, depth)?,
                Event::End(_) => return Ok(found),
                Event::Eof => return Err("the XML ends too early".to_owned()),
                _ => {}
            }
        }
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// `id`, `url` and `value`; those of XML itself are passed over.
fn attributes(start: &BytesStart<'_>) -> Result<Map<String, Value>, String> {
    let mut object = Map::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.as_ref().to_owned();
        if name.starts_with("xmlns") || name.contains(':') {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        object.insert(name, Value::String(value.into_owned()));
    }
    Ok(object)
}

/// The element of that name, and the type that it has here.
fn find<'c>(context: &'c Context, name: &str) -> Option<(&'c Element, String)> {
    let path = format!("{}.{name}", context.path);
    let own = |one: &&Element| one.slice_name.is_none();
    let elements = || context.structure.snapshot.iter().filter(own);
    if let Some(element) = elements().find(|one| one.path == path) {
        let type_name = element.types.first().map_or("BackboneElement", |one| one.code.as_str());
        return Some((element, type_name.to_owned()));
    }
    elements().find_map(|element| {
        let start = element.path.strip_suffix("[x]")?;
        let rest = path.strip_prefix(start).filter(|rest| !rest.contains('.'))?;
        let chosen = element.types.iter().find(|one| one.code.eq_ignore_ascii_case(rest))?;
        Some((element, chosen.code.clone()))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_json;

    #[test]
    fn a_profile_reads_as_its_json_does() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <StructureDefinition xmlns="http://hl7.org/fhir"><!-- as published -->
              <id value="p"/>
              <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b</p></div></text>
              <extension url="urn:x"><valueInteger value="3"/></extension>
              <url value="urn:p"/>
              <status value="draft"><extension url="urn:y"><valueBoolean value="true"/></extension></status>
              <contextInvariant value="a"/><contextInvariant id="i" value="b"/>
              <abstract value="false"/>
              <differential>
                <element id="Patient.name"><path value="Patient.name"/><min value="1"/>
                  <constraint><key value="k-1"/><severity value="error"/><human value="x"/><expression value="a &lt; b"/></constraint>
                  <fixedString value="y"/>
                </element>
                <element id="Patient"><path value="Patient"/></element>
              </differential>
            </StructureDefinition>"#;
        assert_eq!(
            to_json(text).unwrap(),
            json!({
                "resourceType": "StructureDefinition", "id": "p",
                "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a &amp; b</p></div>" },
                "extension": [{ "url": "urn:x", "valueInteger": 3 }],
                "url": "urn:p",
                "status": "draft", "_status": { "extension": [{ "url": "urn:y", "valueBoolean": true }] },
                "contextInvariant": ["a", "b"], "_contextInvariant": [null, { "id": "i" }],
                "abstract": false,
                "differential": { "element": [
                    { "id": "Patient.name", "path": "Patient.name", "min": 1,
                      "constraint": [{ "key": "k-1", "severity": "error", "human": "x", "expression": "a < b" }],
                      "fixedString": "y" },
                    { "id": "Patient", "path": "Patient" },
                ] },
            })
        );
    }

    #[test]
    fn what_is_broken_or_hostile_is_refused() {
        for (text, why) in [
            ("", "no element"),
            ("<Patient>", "too early"),
            ("<Nothing/>", "not known"),
            ("<Patient><nothing/></Patient>", "<nothing> is not known in Patient"),
            ("<Patient>words</Patient>", "text in <Patient>"),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><Patient/>", "document type"),
            ("<Patient><active value=\"yes\"/></Patient>", "neither true nor false"),
            ("<Patient><id value=\"&bomb;\"/></Patient>", "bomb"),
        ] {
            let error = to_json(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        let deep = "<contained><Patient>".repeat(80);
        assert!(to_json(&format!("<Patient>{deep}")).unwrap_err().contains("too deep"));
    }
}
