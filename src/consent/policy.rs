//! The policies, loaded and checked, and one question put to them: may this recipient have this item, given these facts?

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema,
};

use super::facts::Facts;
use super::load;
use super::note::{Fault, Note};
use super::ruled::Memo;
use crate::domain::{Dataset, Ground, Item, PartnerId, Role, to_hex};
use crate::message::Relation;

/// All policies, checked against the schema. There is no way to have some without the check.
pub struct Policies {
    set: PolicySet,
    notes: BTreeMap<String, Note>,
    words: Words,
    items: Entities,
    authorizer: Authorizer,
    digest: String,
    /// Partners that a policy names by themselves.
    named: Vec<String>,
    memo: Memo,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Policies").field(&self.notes.keys()).finish()
    }
}

/// The answer to one question.
#[derive(Debug)]
pub(super) enum Ruling<'a> {
    /// These policies permit it, none forbids it.
    Permitted(Vec<&'a Note>),
    /// These policies forbid it.
    Forbidden(Vec<&'a Note>),
    /// No policy permits it.
    NoBasis,
    /// These policies could not be evaluated, so nothing they or others say counts.
    Broken(Vec<String>),
}

impl Policies {
    /// Reads policy files, given as (name, text), and checks them whole against the schema; or every fault that was found.
    ///
    /// # Errors
    /// Every fault: text that is not Cedar, a policy that does not match the schema or can never apply, a missing or
    /// wrong annotation, a name used twice, no policy at all, a schema that does not fit the facts that Kith computes.
    pub fn load(schema: &str, files: &[(&str, &str)]) -> Result<Self, Vec<Fault>> {
        let schema = load::schema(schema)?;
        let (set, notes) = load::policies(&schema, files)?;
        let digest = digest(files);
        Self::assemble(&schema, set, notes, digest).map_err(|cause| {
            let file = load::SCHEMA_FILE.to_owned();
            let sentence = format!("the schema does not fit the facts that Kith computes: {cause}");
            vec![Fault { file, line: 1, sentence }]
        })
    }

    /// What tells this set of policies from any other: a digest of the files' texts, whatever their order and their folder.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Partners that a policy names by themselves: for them a ruling may differ from that for their role.
    pub(super) fn named(&self) -> &[String] {
        &self.named
    }

    pub(super) fn memo(&self) -> &Memo {
        &self.memo
    }

    /// The policies' annotations, by name: what is in force here, for people.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.notes.values()
    }

    fn assemble(
        schema: &Schema,
        set: PolicySet,
        notes: BTreeMap<String, Note>,
        digest: String,
    ) -> Result<Self, String> {
        let words = Words::new().map_err(|error| error.to_string())?;
        let named = named(&set);
        let items = Item::all().map(|item| words.item_entity(item));
        let items = Entities::from_entities(items, Some(schema)).map_err(|error| error.to_string())?;
        let policies = Self {
            set,
            notes,
            words,
            items,
            authorizer: Authorizer::new(),
            digest,
            named,
            memo: Memo::default(),
        };
        for (role, item, facts) in load::samples() {
            let asker = policies.asker(&PartnerId("sample".into()), role)?;
            asker.request(item, &facts, Some(schema))?;
        }
        Ok(policies)
    }

    /// Gets ready to ask about one recipient.
    pub(super) fn asker(&self, partner: &PartnerId, role: Role) -> Result<Asker<'_>, String> {
        let principal = uid(&self.words.partner, partner.as_str());
        let role = uid(&self.words.role, role.name());
        let entity = Entity::new_no_attrs(principal.clone(), [role].into());
        let entities = self.items.clone().add_entities([entity], None).map_err(|error| error.to_string())?;
        Ok(Asker { policies: self, principal, entities })
    }
}

fn named(set: &PolicySet) -> Vec<String> {
    let literals = set.policies().flat_map(cedar_policy::Policy::entity_literals);
    let partners = literals.filter(|uid| uid.type_name().to_string() == "Kith::Partner");
    let names: BTreeSet<String> = partners.map(|uid| AsRef::<str>::as_ref(uid.id()).to_owned()).collect();
    names.into_iter().collect()
}

/// SHA-256 over the texts in order, the first 32 hexadecimal digits.
fn digest(files: &[(&str, &str)]) -> String {
    let mut texts: Vec<&str> = files.iter().map(|(_, text)| *text).collect();
    texts.sort_unstable();
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for text in texts {
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    }
    let mut hex = to_hex(context.finish().as_ref());
    hex.truncate(32);
    hex
}

