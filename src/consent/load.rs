//! Reads policy files and checks everything that can be checked before a decision is made: a broken policy is found when
//! Kith starts, with file and line, and Kith then refuses to start.

use std::collections::BTreeMap;

use cedar_policy::ffi::DetailedError;
use cedar_policy::{EntityUid, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};

use super::facts::{Facts, Standing};
use super::note::{Fault, Note, means};
use crate::domain::{Ground, Item, Role};
use crate::message::Relation;

/// The schema's name in faults.
pub(super) const SCHEMA_FILE: &str = "kith.cedarschema";

/// What every policy must say of itself.
const ANNOTATIONS: [&str; 4] = ["id", "ground", "law", "sentence"];

/// One policy of a file, with the line that it begins on.
struct Placed<'a> {
    policy: Policy,
    file: &'a str,
    text: &'a str,
    line: usize,
}

/// Reads the schema.
pub(super) fn schema(text: &str) -> Result<Schema, Vec<Fault>> {
    match Schema::from_cedarschema_str(text) {
        Ok((schema, warnings)) => {
            let faults: Vec<Fault> =
                warnings.map(|warning| fault(SCHEMA_FILE, text, &DetailedError::from(&warning), 1)).collect();
            if faults.is_empty() { Ok(schema) } else { Err(faults) }
        }
        Err(error) => Err(vec![fault(SCHEMA_FILE, text, &DetailedError::from(&error), 1)]),
    }
}

/// Reads the policy files: one set of policies under their own names, and what each says of itself.
pub(super) fn policies(
    schema: &Schema,
    files: &[(&str, &str)],
) -> Result<(PolicySet, BTreeMap<String, Note>), Vec<Fault>> {
    let mut faults = Vec::new();
    let mut set = PolicySet::new();
    let mut notes: BTreeMap<String, Note> = BTreeMap::new();
    let mut texts: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for placed in files.iter().flat_map(|(file, text)| parse(file, text, &mut faults)).collect::<Vec<_>>() {
        let Some(note) = annotations(&placed, &mut faults) else { continue };
        unknown_items(&placed, &mut faults);
        if let Some(first) = notes.get(&note.id) {
            let sentence =
                format!("there is a policy '{}' in {}:{} already", note.id, first.file, first.line);
            faults.push(placed.fault(sentence));
            continue;
        }
        if let Err(error) = set.add(placed.policy.new_id(PolicyId::new(&note.id))) {
            faults.push(placed.fault(error.to_string()));
        }
        texts.insert(note.id.clone(), (placed.file, placed.text));
        notes.insert(note.id.clone(), note);
    }
    if notes.is_empty() && faults.is_empty() {
        let file = files.first().map_or("policies", |(file, _)| file).to_owned();
        let sentence =
            "there is no policy in the policy files; without any, nothing could be shared".to_owned();
        faults.push(Fault { file, line: 1, sentence });
    }
    validate(schema, &set, &notes, &texts, &mut faults);
    faults.sort();
    if faults.is_empty() { Ok((set, notes)) } else { Err(faults) }
}

/// The policies of a file in the order in which they stand there.
fn parse<'a>(file: &'a str, text: &'a str, faults: &mut Vec<Fault>) -> Vec<Placed<'a>> {
    let set: PolicySet = match text.parse() {
        Ok(set) => set,
        Err(errors) => {
            let errors: cedar_policy::ParseErrors = errors;
            faults.extend(errors.iter().map(|error| fault(file, text, &DetailedError::from(error), 1)));
            return Vec::new();
        }
    };
    for template in set.templates() {
        let line = text.find(template.to_string().as_str()).map_or(1, |start| line_of(text, start));
        let sentence =
            "a policy with slots (?principal, ?resource) is not used by Kith; name the role".to_owned();
        faults.push(Fault { file: file.to_owned(), line, sentence });
    }
    let mut policies: Vec<&Policy> = set.policies().collect();
    // Cedar numbers them policy0, policy1, … as they stand in the file.
    policies.sort_by_key(|policy| {
        let id: &str = policy.id().as_ref();
        id.trim_start_matches("policy").parse::<usize>().unwrap_or(usize::MAX)
    });
    let mut start = 0;
    let mut placed = Vec::new();
    for policy in policies {
        let source = policy.to_string();
        let found =
            text.get(start..).and_then(|rest| rest.find(source.as_str())).map(|offset| start + offset);
        let begins = found.unwrap_or(start);
        start = begins + found.map_or(0, |_| source.len());
        placed.push(Placed { policy: policy.clone(), file, text, line: line_of(text, begins) });
    }
    placed
}

