//! One question, put to each source: whether it knows the child, what the asker may have of it, and that.

use std::collections::BTreeSet;

use serde_json::Value;

use super::part::{Chosen, Known, Part, Strictest, name_of};
use super::{Reading, Sources, Step, Unanswered};
use crate::consent::{self, ConsentOnFile, Contents, Decision, Held, Question, Weighed};
use crate::domain::{Demographics, Ground, Item, NhsNumber, PartnerId};
use crate::journal::Decided;
use crate::message::Sender;
use crate::pipeline::{House, protect, read_patient};
use crate::reading::{Child, Cut};
use crate::route::{self, Partner};
use crate::store::ChildFile;

/// What was found of which the same is decided.
struct Alike {
    decision: Decision,
    found: Vec<Value>,
    weighed: Weighed,
}

/// One question, put to each source.
pub(super) struct Asking<'a> {
    pub(super) house: &'a House,
    pub(super) sources: &'a dyn Sources,
    pub(super) reading: &'a Reading<'a>,
    pub(super) file: &'a ChildFile,
    pub(super) consents: &'a [ConsentOnFile],
    /// All numbers of the child, the given one first.
    pub(super) numbers: &'a [NhsNumber],
}

impl Asking<'_> {
    /// Nobody who can be asked holds anything.
    pub(super) fn nobody(&self) -> Part {
        Part {
            source: self.reading.asker.partner.clone(),
            decided: Decided::default(),
            held: BTreeSet::new(),
            resources: vec![],
            missing: None,
            note: format!("{} asked for; nobody who can be asked holds anything", self.reading.resource_type),
            is_asked: false,
            told: BTreeSet::new(),
            weighed: Weighed::default(),
        }
    }

    /// Which sources know the child, and what they say of it.
    pub(super) async fn known<'s>(&self, holders: &[&'s Partner]) -> Vec<Known<'s>> {
        if holders.is_empty() {
            self.sources.as_long_as(Step::Patient).await;
        }
        let said = self.sources.ask(holders, "Patient", self.numbers).await;
        holders.iter().zip(said).map(|(source, patient)| self.knows(source, patient)).collect()
    }

    fn knows<'s>(&self, source: &'s Partner, patient: Result<Vec<Value>, Unanswered>) -> Known<'s> {
        let said = patient.as_ref().ok().and_then(|found| self.child(found));
        let silent = patient.err().map(|why| why.to_string());
        // A source that does not say where the child lives leaves what is on file.
        let (mut child, ids) =
            said.unwrap_or_else(|| (Demographics::only(self.reading.child.clone()), vec![]));
        protect(&mut child, self.file, |_| false);
        Known { source, child, ids, silent }
    }

    /// What becomes of each: of those that the asker may have something of, what they hold is asked for.
    pub(super) async fn parts(&self, known: Vec<Known<'_>>, strictest: Strictest) -> Vec<Part> {
        let chosen: Vec<Chosen<'_>> = known.into_iter().map(|known| self.choose(known, strictest)).collect();
        let asked: Vec<&Partner> = chosen.iter().filter(|one| one.is_asked).map(|one| one.source).collect();
        if asked.is_empty() {
            self.sources.as_long_as(Step::Records).await;
        }
        let records = self.sources.ask(&asked, self.reading.resource_type, self.numbers).await;
        let mut records = records.into_iter();
        let part = |chosen: Chosen<'_>| match chosen.is_asked.then(|| records.next()).flatten() {
            Some(records) => self.of(chosen, records),
            None => vec![chosen.part],
        };
        chosen.into_iter().flat_map(part).collect()
    }

    /// Whether a source is asked for what it holds; if not, what is answered of it.
    fn choose<'s>(&self, known: Known<'s>, strictest: Strictest) -> Chosen<'s> {
        let Known { source, mut child, ids, silent } = known;
        strictest.put_on(&mut child);
        let decision = self.decide(source, &child, Contents::Awaited);
        let permitted = decision.permitted();
        let possible = self.house.reading.possible(self.reading.resource_type);
        let may = possible.iter().any(|item| permitted.contains(item));
        let mut part = Part::of(source, &decision);
        part.held = names(possible.iter().filter(|item| !permitted.contains(item)));
        if let (true, Some(why)) = (may, &silent) {
            part.missing = Some((name_of(source, child.hides_where()), why.clone()));
        }
        let is_asked = may && silent.is_none() && !ids.is_empty();
        if !is_asked {
            part.note = format!("{} asked for; nothing was answered", self.reading.resource_type);
        }
        Chosen { source, child, ids, decision, part, is_asked }
    }

    /// What a source that was asked answered.
    fn of(&self, chosen: Chosen<'_>, records: Result<Vec<Value>, Unanswered>) -> Vec<Part> {
        let Chosen { source, child, ids, decision, mut part, .. } = chosen;
        let hides_where = child.hides_where();
        match records {
            Ok(found) => {
                let known = Child { numbers: self.numbers, ids, source: &source.id, hides_where };
                let decided = self.decided(source, &child, decision, found);
                let part = |Alike { decision, found, weighed }| Part {
                    weighed,
                    ..self.cut(source, &known, found, &decision)
                };
                decided.into_iter().map(part).collect()
            }
            Err(why) => {
                part.is_asked = true;
                part.note = format!("{} asked for; {why}", self.reading.resource_type);
                part.missing = Some((name_of(source, hides_where), why.to_string()));
                vec![part]
            }
        }
    }

    /// What was found, by what is decided about it. Where a consent speaks of some data and not of others, each resource is decided about by
    /// itself; those about which the same is decided stand together.
    fn decided(
        &self,
        source: &Partner,
        child: &Demographics,
        decision: Decision,
        found: Vec<Value>,
    ) -> Vec<Alike> {
        if found.is_empty() || !consent::limited(self.consents, self.reading.child) {
            return vec![Alike { decision, found, weighed: Weighed::default() }];
        }
        let urls: Vec<String> = found.iter().map(|resource| address(source, resource)).collect();
        let held: Vec<Held<'_>> = found
            .iter()
            .zip(&urls)
            .map(|(resource, url)| Held { url, resource, items: BTreeSet::new() })
            .collect();
        let mut pieces = consent::pieces(&held, None, self.reading.at);
        let mut decided: Vec<Alike> = Vec::new();
        for (index, resource) in found.iter().enumerate() {
            pieces[index].items = self.house.reading.items_of(resource);
            let decision = self.decide(source, child, Contents::Known(&pieces));
            let weighed = Weighed::of(self.consents, self.reading.child, &source.ods, &pieces);
            pieces[index].items.clear();
            match decided.iter_mut().find(|other| other.decision.decided() == decision.decided()) {
                Some(alike) => {
                    alike.found.push(resource.clone());
                    alike.weighed.add(weighed);
                }
                None => decided.push(Alike { decision, found: vec![resource.clone()], weighed }),
            }
        }
        decided
    }

    /// What the source's Patients say of the child, the stricter where several differ, and their ids. Those of others do not count.
    fn child(&self, patients: &[Value]) -> Option<(Demographics, Vec<String>)> {
        let own = patients.iter().filter_map(|patient| {
            let child = read_patient(patient, &[]).ok()?;
            let id = patient.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            self.numbers.contains(&child.nhs_number).then_some((child, id))
        });
        let mut ids = Vec::new();
        let mut all: Option<Demographics> = None;
        for (child, id) in own {
            ids.push(id);
            all = Some(match all {
                None => child,
                Some(mut known) => {
                    known.restricted |= child.restricted;
                    known.sealed |= child.sealed;
                    known.deceased |= child.deceased;
                    known
                }
            });
        }
        // Whatever it is known by there, what is decided is decided about the child that was asked about.
        all.map(|child| (Demographics { nhs_number: self.reading.child.clone(), ..child }, ids))
    }

    /// Decides as for a message from the source to the asker, on no claim: a question has no ground of its own to bring.
    fn decide(&self, source: &Partner, child: &Demographics, contents: Contents<'_>) -> Decision {
        let directory = &self.house.directory;
        let on_file: Vec<PartnerId> = self.file.circle.iter().map(|member| member.partner.clone()).collect();
        let asker = directory.partner(&self.reading.asker.partner).unwrap_or(source);
        let recipient = route::asker(directory, asker, child, &on_file);
        let sender = Sender {
            partner: source.id.clone(),
            role: source.role,
            organisation: source.ods.clone(),
            name: source.name.clone(),
        };
        let question = Question {
            child,
            sender: &sender,
            recipient: &recipient,
            claimed: None,
            reason_given: false,
            consents: self.consents,
            contents,
            duty_in_force: self.house.duty_in_force(child, self.reading.at),
            at: self.reading.at,
        };
        consent::decide(&self.house.policies, &question)
    }

    fn cut(&self, source: &Partner, child: &Child<'_>, found: Vec<Value>, decision: &Decision) -> Part {
        let mut part = Part { is_asked: true, ..Part::of(source, decision) };
        let permitted = decision.permitted();
        let may_end =
            |item: &Item| decision.outcomes().iter().any(|one| one.item == *item && may_end(one.ground()));
        let (mut withheld, mut unfit, mut broken) = (0_usize, 0_usize, 0_usize);
        for resource in found {
            let is_asked =
                resource.get("resourceType").and_then(Value::as_str) == Some(self.reading.resource_type);
            match self.house.reading.cut(&resource, child, &permitted) {
                Cut::Kept(kept) if is_asked && self.conforms(&kept) => {
                    let dataset = self.house.reading.dataset_of(&resource);
                    let told = dataset.map(|dataset| Item { dataset, part: None });
                    // Of an element that may pass nothing may be left, such as of a performer who is of the family.
                    part.held.extend(names(&told));
                    part.held.extend(names(&self.house.reading.items_of(&kept)));
                    part.held.extend(names(self.house.reading.items_of(&resource).difference(&permitted)));
                    part.told.extend(told.filter(may_end));
                    part.resources.push(kept);
                }
                Cut::Kept(_) if is_asked => broken += 1,
                Cut::Withheld => {
                    let items = self.house.reading.items_of(&resource);
                    part.held.extend(names(items.difference(&permitted)));
                    withheld += 1;
                }
                Cut::Kept(_) | Cut::Unfit(_) => unfit += 1,
            }
        }
        // The asker may have these, so it may know that they are there.
        if broken > 0 {
            let why = format!("{broken} of its resources are not right FHIR R4 and cannot be passed on");
            part.missing = Some((name_of(source, child.hides_where), why));
        }
        part.note = format!(
            "{} asked for; {} answered, {withheld} withheld, {unfit} not fit to be passed on, {broken} not right FHIR",
            self.reading.resource_type,
            part.resources.len()
        );
        part
    }

    /// Whether what is left is FHIR that the asker can rely on.
    fn conforms(&self, resource: &Value) -> bool {
        self.house.conformance.issues(&resource.to_string(), resource, None).is_empty()
    }
}

fn names<'i>(items: impl IntoIterator<Item = &'i Item>) -> BTreeSet<String> {
    items.into_iter().map(ToString::to_string).collect()
}

/// Whether a withdrawal can end a ground.
fn may_end(ground: Option<Ground>) -> bool {
    matches!(ground, Some(Ground::Consent | Ground::SafeguardingDuty))
}

/// Where a resource of a source is.
fn address(source: &Partner, resource: &Value) -> String {
    let part = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
    let base = source.source.as_ref().map(|source| source.url.trim_end_matches('/')).unwrap_or_default();
    format!("{base}/{}/{}", part("resourceType"), part("id"))
}
