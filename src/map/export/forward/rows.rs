//! The rows of a section as rules: elements that several rows share are made once, lists of the record go beside lists of FHIR.

use serde_json::Value;

use super::{Context, Forward, any, exists, expression, id_of};
use crate::map::export::fhir::{Element, element, filled, literal};
use crate::map::export::rule::{From, Rule, Target, Transform};
use crate::map::export::shapes::Form;
use crate::map::language::{Condition, Row, Shape, Source};
use crate::map::path::RecordPath;
use crate::map::path::fhir::FhirStep;
use crate::map::value::key_system;

/// Rows that go through the same element, by where they go from there.
struct Node<'r> {
    step: &'r FhirStep,
    rows: Vec<&'r Row>,
    below: Vec<Node<'r>>,
}

impl<'r> Node<'r> {
    fn put(nodes: &mut Vec<Self>, row: &'r Row, steps: &'r [FhirStep]) {
        let Some((step, rest)) = steps.split_first() else { return };
        let at = nodes.iter().position(|node| node.step == step).unwrap_or_else(|| {
            nodes.push(Self { step, rows: vec![], below: vec![] });
            nodes.len() - 1
        });
        if rest.is_empty() {
            nodes[at].rows.push(row);
        } else {
            Self::put(&mut nodes[at].below, row, rest);
        }
    }

    fn all(&self) -> Vec<&'r Row> {
        let below = self.below.iter().flat_map(Self::all);
        self.rows.iter().copied().chain(below).collect()
    }

    fn line(&self) -> usize {
        self.all().first().map_or(1, |row| row.line)
    }

    /// Whether parts are written and not a value.
    fn has_parts(&self) -> bool {
        let parts = |row: &&Row| match &row.source {
            Source::Is(value) | Source::Fixed(value, _) | Source::Default(value, _) => value.is_object(),
            _ => !matches!(
                row.shape,
                Shape::Text
                    | Shape::Boolean
                    | Shape::Integer
                    | Shape::Decimal
                    | Shape::When
                    | Shape::Clock
                    | Shape::Code(_)
            ),
        };
        !self.below.is_empty() || self.rows.iter().any(parts)
    }
}

/// The record path of which a row writes the value.
fn written(row: &Row) -> Option<&RecordPath> {
    match &row.source {
        Source::Data(path, _) | Source::Also(path) | Source::Pair(path, ..) => Some(path),
        _ => None,
    }
}

