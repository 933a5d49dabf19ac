//! `ValueSet/$validate-code`, `CodeSystem/$validate-code`, `$lookup` and `$subsumes`
//! (<https://hl7.org/fhir/R4/codesystem-operations.html>).

use serde_json::Value;

use super::asked::{Asked, Code};
use super::meant::Meant;
use super::{parameter, parameters, untold, unusable};
use crate::problem::{Category, Issue, Problem};
use crate::profile::definitions::Definitions;
use crate::profile::terminology::{CodeSystem, Lookup, Membership, same_name};

/// Whether one of the codes is in a value set.
pub(super) fn is_in(definitions: &Definitions, asked: &Asked, meant: &Meant) -> Result<Value, Problem> {
    let mut doubt = None;
    for code in asked.codes()? {
        match meant.expansion.member(code.system.as_deref(), &code.code) {
            Membership::In(display) => return Ok(good(definitions, &code, display)),
            Membership::NotIn => {}
            Membership::CannotTell(why) => doubt = Some(why),
            Membership::UnknownSystem(system) => {
                doubt = Some(format!("the code system '{system}' is not known"))
            }
        }
    }
    match doubt {
        Some(why) => Err(untold(&why)),
        None => Ok(bad(&format!("The value set {} does not have this code.", meant.name), None)),
    }
}

/// Whether a code system has one of the codes: a code of another system is none of its own, whatever it looks like.
pub(super) fn is_of(definitions: &Definitions, asked: &Asked) -> Result<Value, Problem> {
    for code in asked.codes()? {
        let system = match (asked.text("url"), code.system.as_deref()) {
            (Some(url), Some(own)) if bare(url) != own => continue,
            (Some(url), _) => bare(url).to_owned(),
            (None, Some(own)) => own.to_owned(),
            (None, None) => asked.needed("url")?.to_owned(),
        };
        let found = definitions.lookup(&versioned(asked, &system), &code.code, None);
        match found.map_err(|error| unusable(&error))? {
            Lookup::Known { display, .. } => {
                return Ok(good(definitions, &Code { system: Some(system), ..code }, display));
            }
            Lookup::NoSuchCode | Lookup::Supplement => {}
            other => return Err(untold(&reason(&other, &system))),
        }
    }
    Ok(bad("The code system does not have this code.", None))
}

/// An address without its version.
fn bare(canonical: &str) -> &str {
    canonical.split('|').next().unwrap_or_default()
}

/// A system in the version that was asked for, if one was.
fn versioned(asked: &Asked, system: &str) -> String {
    let within = asked.text("url").or(asked.text("system")).and_then(|canonical| canonical.split_once('|'));
    match asked.text("version").or(within.map(|(_, version)| version)) {
        Some(version) => format!("{system}|{version}"),
        None => system.to_owned(),
    }
}

/// The one system that is meant, by the parameter and by the codes.
fn one_system(asked: &Asked, codes: &[&Code]) -> Result<String, Problem> {
    let said = asked.text("system").map(bare);
    let mut all = said.into_iter().chain(codes.iter().filter_map(|code| code.system.as_deref()));
    let Some(system) = all.next() else { return asked.needed("system").map(str::to_owned) };
    match all.find(|other| *other != system) {
        None => Ok(system.to_owned()),
        Some(other) => {
            let text = format!("This is asked of one system, {system}; {other} is another.");
            Err(Problem::with(Category::Invalid, vec![Issue::error("invalid", text)]))
        }
    }
}

/// The answer for a code that is there; that its name is another is no.
fn good(definitions: &Definitions, code: &Code, display: Option<String>) -> Value {
    let system = code.system.as_deref();
    let known = system.and_then(|system| definitions.code_system_if_known(system).ok().flatten());
    let concept = known.as_ref().and_then(|known| known.concept(&code.code));
    let display = display.or_else(|| concept.and_then(|concept| concept.display.clone()));
    let given = code.display.as_deref();
    let is_called = given.is_none_or(|given| {
        display.as_deref().is_none_or(|display| same_name(display, given))
            || concept.is_some_and(|one| one.is_called(given))
    });
    if !is_called {
        let text =
            format!("The code is there, but it is called '{}'.", display.as_deref().unwrap_or_default());
        return bad(&text, display.as_deref());
    }
    parameters(vec![
        parameter("result", "valueBoolean", true),
        parameter("code", "valueCode", code.code.as_str()),
        system.and_then(|system| parameter("system", "valueUri", system)),
        display.as_deref().and_then(|display| parameter("display", "valueString", display)),
    ])
}

