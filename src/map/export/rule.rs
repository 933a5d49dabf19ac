//! The parts of a map, as both forms of the language have them.

use serde_json::Value;

/// A map.
pub(super) struct Map {
    /// Its id, and the end of its address.
    pub(super) id: String,
    /// For people.
    pub(super) title: String,
    /// What it does not do.
    pub(super) purpose: String,
    /// The address of the record's logical model.
    pub(super) record: String,
    /// Whether the record is the source.
    pub(super) to_fhir: bool,
    /// Its groups, of which the first is the one to begin with.
    pub(super) groups: Vec<Group>,
}

/// A group of rules with what it is given.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) inputs: Vec<Input>,
    pub(super) rules: Vec<Rule>,
}

/// What a group is given.
pub(super) struct Input {
    pub(super) name: String,
    /// The alias of its type, where it has one.
    pub(super) kind: Option<&'static str>,
    /// Whether it is read; otherwise it is written.
    pub(super) source: bool,
}

impl Input {
    /// Something to read.
    pub(super) fn source(name: &str) -> Self {
        Self { name: name.to_owned(), kind: None, source: true }
    }

    /// Something to write.
    pub(super) fn target(name: &str) -> Self {
        Self { name: name.to_owned(), kind: None, source: false }
    }
}

/// One rule: for each value of the source the targets are written, then the rest is done.
#[derive(Clone)]
pub(super) struct Rule {
    /// The line of the page that it comes from.
    pub(super) line: usize,
    pub(super) source: From,
    pub(super) targets: Vec<Target>,
    pub(super) calls: Vec<Call>,
    pub(super) rules: Vec<Rule>,
}

/// What a rule goes through.
#[derive(Clone, Default)]
pub(super) struct From {
    pub(super) context: String,
    pub(super) element: Option<String>,
    /// Only values of this type.
    pub(super) kind: Option<String>,
    /// Only the first value.
    pub(super) first: bool,
    pub(super) variable: Option<String>,
    /// FHIRPath that must hold.
    pub(super) condition: Option<String>,
}

/// What a rule writes.
#[derive(Clone)]
pub(super) struct Target {
    /// Variable and element that are written; nothing where only a variable is made.
    pub(super) place: Option<(String, String)>,
    pub(super) transform: Transform,
    pub(super) variable: Option<String>,
}

/// How a value is made.
#[derive(Clone)]
pub(super) enum Transform {
    /// The element itself, of the type that it has there.
    Element,
    /// The value of a variable.
    Copy(String),
    /// A value that is always the same.
    Literal(Value),
    /// Something new of a type.
    Create(String),
    /// The value of a variable, as a type.
    Cast(String, String),
    /// A text that is always the same, as a type.
    CastText(String, String),
    /// Text, and the value of a variable after it.
    Append(&'static str, String),
    /// The value of a variable, and text after it.
    Ended(String, &'static str),
    /// The beginning of the value of a variable.
    Truncate(String, i64),
    /// A new id.
    Uuid,
}

/// A group that is called.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) group: String,
    pub(super) variables: Vec<String>,
}

impl From {
    /// The context itself.
    pub(super) fn whole(context: &str) -> Self {
        Self { context: context.to_owned(), ..Self::default() }
    }

    /// An element of the context, by a variable.
    pub(super) fn element(context: &str, element: &str, variable: &str) -> Self {
        Self {
            context: context.to_owned(),
            element: Some(element.to_owned()),
            variable: Some(variable.to_owned()),
            ..Self::default()
        }
    }

    /// The same under a condition.
    pub(super) fn provided(mut self, condition: Option<String>) -> Self {
        self.condition = condition;
        self
    }
}

impl Rule {
    /// A rule that so far does nothing.
    pub(super) fn new(line: usize, source: From) -> Self {
        Self { line, source, targets: vec![], calls: vec![], rules: vec![] }
    }

    pub(super) fn with(mut self, targets: Vec<Target>) -> Self {
        self.targets.extend(targets);
        self
    }

    pub(super) fn then(mut self, rules: Vec<Rule>) -> Self {
        self.rules.extend(rules);
        self
    }

    pub(super) fn calling(mut self, group: &str, variables: &[&str]) -> Self {
        let variables = variables.iter().map(|name| (*name).to_owned()).collect();
        self.calls.push(Call { group: group.to_owned(), variables });
        self
    }
}

impl Target {
    /// A value written to an element.
    pub(super) fn set(variable: &str, element: &str, transform: Transform) -> Self {
        Self { place: Some((variable.to_owned(), element.to_owned())), transform, variable: None }
    }

    /// A text written to an element.
    pub(super) fn text(variable: &str, element: &str, text: &str) -> Self {
        Self::set(variable, element, Transform::Literal(Value::String(text.to_owned())))
    }

    /// The same, by a variable.
    pub(super) fn called(mut self, variable: &str) -> Self {
        self.variable = Some(variable.to_owned());
        self
    }
}

impl Rule {
    /// The same rule without rules in it that only name again what it has itself.
    pub(super) fn plain(mut self) -> Self {
        self.rules = self.rules.into_iter().map(Self::plain).collect();
        let own = self.source.variable.as_ref().unwrap_or(&self.source.context);
        let again = match self.rules.as_slice() {
            [inner] => {
                let from = &inner.source;
                self.calls.is_empty()
                    && from.element.is_none()
                    && from.variable.is_none()
                    && from.condition.is_none()
                    && from.context == *own
            }
            _ => false,
        };
        if again && let Some(inner) = self.rules.pop() {
            self.targets.extend(inner.targets);
            self.calls = inner.calls;
            self.rules = inner.rules;
        }
        self
    }
}

/// Names for variables, each given once.
#[derive(Default)]
pub(super) struct Variables(usize);

impl Variables {
    /// A name that no other variable has.
    pub(super) fn new_name(&mut self, stem: &str) -> String {
        self.0 += 1;
        let stem: String = stem.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{stem}{}", self.0)
    }
}

/// Text as a literal of FHIRPath and of the mapping language.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\\' | '\'' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
