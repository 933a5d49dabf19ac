//! One provision of a FHIR Consent, read: to whom, what, when, and the exceptions from it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::limits::Limits;
use super::london::span;
use crate::domain::{Dataset, Item, ODS_SYSTEM, OdsCode, Purpose, Role, SCHOOL_URN_SYSTEM, SchoolUrn};

/// The code system of dataset and item names in `provision.class`.
pub const DATASET_SYSTEM: &str = "https://kith.example/fhir/CodeSystem/dataset";
/// Extension of a provision: every children's centre whose area the child lives in.
pub const LOCAL_CENTRES: &str = "https://kith.example/fhir/StructureDefinition/local-centres";
/// Code system of Kith's roles: an actor that is named by an identifier of it is whoever has that role around the child.
pub const ROLE_SYSTEM: &str = "https://kith.example/fhir/CodeSystem/role";
/// Code system of Kith's own purposes, the words of `domain::Purpose`.
const PURPOSE_SYSTEM: &str = "https://kith.example/fhir/CodeSystem/purpose";
/// Purposes (v3 ActReason) that early-years sharing comes under.
const SERVED: [&str; 3] = ["TREAT", "CAREMGT", "COORDINATE"];
/// Purposes that are none of Kith's business: a refusal of research, such as the National Data Opt-out, is not a refusal of care.
const ELSEWHERE: [&str; 6] = ["HRESCH", "CLINTRCH", "HMARKT", "HPAYMT", "HSYSADMIN", "HRESCHRPT"];

/// What a rule says when it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Permit,
    Deny,
    /// No type that can be read: it says nothing itself, but the denies inside it count.
    Unread,
}

/// A provision: to whom, what, when, and the exceptions from it.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) start: Option<DateTime<Utc>>,
    pub(super) end: Option<DateTime<Utc>>,
    /// Organisations by (system, value).
    pub(super) actors: Vec<(String, String)>,
    /// Whoever has one of these roles around the child.
    pub(super) roles: Vec<Role>,
    pub(super) local_centres: bool,
    /// Names nobody, or somebody who cannot be read: a deny then reaches everybody.
    pub(super) anybody: bool,
    pub(super) items: BTreeSet<Item>,
    /// Names no item, or something that cannot be read: a deny then covers everything.
    pub(super) anything: bool,
    /// The data that it is limited to.
    pub(super) limits: Limits,
    /// Is about research and the like only: a deny then does not concern Kith.
    pub(super) elsewhere: bool,
    /// Is about services of children's centres only: it says nothing about care by anyone else, in either direction.
    pub(super) early_years_only: bool,
    pub(super) exceptions: Vec<Rule>,
}

/// What is known while a Consent is read.
pub(super) struct Reader<'a> {
    /// Turns false when something cannot be read or weighed: the Consent then permits nothing.
    pub(super) usable: bool,
    /// The resources inside the Consent, to which its actors may refer.
    pub(super) contained: &'a Value,
}

/// The provisions in an element; R4 allows one at the root, but a list can be read too.
pub(super) fn rules(value: &Value, reader: &mut Reader<'_>) -> Vec<Rule> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(|item| Rule::read(item, reader)).collect(),
        other => vec![Rule::read(other, reader)],
    }
}

impl Rule {
    /// Reads a provision; the reader's `usable` turns false when something in it cannot be read or weighed.
    pub(super) fn read(provision: &Value, reader: &mut Reader<'_>) -> Self {
        let (start, end) = period(&provision["period"], &mut reader.usable);
        let mut rule = Self {
            kind: kind(&provision["type"], &mut reader.usable),
            start,
            end,
            actors: Vec::new(),
            roles: Vec::new(),
            local_centres: false,
            anybody: false,
            items: BTreeSet::new(),
            anything: false,
            limits: Limits::read(provision, reader),
            elsewhere: false,
            early_years_only: false,
            exceptions: rules(&provision["provision"], reader),
        };
        rule.read_whom(provision, reader);
        rule.read_what(provision);
        rule.read_why(provision, &mut reader.usable);
        rule
    }

    fn read_whom(&mut self, provision: &Value, reader: &mut Reader<'_>) {
        let mut unreadable = false;
        for extension in list(&provision["extension"]).filter(|extension| extension["url"] == LOCAL_CENTRES) {
            match extension["valueBoolean"].as_bool() {
                Some(yes) => self.local_centres |= yes,
                None => unreadable = true,
            }
        }
        for actor in list(&provision["actor"]) {
            match who(&actor["reference"], reader.contained) {
                Some(named) => {
                    // An actor in another part, say a custodian, is not one to whom anything may be told.
                    unreadable |= self.kind == Kind::Permit && !receives(&actor["role"]);
                    match named {
                        Who::Role(role) => self.roles.push(role),
                        Who::Organisation(identifiers) => self.actors.extend(identifiers),
                    }
                }
                None => unreadable = true,
            }
        }
        let nobody = self.actors.is_empty() && self.roles.is_empty() && !self.local_centres;
        self.anybody = unreadable || nobody;
        reader.usable &= !unreadable;
    }

