//! OperationDefinitions beside the profiles on Parameters that say the same of what goes in and what comes out
//! (<https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile>).

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Place, Walk};
use crate::json::document::Id;
use crate::profile::definition::{Element, Max, Structure};

/// What begins the id of each parameter that a profile describes.
const SLICE: &str = "Parameters.parameter:";

/// Where the types stand of a parameter that may be of several.
const ALLOWED: &str = "http://hl7.org/fhir/StructureDefinition/operationdefinition-allowed-type";

/// The type of which every resource is.
const ANY: &str = "Resource";

/// So many types nobody lists.
const MANY: usize = 20;

/// A parameter that a profile describes.
struct Described<'s> {
    own: &'s Element,
    name: String,
    types: BTreeSet<&'s str>,
    targets: BTreeSet<&'s str>,
}

impl Walk<'_, '_> {
    /// Each profile describes the parameters that the operation has.
    pub(super) fn operation_definition(&mut self, place: &Place<'_>, node: Id) {
        for (member, way) in [("inputProfile", "in"), ("outputProfile", "out")] {
            let Some(url) = self.view().text(node, member) else { continue };
            let here = place.child(member);
            match self.definitions().structure(&url).ok().flatten() {
                None => {
                    let text =
                        format!("The profile {url} is not known here. Correct it, or load its package.");
                    self.findings.error(&here, node, "unknown", text);
                }
                Some(profile) if profile.type_name != "Parameters" => {
                    let text = "What goes in or comes out is described by a profile on Parameters. Name one.";
                    self.findings.error(&here, node, "invalid", text);
                }
                Some(profile) => self.described(&here, node, way, &profile),
            }
        }
    }

    fn described(&mut self, place: &Place<'_>, node: Id, way: &str, profile: &Structure) {
        let view = self.view();
        let list = place.child("parameter");
        for one in described(profile) {
            let parameters = view.items(node, "parameter").enumerate();
            let same = |id: Id| view.is(id, "name", &one.name) && view.is(id, "use", way);
            let Some((index, parameter)) = parameters.into_iter().find(|(_, id)| same(*id)) else {
                let text = format!(
                    "The profile has a parameter {} that is not here. Add it, or correct the profile.",
                    one.name
                );
                self.findings.warning(place, node, "unknown", text);
                continue;
            };
            for text in self.differences(parameter, &one) {
                self.findings.error(&list.item(index), parameter, "invalid", text);
            }
        }
    }

    /// What a parameter and its profile say differently.
    fn differences(&self, parameter: Id, one: &Described<'_>) -> Vec<String> {
        let view = self.view();
        let mut differences = Vec::new();
        let least = view.raw(parameter, "min").and_then(|min| min.parse::<u32>().ok());
        let most = view.text(parameter, "max").and_then(|max| Max::read(&max));
        if least.is_some_and(|min| min != one.own.min.unwrap_or(0)) {
            differences.push("The profile has another min for this parameter. Make them agree.".to_owned());
        }
        if most.is_some() && one.own.max.is_some() && most != one.own.max {
            differences.push("The profile has another max for this parameter. Make them agree.".to_owned());
        }
        let own = self.allowed_types(parameter);
        let own: BTreeSet<&str> = own.iter().map(|one| &**one).filter(|one| *one != ANY).collect();
        if !one.types.is_empty() && one.types != own {
            let types: Vec<&str> = one.types.iter().copied().collect();
            differences
                .push(format!("The profile has this parameter as {}. Make them agree.", types.join(" or ")));
        }
        let targets: Vec<_> =
            view.items(parameter, "targetProfile").map(|id| self.document.text(id)).collect();
        let targets: BTreeSet<&str> = targets.iter().map(|url| &**url).collect();
        // Of several types, not all can say what they lead to.
        if own.len() == 1 && targets != one.targets {
            differences
                .push("The profile refers to something else in this parameter. Make them agree.".to_owned());
        }
        differences
    }

    fn allowed_types(&self, parameter: Id) -> Vec<Cow<'_, str>> {
        let view = self.view();
        let several = view.items(parameter, "extension").filter(|one| view.is(*one, "url", ALLOWED));
        let several: Vec<_> = several.filter_map(|one| view.text(one, "valueUri")).collect();
        if several.is_empty() { view.text(parameter, "type").into_iter().collect() } else { several }
    }
}

/// The parameters that a profile describes: what has a name, and says what stands in it.
fn described(profile: &Structure) -> Vec<Described<'_>> {
    let slices =
        profile.snapshot.iter().filter(|one| one.id.starts_with(SLICE) && one.path == "Parameters.parameter");
    slices.filter_map(|own| describe(profile, own)).collect()
}

fn describe<'s>(profile: &'s Structure, own: &'s Element) -> Option<Described<'s>> {
    let child = |name: &str| profile.snapshot.iter().find(|one| one.id == format!("{}.{name}", own.id));
    let named = child("name")?;
    let name = named.fixed.as_ref().or(named.pattern.as_ref())?.as_str()?.to_owned();
    let (value, resource) = (child("value[x]"), child("resource"));
    let is_used = |one: &&Element| one.max != Some(Max::Times(0));
    let mut types = BTreeSet::new();
    let mut targets = BTreeSet::new();
    // A value of any type is what the profile leaves open.
    let is_open = |one: &&Element| one.types.len() > MANY;
    for one in value.filter(is_used).into_iter().chain(resource.filter(is_used)).filter(|one| !is_open(one)) {
        types.extend(one.types.iter().map(|one| &*one.code).filter(|code| *code != ANY));
        targets.extend(one.types.iter().flat_map(|one| &one.targets).map(String::as_str));
    }
    Some(Described { own, name, types, targets })
}