impl Forward<'_> {
    /// The rules of these rows for a resource that a variable holds.
    pub(super) fn rows(&mut self, rows: &[Row], context: &Context, target: &str, kind: &str) -> Vec<Rule> {
        let mut nodes = Vec::new();
        for row in rows.iter().filter(|row| self.can_be_said(row)) {
            Node::put(&mut nodes, row, &row.fhir.steps);
        }
        nodes.iter().flat_map(|node| self.node(node, context, target, kind)).collect()
    }

    fn can_be_said(&self, row: &Row) -> bool {
        match &row.source {
            Source::Narrative => false,
            Source::Refers(target) => {
                row.fhir.lists() == 0
                    && self.mapping.section(target).is_some_and(|section| section.each.is_none())
            }
            _ => true,
        }
    }

    fn node(&mut self, node: &Node<'_>, context: &Context, target: &str, kind: &str) -> Vec<Rule> {
        let element = element(self.model, kind, &node.step.name);
        if node.step.each {
            let Some(path) = node.all().into_iter().find_map(written) else { return vec![] };
            let list = path.0.iter().skip(context.depth).position(|step| step.each);
            let to = context.depth + list.map_or(0, |at| at + 1);
            let path = path.clone();
            return vec![self.chain(node.line(), context, &path, to, |forward, item| {
                let inner = Context { variable: item.to_owned(), depth: to };
                forward.one(node, &inner, target, &element, None)
            })];
        }
        let provided = self.provided(node, context);
        self.one(node, context, target, &element, provided)
    }

    /// One element: made with what its filters say and filled, or a value.
    fn one(
        &mut self,
        node: &Node<'_>,
        context: &Context,
        target: &str,
        element: &Element,
        provided: Option<From>,
    ) -> Vec<Rule> {
        if !node.has_parts() {
            return node.rows.iter().flat_map(|row| self.value(row, context, target, element)).collect();
        }
        let variable = self.variables.new_name(&element.name);
        let mut targets = vec![Target::set(target, &element.name, element.made()).called(&variable)];
        targets.extend(filled(&variable, &node.step.filters, &mut self.variables));
        let mut inner: Vec<Rule> =
            node.rows.iter().flat_map(|row| self.parts(row, context, &variable)).collect();
        for below in &node.below {
            inner.extend(self.node(below, context, &variable, &element.kind));
        }
        let from = provided.unwrap_or_else(|| From::whole(&context.variable));
        vec![Rule::new(node.line(), from).with(targets).then(inner)]
    }

    /// Under what condition an element is made: that something below it is to be written.
    fn provided(&self, node: &Node<'_>, context: &Context) -> Option<From> {
        let rows = node.all();
        let data = any(rows.iter().filter_map(|row| written(row)), context.depth);
        if data.is_some() {
            let always =
                |row: &&&Row| matches!(row.source, Source::Is(_) | Source::Fixed(_, Condition::Always));
            let also = rows.iter().find(always).is_some();
            return (!also).then(|| From::whole(&context.variable).provided(data));
        }
        match rows.as_slice() {
            [Row { source: Source::Refers(name), .. }] => {
                let there = self.mapping.section(name).and_then(|section| exists(section, 0));
                Some(From::whole("record").provided(there))
            }
            [Row { source: Source::Fixed(_, condition), .. }] => {
                Some(From::whole(&context.variable).provided(condition_of(condition, context.depth)))
            }
            [Row { source: Source::Default(_, path), .. }] => Some(
                From::whole(&context.variable)
                    .provided(Some(format!("{}.exists().not()", expression(path, context.depth)))),
            ),
            _ => None,
        }
    }

    /// A row that writes a plain value.
    fn value(&mut self, row: &Row, context: &Context, target: &str, element: &Element) -> Vec<Rule> {
        let set = |transform| vec![Target::set(target, &element.name, transform)];
        let fixed = |value: &Value, provided: Option<String>| {
            let from = From::whole(&context.variable).provided(provided);
            vec![Rule::new(row.line, from).with(set(always(value, element)))]
        };
        let path = match &row.source {
            Source::Is(value) => return fixed(value, None),
            Source::Fixed(value, condition) => return fixed(value, condition_of(condition, context.depth)),
            Source::Default(value, path) => {
                return fixed(value, Some(format!("{}.exists().not()", expression(path, context.depth))));
            }
            Source::Data(path, _) | Source::Also(path) | Source::Pair(path, ..) => path.clone(),
            _ => return vec![],
        };
        vec![self.chain(row.line, context, &path, path.0.len(), |_, from| match &row.shape {
            Shape::Code(Some(map)) => {
                let rule = |meaning: &crate::map::codes::Meaning| {
                    let word = format!("$this = {}", crate::map::export::rule::quoted(&meaning.value));
                    let code = Value::String(meaning.codes.first()?.code.clone());
                    let from = From::whole(from).provided(Some(word));
                    Some(Rule::new(row.line, from).with(set(always(&code, element))))
                };
                map.meanings().iter().filter_map(rule).collect()
            }
            Shape::Clock => {
                vec![
                    Rule::new(row.line, From::whole(from))
                        .with(set(Transform::Ended(from.to_owned(), ":00"))),
                ]
            }
            _ if element.choice => {
                let cast = Transform::Cast(from.to_owned(), element.kind.clone());
                vec![Rule::new(row.line, From::whole(from)).with(set(cast))]
            }
            _ => vec![Rule::new(row.line, From::whole(from)).with(set(Transform::Copy(from.to_owned())))],
        })]
    }

    /// A row that writes the parts of an element.
    fn parts(&mut self, row: &Row, context: &Context, variable: &str) -> Vec<Rule> {
        let (path, words) = match &row.source {
            Source::Is(value) => return self.literal(row, context, variable, value, None),
            Source::Fixed(value, condition) => {
                let provided = condition_of(condition, context.depth);
                return self.literal(row, context, variable, value, provided);
            }
            Source::Default(value, path) => {
                let lacking = Some(format!("{}.exists().not()", expression(path, context.depth)));
                return self.literal(row, context, variable, value, lacking);
            }
            Source::Refers(name) => {
                let there = self.mapping.section(name).and_then(|section| exists(section, 0));
                let reference = Transform::Append("urn:uuid:", id_of(name));
                let from = From::whole("record").provided(there);
                return vec![Rule::new(row.line, from).with(vec![Target::set(
                    variable,
                    "reference",
                    reference,
                )])];
            }
            Source::Data(path, _) | Source::Also(path) => (path.clone(), None),
            Source::Pair(path, words, _) => (path.clone(), Some(words.clone())),
            Source::Narrative => return vec![],
        };
        let mut rules = vec![self.chain(row.line, context, &path, path.0.len(), |forward, from| {
            vec![forward.part(row, from, variable)]
        })];
        if let Some(words) = words {
            rules.push(self.chain(row.line, context, &words, words.0.len(), |_, from| {
                let text = Target::set(variable, "text", Transform::Copy(from.to_owned()));
                vec![Rule::new(row.line, From::whole(from)).with(vec![text])]
            }));
        }
        rules
    }

    fn literal(
        &mut self,
        row: &Row,
        context: &Context,
        variable: &str,
        value: &Value,
        provided: Option<String>,
    ) -> Vec<Rule> {
        let targets = literal(variable, value, &mut self.variables);
        vec![Rule::new(row.line, From::whole(&context.variable).provided(provided)).with(targets)]
    }

    /// The parts that a value becomes.
    fn part(&mut self, row: &Row, from: &str, variable: &str) -> Rule {
        let rule = Rule::new(row.line, From::whole(from));
        let copy = |element: &str| Target::set(variable, element, Transform::Copy(from.to_owned()));
        match &row.shape {
            Shape::Coding(Some(map)) => rule.calling(&self.codes.name(map, Form::Coding), &[from, variable]),
            Shape::Concept(Some(map)) => {
                rule.calling(&self.codes.name(map, Form::Concept), &[from, variable])
            }
            Shape::Quantity { unit, code } => rule.with(vec![
                copy("value"),
                Target::text(variable, "unit", unit),
                Target::text(variable, "system", "http://unitsofmeasure.org"),
                Target::text(variable, "code", code),
            ]),
            Shape::Identifier(system) => {
                rule.with(vec![Target::text(variable, "system", system), copy("value")])
            }
            Shape::ReferenceBy(..) => {
                let key = self.variables.new_name("key");
                rule.with(vec![
                    Target::set(variable, "identifier", Transform::Element).called(&key),
                    Target::text(&key, "system", &key_system()),
                    Target::set(&key, "value", Transform::Copy(from.to_owned())),
                ])
            }
            Shape::Coding(None) => rule.with(vec![copy("display")]),
            _ => rule.with(vec![copy("text")]),
        }
    }
}

/// A value that is always the same; where an element has a choice of types it is made one of the type that is meant.
fn always(value: &Value, element: &Element) -> Transform {
    match value {
        Value::String(text) if element.choice => Transform::CastText(text.clone(), element.kind.clone()),
        _ => Transform::Literal(value.clone()),
    }
}

fn condition_of(condition: &Condition, depth: usize) -> Option<String> {
    match condition {
        Condition::Always => None,
        Condition::When(path) => Some(format!("{}.exists()", expression(path, depth))),
        Condition::Unless(path) => Some(format!("{}.exists().not()", expression(path, depth))),
    }
}