/// Puts questions about one recipient to the policies.
pub(super) struct Asker<'a> {
    policies: &'a Policies,
    principal: EntityUid,
    entities: Entities,
}

impl<'a> Asker<'a> {
    /// May this recipient have this item, given these facts? Whatever goes wrong is `Broken`, never a permit.
    pub(super) fn ask(&self, item: Item, facts: &Facts) -> Ruling<'a> {
        let Ok(request) = self.request(item, facts, None) else {
            return Ruling::Broken(Vec::new());
        };
        let policies = self.policies;
        let response = policies.authorizer.is_authorized(&request, &policies.set, &self.entities);
        let mut broken: Vec<String> = response
            .diagnostics()
            .errors()
            .map(|cedar_policy::AuthorizationError::PolicyEvaluationError(error)| {
                error.policy_id().to_string()
            })
            .collect();
        if !broken.is_empty() {
            broken.sort();
            return Ruling::Broken(broken);
        }
        let mut notes: Vec<&Note> = response
            .diagnostics()
            .reason()
            .filter_map(|id| policies.notes.get(AsRef::<str>::as_ref(id)))
            .collect();
        notes.sort_by(|one, other| one.id.cmp(&other.id));
        match response.decision() {
            cedar_policy::Decision::Allow => Ruling::Permitted(notes),
            cedar_policy::Decision::Deny if notes.is_empty() => Ruling::NoBasis,
            cedar_policy::Decision::Deny => Ruling::Forbidden(notes),
        }
    }

    fn request(&self, item: Item, facts: &Facts, schema: Option<&Schema>) -> Result<Request, String> {
        let words = &self.policies.words;
        let context = words.context(facts).map_err(|error| error.to_string())?;
        let resource = uid(&words.item, &item.to_string());
        Request::new(self.principal.clone(), words.share.clone(), resource, context, schema)
            .map_err(|error| error.to_string())
    }
}

/// The schema's words, parsed once.
struct Words {
    partner: EntityTypeName,
    role: EntityTypeName,
    item: EntityTypeName,
    dataset: EntityTypeName,
    standing: EntityTypeName,
    ground: EntityTypeName,
    relation: EntityTypeName,
    share: EntityUid,
}

impl Words {
    fn new() -> Result<Self, Box<cedar_policy::ParseErrors>> {
        let word = |name: &str| name.parse::<EntityTypeName>().map_err(Box::new);
        Ok(Self {
            partner: word("Kith::Partner")?,
            role: word("Kith::Role")?,
            item: word("Kith::Item")?,
            dataset: word("Kith::Dataset")?,
            standing: word("Kith::Standing")?,
            ground: word("Kith::Ground")?,
            relation: word("Kith::Relation")?,
            share: uid(&word("Kith::Action")?, "share"),
        })
    }

    fn item_entity(&self, item: Item) -> Entity {
        let dataset: Dataset = item.dataset;
        let parent = uid(&self.dataset, dataset.name());
        Entity::new_no_attrs(uid(&self.item, &item.to_string()), [parent].into())
    }

    fn context(&self, facts: &Facts) -> Result<Context, Box<cedar_policy::ContextCreationError>> {
        let entity =
            |kind: &EntityTypeName, word: &str| RestrictedExpression::new_entity_uid(uid(kind, word));
        let relations =
            facts.relations.iter().map(|relation| entity(&self.relation, relation_name(*relation)));
        let pairs = [
            ("consent", entity(&self.standing, facts.consent.name())),
            ("claimed", entity(&self.ground, facts.claimed.map_or("none", Ground::name))),
            ("reasonGiven", RestrictedExpression::new_bool(facts.reason_given)),
            ("dutyInForce", RestrictedExpression::new_bool(facts.duty_in_force)),
            ("relations", RestrictedExpression::new_set(relations)),
            ("senderRole", entity(&self.role, facts.sender.name())),
            ("restrictedAddress", RestrictedExpression::new_bool(facts.restricted)),
            ("deceased", RestrictedExpression::new_bool(facts.deceased)),
            ("sealed", RestrictedExpression::new_bool(facts.sealed)),
            ("detriment", RestrictedExpression::new_bool(facts.detriment)),
        ];
        Context::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value))).map_err(Box::new)
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// The word used in policies for a relation.
pub(super) fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::InReach => "in-reach",
        Relation::Practice => "practice",
        Relation::School => "school",
        Relation::OnFile => "on-file",
    }
}