    /// A class that is not known names nothing in a permit; in a deny it may mean anything.
    fn read_what(&mut self, provision: &Value) {
        let classes: Vec<&Value> = list(&provision["class"]).collect();
        self.anything = classes.is_empty();
        for class in classes {
            let named = match (class["system"].as_str(), class["code"].as_str()) {
                (Some(DATASET_SYSTEM), Some(code)) => items(code),
                _ => Vec::new(),
            };
            self.anything |= named.is_empty();
            self.items.extend(named);
        }
    }

    /// A purpose or an action that is not sharing for care makes a permit unusable: it would be used for more than was agreed to.
    fn read_why(&mut self, provision: &Value, usable: &mut bool) {
        let purposes: Vec<(&str, &str)> = codings(&provision["purpose"]).collect();
        let own = |system: &str, code: &str| {
            (system == PURPOSE_SYSTEM).then(|| code.parse::<Purpose>().ok()).flatten()
        };
        let served = |&(system, code): &(&str, &str)| own(system, code).is_some() || SERVED.contains(&code);
        let early_years =
            |&(system, code): &(&str, &str)| own(system, code) == Some(Purpose::EarlyYearsSupport);
        self.early_years_only = !purposes.is_empty() && purposes.iter().all(early_years);
        if !provision["purpose"].is_null() && !purposes.iter().any(served) {
            *usable = false;
            self.elsewhere =
                !purposes.is_empty() && purposes.iter().all(|(_, code)| ELSEWHERE.contains(code));
        }
        let action: Vec<(&str, &str)> =
            list(&provision["action"]).flat_map(|one| codings(&one["coding"])).collect();
        let shares = action.iter().any(|(_, code)| ["access", "disclose"].contains(code));
        *usable &= provision["action"].is_null() || shares;
    }
}

fn kind(value: &Value, usable: &mut bool) -> Kind {
    match value.as_str() {
        Some("permit") => Kind::Permit,
        Some(word) if word.eq_ignore_ascii_case("deny") => Kind::Deny,
        _ => {
            *usable = false;
            Kind::Unread
        }
    }
}

fn period(value: &Value, usable: &mut bool) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let mut bound = |key: &str| match &value[key] {
        Value::Null => None,
        given => {
            let read = given.as_str().and_then(span);
            *usable &= read.is_some();
            read
        }
    };
    let (start, end) = (bound("start").map(|span| span.from), bound("end").map(|span| span.until));
    *usable &= value.is_null() || value.is_object();
    (start, end)
}

/// Whom an actor means.
pub(super) enum Who {
    Organisation(Vec<(String, String)>),
    Role(Role),
}

/// Whom an actor's reference names: a role or an organisation by its identifier, or an Organization inside the Consent.
/// An address alone, such as `Organization/7`, leads nowhere that Kith could look.
pub(super) fn who(reference: &Value, contained: &Value) -> Option<Who> {
    let identifier = &reference["identifier"];
    if identifier["system"] == ROLE_SYSTEM {
        return identifier["value"].as_str()?.parse().ok().map(Who::Role);
    }
    if !identifier.is_null() {
        return organisation(identifier).map(|one| Who::Organisation(vec![one]));
    }
    let id = reference["reference"].as_str()?.strip_prefix('#')?;
    let inside = list(contained).find(|one| one["resourceType"] == "Organization" && one["id"] == id)?;
    let identifiers: Vec<_> = list(&inside["identifier"]).filter_map(organisation).collect();
    (!identifiers.is_empty()).then_some(Who::Organisation(identifiers))
}

/// An organisation's identifier of a system by which the directory knows it.
fn organisation(identifier: &Value) -> Option<(String, String)> {
    let (system, value) = (identifier["system"].as_str()?, identifier["value"].as_str()?);
    let valid = match system {
        ODS_SYSTEM => value.parse::<OdsCode>().is_ok(),
        SCHOOL_URN_SYSTEM => value.parse::<SchoolUrn>().is_ok(),
        _ => false,
    };
    valid.then(|| (system.to_owned(), value.to_owned()))
}

/// Whether a role is that of an information recipient (v3 ParticipationType `IRCP`, `PRCP`), or is not coded.
fn receives(role: &Value) -> bool {
    let mut codes = codings(&role["coding"]).peekable();
    codes.peek().is_none() || codes.any(|(_, code)| ["IRCP", "PRCP"].contains(&code))
}

/// The items that a class names; a bare `identity` means all of its items.
fn items(code: &str) -> Vec<Item> {
    match code.parse::<Dataset>() {
        Ok(dataset) => Item::all().filter(|item| item.dataset == dataset).collect(),
        Err(_) => code.parse::<Item>().into_iter().collect(),
    }
}

/// The items of an array; a lone value counts as an array of one, so that it is not overlooked.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Value::Array(items) => (items.as_slice(), None),
        Value::Null => (&[][..], None),
        other => (&[][..], Some(other)),
    };
    many.iter().chain(one)
}

/// The (system, code) pairs of a list of Codings.
pub(super) fn codings(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    list(value).map(|coding| {
        (coding["system"].as_str().unwrap_or_default(), coding["code"].as_str().unwrap_or_default())
    })
}
