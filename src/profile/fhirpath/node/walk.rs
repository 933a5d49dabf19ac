//! From an element to those below it.

use super::super::fault::Fault;
use super::super::limits::Meter;
use super::super::model::Model;
use super::super::value::{Collection, Item};
use super::Node;
use crate::json::document::{Id, Kind};

/// Members of objects that are no elements: the type of a resource, and comments as DSTU 2 wrote them.
fn is_element(key: &str) -> bool {
    key != "resourceType" && key != "fhir_comments"
}

impl<'d> Node<'d> {
    /// The elements of that name (§5.1 path selection). `Err` when too much was walked.
    pub(in crate::profile::fhirpath) fn step(
        &self,
        name: &str,
        model: &'d dyn Model,
        meter: &mut Meter,
        out: &mut Collection<'d>,
    ) -> Result<(), Fault> {
        if self.has_value() {
            if name == "value" {
                out.extend(self.value().map(Item::Value));
                return Ok(());
            }
            return self.step_in(self.extra, name, model, meter, out);
        }
        self.step_in(self.value.or(self.extra), name, model, meter, out)
    }

    fn step_in(
        &self,
        object: Option<Id>,
        name: &str,
        model: &'d dyn Model,
        meter: &mut Meter,
        out: &mut Collection<'d>,
    ) -> Result<(), Fault> {
        let Some(object) = object else { return Ok(()) };
        match model.element(self.type_name, name) {
            Some(element) if element.is_choice => self.find(object, meter, out, |key| {
                key.starts_with(element.name).then(|| element.chosen(key))?
            }),
            Some(element) => {
                let type_name = element.types.first().map_or("", |name| name);
                self.find(object, meter, out, |key| (key == name).then_some(type_name))
            }
            // The type is known, and has no such element.
            None if model.is_type(self.type_name) => Ok(()),
            None => {
                let before = out.len();
                self.find(object, meter, out, |key| (key == name && is_element(key)).then_some(""))?;
                if out.len() == before {
                    // Without a model, an ending that begins with a capital is taken for the type of a choice.
                    let chosen = |key: &str| {
                        let ending = key.strip_prefix(name)?;
                        ending.starts_with(|c: char| c.is_ascii_uppercase()).then_some("")
                    };
                    self.find(object, meter, out, chosen)?;
                }
                Ok(())
            }
        }
    }

    /// The members whose key `accept` gives a type for; a value and what stands under `_name` are one element.
    fn find(
        &self,
        object: Id,
        meter: &mut Meter,
        out: &mut Collection<'d>,
        accept: impl Fn(&str) -> Option<&'d str>,
    ) -> Result<(), Fault> {
        let (mut value, mut extra, mut type_name, mut walked) = (None, None, "", 1);
        if self.document.kind(object) != Kind::Object {
            return Ok(());
        }
        for member in self.document.children(object) {
            walked += 1;
            let key = self.document.raw_key(member);
            match key.strip_prefix('_') {
                Some(inner) => {
                    if let Some(found) = accept(inner) {
                        (extra, type_name) = (Some(member), found);
                    }
                }
                None => {
                    if let Some(found) = accept(key) {
                        (value, type_name) = (Some(member), found);
                    }
                }
            }
        }
        let document = self.document;
        let count = self.spread(value, extra, |value, extra| {
            out.push(Item::Node(Self::new(document, value, extra, type_name)))
        });
        meter.charge(walked + count)
    }

    /// The items of a list, or the one element; what neither has a value nor anything beside it is none. Says how many.
    fn spread(
        &self,
        value: Option<Id>,
        extra: Option<Id>,
        mut emit: impl FnMut(Option<Id>, Option<Id>),
    ) -> usize {
        let kind = |id: Option<Id>| id.map(|id| self.document.kind(id));
        let mut count = 0;
        let mut one = |value: Option<Id>, extra: Option<Id>| {
            let there = |id: &Id| self.document.kind(*id) != Kind::Null;
            let (value, extra) = (value.filter(there), extra.filter(there));
            if value.is_some() || extra.is_some() {
                count += 1;
                emit(value, extra);
            }
        };
        if kind(value) != Some(Kind::Array) && kind(extra) != Some(Kind::Array) {
            one(value, extra);
            return count;
        }
        let items = |id: Option<Id>| id.map(|id| self.document.children(id)).into_iter().flatten();
        let (mut values, mut extras) = (items(value), items(extra));
        loop {
            let (value, extra) = (values.next(), extras.next());
            if value.is_none() && extra.is_none() {
                return count;
            }
            one(value, extra);
        }
    }

    /// All elements below it, in the order of the document (§5.8.1).
    pub(in crate::profile::fhirpath) fn children(
        &self,
        model: &'d dyn Model,
        meter: &mut Meter,
        out: &mut Collection<'d>,
    ) -> Result<(), Fault> {
        let (document, own) = (self.document, self.type_name);
        self.each_member(meter, |name, value, extra| {
            let type_name = model.member(own, name).map_or("", |(_, type_name)| type_name);
            self.spread(value, extra, |value, extra| {
                out.push(Item::Node(Self::new(document, value, extra, type_name)))
            })
        })
    }

    /// How many elements are below it: what `children().count()` says, without making the list.
    pub(in crate::profile::fhirpath) fn count_children(&self, meter: &mut Meter) -> Result<usize, Fault> {
        let mut count = 0;
        self.each_member(meter, |_, value, extra| {
            let own = self.spread(value, extra, |_, _| {});
            count += own;
            own
        })?;
        Ok(count)
    }

    /// Tells of each element's name, value, and what stands under `_name`; `emit` says how many items that is.
    fn each_member(
        &self,
        meter: &mut Meter,
        mut emit: impl FnMut(&'d str, Option<Id>, Option<Id>) -> usize,
    ) -> Result<(), Fault> {
        let object = if self.has_value() { self.extra } else { self.value.or(self.extra) };
        let Some(object) = object.filter(|id| self.document.kind(*id) == Kind::Object) else { return Ok(()) };
        // Pairs are looked for only where there is a key that may have one.
        let paired =
            self.document.children(object).any(|member| self.document.raw_key(member).starts_with('_'));
        let search = if paired { self.document.children(object).count() } else { 0 };
        for member in self.document.children(object) {
            let key = self.document.raw_key(member);
            let (name, is_extra) = match key.strip_prefix('_') {
                Some(inner) => (inner, true),
                None => (key, false),
            };
            if !is_element(name) {
                continue;
            }
            let mut partner = None;
            if paired {
                let is_partner = |other: &Id| match self.document.raw_key(*other).strip_prefix('_') {
                    Some(inner) => !is_extra && inner == name,
                    None => is_extra && self.document.raw_key(*other) == name,
                };
                meter.charge(search)?;
                partner = self.document.children(object).find(is_partner);
            }
            if is_extra && partner.is_some() {
                continue;
            }
            let (value, extra) = if is_extra { (None, Some(member)) } else { (Some(member), partner) };
            meter.charge(1 + emit(name, value, extra))?;
        }
        Ok(())
    }
}