fn bad(text: &str, display: Option<&str>) -> Value {
    parameters(vec![
        parameter("result", "valueBoolean", false),
        parameter("message", "valueString", text),
        display.and_then(|display| parameter("display", "valueString", display)),
    ])
}

/// Why it cannot be told, or that there is no such system.
fn reason(lookup: &Lookup, system: &str) -> String {
    match lookup {
        Lookup::CannotTell(why) => why.clone(),
        _ => format!("the code system '{system}' is not known; load the package that defines it"),
    }
}

/// What a code means.
pub(super) fn lookup(definitions: &Definitions, asked: &Asked) -> Result<Value, Problem> {
    let code = asked.codes()?.into_iter().next().unwrap_or_default();
    let system = versioned(asked, &one_system(asked, &[&code])?);
    match definitions.lookup(&system, &code.code, None).map_err(|error| unusable(&error))? {
        Lookup::Known { display, .. } => {
            let held = definitions.code_system_if_known(&system).map_err(|error| unusable(&error))?;
            Ok(meaning(held.as_deref(), &system, &code.code, display))
        }
        Lookup::NoSuchCode | Lookup::Supplement => {
            let text = format!("The code system {system} has no such code.");
            Err(Problem::with(Category::NotFound, vec![Issue::error("code-invalid", text)]))
        }
        other => Err(untold(&reason(&other, &system))),
    }
}

fn meaning(held: Option<&CodeSystem>, system: &str, code: &str, display: Option<String>) -> Value {
    let property = |name: &str, value: &str| {
        Some(serde_json::json!({ "name": "property", "part": [
            { "name": "code", "valueCode": name }, { "name": "value", "valueString": value },
        ] }))
    };
    // The name is not always kept, but it is asked for: the address names the system as well.
    let mut all = vec![
        parameter("name", "valueString", held.map_or(system, |held| held.url.as_str())),
        held.and_then(|held| parameter("version", "valueString", held.version.as_deref()?)),
        parameter("display", "valueString", display.as_deref().unwrap_or(code)),
    ];
    let concept = held.and_then(|held| held.concept(code));
    for parent in concept.into_iter().flat_map(|concept| &concept.parents) {
        let parent = held.and_then(|held| held.concepts().get(*parent as usize));
        all.push(parent.and_then(|parent| property("parent", &parent.code)));
    }
    for (name, value) in concept.into_iter().flat_map(|concept| &concept.properties) {
        all.push(property(name, value));
    }
    parameters(all)
}

/// Whether one code is a kind of another.
pub(super) fn subsumes(definitions: &Definitions, asked: &Asked) -> Result<Value, Problem> {
    let (a, b) = (asked.compared("A")?, asked.compared("B")?);
    let system = versioned(asked, &one_system(asked, &[&a, &b])?);
    let held = definitions.code_system_if_known(&system).map_err(|error| unusable(&error))?;
    let held = held.filter(|held| held.content.is_here());
    let held = held.ok_or_else(|| untold(&format!("the codes of '{system}' are not here")))?;
    let missing = [&a.code, &b.code].into_iter().find(|code| held.concept(code).is_none());
    if let Some(code) = missing {
        let text = format!("The code system {system} has no code '{code}'.");
        return Err(Problem::with(Category::NotFound, vec![Issue::error("code-invalid", text)]));
    }
    let is = |one: &str, other: &str| held.is_kind_of(one, other).unwrap_or_default();
    let outcome = match (is(&b.code, &a.code), is(&a.code, &b.code)) {
        (true, true) => "equivalent",
        (true, false) => "subsumes",
        (false, true) => "subsumed-by",
        (false, false) => "not-subsumed",
    };
    Ok(parameters(vec![parameter("outcome", "valueCode", outcome)]))
}