/// What a policy says of itself, or the faults in it.
fn annotations(placed: &Placed<'_>, faults: &mut Vec<Fault>) -> Option<Note> {
    let said = |key: &str| placed.policy.annotation(key).map(str::trim).filter(|value| !value.is_empty());
    let before = faults.len();
    for key in ANNOTATIONS.into_iter().filter(|key| said(key).is_none()) {
        faults.push(placed.fault(format!(
            "the policy has no @{key}(\"…\"); every policy says @id, @ground, @law and @sentence"
        )));
    }
    for key in ["id", "ground"] {
        if said(key).is_some_and(|word| !is_word(word)) {
            faults.push(placed.fault(format!("@{key} is not a word of small letters, digits and hyphens")));
        }
    }
    let means = match said("ground").map(|ground| means(placed.policy.effect(), ground)) {
        Some(Ok(means)) => Some(means),
        Some(Err(sentence)) => {
            faults.push(placed.fault(format!("@ground: {sentence}")));
            None
        }
        None => None,
    };
    if faults.len() > before {
        return None;
    }
    Some(Note {
        id: said("id")?.to_owned(),
        means: means?,
        law: said("law")?.to_owned(),
        sentence: said("sentence")?.to_owned(),
        file: placed.file.to_owned(),
        line: placed.line,
    })
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Items are not a closed list in the schema, because they lie in datasets; so their names are checked here.
fn unknown_items(placed: &Placed<'_>, faults: &mut Vec<Fault>) {
    let is_item = |uid: &EntityUid| uid.type_name().to_string() == "Kith::Item";
    for uid in placed.policy.entity_literals().into_iter().filter(is_item) {
        let name: &str = uid.id().as_ref();
        if let Err(unknown) = name.parse::<Item>() {
            faults.push(placed.fault(unknown.to_string()));
        }
    }
}

/// Cedar's own check. Its warnings are faults too: they name policies that can never apply and letters that look alike.
fn validate(
    schema: &Schema,
    set: &PolicySet,
    notes: &BTreeMap<String, Note>,
    texts: &BTreeMap<String, (&str, &str)>,
    faults: &mut Vec<Fault>,
) {
    let result = Validator::new(schema.clone()).validate(set, ValidationMode::Strict);
    let errors = result.validation_errors().map(|error| (error.policy_id(), DetailedError::from(error)));
    let warnings =
        result.validation_warnings().map(|warning| (warning.policy_id(), DetailedError::from(warning)));
    for (id, error) in errors.chain(warnings) {
        let id: &str = id.as_ref();
        let (file, text) = texts.get(id).copied().unwrap_or(("policies", ""));
        let line = notes.get(id).map_or(1, |note| note.line);
        faults.push(fault(file, text, &error, line));
    }
}

/// A fault at the place that Cedar points to, or else at the given line.
fn fault(file: &str, text: &str, error: &DetailedError, otherwise: usize) -> Fault {
    let line = error.source_locations.first().map_or(otherwise, |label| line_of(text, label.loc.start));
    let help = error.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    Fault { file: file.to_owned(), line, sentence: format!("{}{help}", error.message) }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

impl Placed<'_> {
    fn fault(&self, sentence: String) -> Fault {
        Fault { file: self.file.to_owned(), line: self.line, sentence }
    }
}

/// Facts that together use every word that Kith can say; a schema that lacks one of them is refused.
pub(super) fn samples() -> impl Iterator<Item = (Role, Item, Facts)> {
    let facts = |consent: Standing, claimed: Option<Ground>, sender: Role| Facts {
        consent,
        claimed,
        reason_given: true,
        duty_in_force: false,
        relations: [Relation::InReach, Relation::Practice, Relation::School, Relation::OnFile].into(),
        sender,
        restricted: false,
        deceased: false,
        sealed: false,
        detriment: false,
    };
    let grounds = Ground::ALL.iter().copied().map(Some).chain([None]).cycle();
    let standings = Standing::ALL.into_iter().cycle();
    let roles = Role::ALL.iter().copied().cycle();
    let words = grounds.zip(standings).zip(roles);
    Item::all()
        .zip(words)
        .map(move |(item, ((claimed, standing), role))| (role, item, facts(standing, claimed, role)))
}
