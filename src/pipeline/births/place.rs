//! On whose part of the list a child stands: the centre that may know of it and whose area names its home most exactly, or none.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Order, Read};
use crate::births::Row;
use crate::consent::{self, ConsentOnFile, Decision, Permitted, Question};
use crate::domain::{CANONICAL, Demographics, Ground, Item, PartnerId, Private};
use crate::journal::{Entry, Event};
use crate::json::Tree;
use crate::map;
use crate::pipeline::family::{NO_VISIT_RULE, no_visit};
use crate::pipeline::release::envelope;
use crate::pipeline::{House, Prepared, consents, contents, unavailable};
use crate::problem::{Category, Problem};
use crate::route::{self, Partner};
use crate::store::Answered;

/// A child that is on the list.
pub(super) struct Listed {
    pub(super) centre: PartnerId,
    pub(super) row: Row,
    pub(super) entry: Entry,
    /// What is to be recalled when the consent ends; nothing where it rests on no consent.
    pub(super) answered: Option<Answered>,
}

/// Where a child stands.
pub(super) enum Placed {
    /// On the list.
    At(Box<Listed>),
    /// Not on it; why, a centre each.
    Nowhere(Vec<Entry>),
    /// Not on it, because no centre is around the child.
    Unreached(Box<Entry>),
    /// Not on it, because what may be known does not make an entry.
    Unfit(Problem),
}

/// What centres may know of a child, and the consent on file by which nobody may visit the family, where there is one.
struct Found<'h> {
    told: Vec<Told<'h>>,
    rule: Option<Private<Value>>,
}

/// What a centre may know of a child.
struct Told<'h> {
    centre: &'h Partner,
    decision: Decision,
    permitted: Option<Permitted>,
    /// What consents that speak of some data only say of the record, as it is kept.
    weighed: String,
}

impl Order<'_> {
    /// The centres that the list is for.
    pub(super) fn centres<'h>(&self, house: &'h House) -> impl Iterator<Item = &'h Partner> {
        self.lists.centres.iter().filter_map(|centre| house.directory.partner(centre))
    }

    /// The centre in whose area a child lives: where several name the place, the one that names it most exactly.
    pub(super) fn area<'h>(&self, house: &'h House, child: &Demographics) -> Option<&'h Partner> {
        let reached = self.centres(house).filter_map(|one| Some((route::reaching(one, child)?, one)));
        reached.max_by_key(|(exact, one)| (*exact, Reverse(&one.id))).map(|(_, centre)| centre)
    }

    /// The list, in the words of the journal.
    pub(super) fn words(&self) -> String {
        format!("the list of births of {} that {} takes to its centres", self.month, self.authority.name)
    }

    fn entry(&self, event: Event, read: &Prepared, told: Option<&Told<'_>>) -> Entry {
        let (mapped, child) = (&read.mapped, read.key.clone());
        let (sender, kind) = (mapped.sender.partner.clone(), mapped.kind.clone());
        let held = map::held(&read.kind.mapping, mapped.record.reveal());
        Entry {
            recipient: told.map(|told| told.centre.id.clone()),
            held: Some(held.iter().map(ToString::to_string).collect()),
            decided: told.map(|told| told.decision.decided()).unwrap_or_default(),
            note: Some(self.words()),
            ..Entry::new(event, self.at, child, sender, mapped.message_id, kind)
        }
    }
}

/// Decides about a child by its records, of which each has to permit it; the last one is what the list says.
pub(super) async fn place(house: &House, order: &Order<'_>, read: &[Read]) -> Result<Placed, Problem> {
    let mut each: Vec<Found<'_>> = Vec::new();
    for one in read {
        each.push(found(house, order, &one.prepared).await?);
    }
    let (Some(last), Some(Found { told, rule })) = (read.last(), each.pop()) else {
        return Ok(Placed::Nowhere(vec![]));
    };
    let (last, child) = (&last.prepared, &last.prepared.mapped.child);
    if told.is_empty() {
        return Ok(Placed::Unreached(Box::new(order.entry(Event::Withheld, last, None))));
    }
    let items = |centre: &PartnerId| -> Option<BTreeSet<Item>> {
        let of = |told: &[Told<'_>]| {
            let told = told.iter().find(|told| told.centre.id == *centre)?;
            Some(told.permitted.as_ref()?.items().clone())
        };
        each.iter().try_fold(of(&told)?, |all, found| Some(&all & &of(&found.told)?))
    };
    let fits = |centre: &PartnerId| {
        let items = items(centre)?;
        let cut = map::cut(&last.kind.mapping, last.mapped.record.reveal(), &items, child.hides_where());
        map::makes_sense(&last.kind.mapping, &cut).then_some((cut, items))
    };
    let exact = |told: &Told<'_>| (route::reaching(told.centre, child), Reverse(told.centre.id.clone()));
    let best = told.iter().filter_map(|told| Some((told, fits(&told.centre.id)?)));
    let Some((best, (cut, items))) = best.max_by_key(|(told, _)| exact(told)) else {
        let withheld = told.iter().map(|told| order.entry(Event::Withheld, last, Some(told)));
        return Ok(Placed::Nowhere(withheld.collect()));
    };
    Ok(match listed(house, order, last, best, &cut, (&items, rule.as_ref())) {
        Ok(listed) => Placed::At(Box::new(listed)),
        Err(problem) => Placed::Unfit(problem),
    })
}

/// What each centre around the child may know of it, by what is on file and what the record brings.
async fn found<'h>(house: &'h House, order: &Order<'_>, read: &Prepared) -> Result<Found<'h>, Problem> {
    let (mapped, child) = (&read.mapped, &read.mapped.child);
    // Another record of the same child may have changed what is on file since this one was read.
    let file = match order.preview {
        true => read.file.clone(),
        false => house.store.child_file(&read.key).await.map_err(|error| unavailable(&error))?,
    };
    let consents = consents::in_force(house, &file, &read.arriving, &read.mapped.child.nhs_number)?;
    let named = consent::named(&consents, &child.nhs_number);
    let pieces = contents::of(&read.kind, mapped, &consents);
    let weighed = contents::weighed(house, mapped, (&consents, &pieces));
    let on_file: Vec<_> = file.circle.iter().map(|member| member.partner.clone()).collect();
    let around = route::reached(&house.directory, order.centres(house), child, &on_file, &named);
    let told = around.into_iter().filter_map(|recipient| {
        let centre = house.directory.partner(&recipient.partner)?;
        let duty = house.duty_in_force(child, order.at);
        let question = Question::of(mapped, &recipient, (&consents, &pieces), duty, order.at);
        let decision = consent::decide(&house.policies, &question);
        let permitted = consent::permit(mapped, read.kind.mapping.about, &decision);
        Some(Told { centre, decision, permitted, weighed: weighed.clone() })
    });
    let told = told.collect();
    let forbids = |consent: &&ConsentOnFile| {
        let resource = consent.resource.reveal();
        resource["status"] == "active" && no_visit(resource).is_some_and(|rule| rule.holds)
    };
    Ok(Found { told, rule: consents.iter().find(forbids).map(|consent| consent.resource.clone()) })
}

/// The message with the rule that is on file: whoever reads an address must see it, whichever record the address comes from.
fn with_rule(mut bundle: Value, rule: &Value) -> Value {
    let url = format!("{CANONICAL}StructureDefinition/{NO_VISIT_RULE}");
    let extension = json!([{ "url": url, "valueBoolean": true }]);
    let Some(entries) = bundle["entry"].as_array_mut() else { return bundle };
    match entries.iter_mut().find(|entry| entry["resource"]["resourceType"] == "Consent") {
        Some(entry) if no_visit(&entry["resource"]).is_some_and(|said| said.holds) => {}
        Some(entry) => entry["resource"]["extension"] = extension,
        None => entries.push(json!({ "resource": {
            "resourceType": "Consent", "status": "active", "category": rule["category"], "extension": extension,
        } })),
    }
    bundle
}

/// The child's row, its entry, and what is to be asked back one day.
fn listed(
    house: &House,
    order: &Order<'_>,
    read: &Prepared,
    told: &Told<'_>,
    cut: &Tree<'_>,
    (items, rule): (&BTreeSet<Item>, Option<&Private<Value>>),
) -> Result<Listed, Problem> {
    let (mapped, kind, form) = (&read.mapped, &read.kind, house.kind(&order.lists.form)?);
    let unfit = |what: String| Problem::new(Category::BusinessRule, what);
    let Some(permitted) = &told.permitted else {
        return Err(unfit("Nothing of it may be known.".to_owned()));
    };
    let name =
        house.vault.digest(&format!("birth-list/{}", order.authority.id), read.key.as_str().as_bytes());
    let reference = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    let (bundle, _) = map::to_fhir(&kind.mapping, cut, &envelope(reference, order.at, mapped, permitted));
    let has_address = items.iter().any(|item| item.to_string() == "identity/address");
    let ruled = rule.filter(|_| has_address).map(|rule| with_rule(bundle.to_value(), rule.reveal()));
    let bundle = ruled.as_ref().map_or(bundle, Tree::of);
    let (record, _) = map::to_record(&form.mapping, &bundle);
    let faults = form.schema.faults(&record.to_value());
    if !faults.is_empty() {
        return Err(Problem::with(Category::BusinessRule, faults));
    }
    let cells = map::columns::to_row(&form.mapping.columns, &record).map_err(unfit)?;
    let centre = told.centre;
    let urn = centre.urn.as_ref().map(|urn| urn.as_str().to_owned()).unwrap_or_default();
    let row = Row {
        reference,
        centre: [centre.id.to_string(), centre.name.clone(), urn],
        cells: Private::new(cells),
    };
    let by_consent = |item: &Item| {
        let mut outcomes = told.decision.outcomes().iter();
        outcomes.any(|outcome| outcome.item == *item && outcome.ground() == Some(Ground::Consent))
    };
    let (there, has_place) = (map::held(&kind.mapping, cut), map::held(&form.mapping, &record));
    let on_row: Vec<Item> = there.into_iter().filter(|item| has_place.contains(item)).collect();
    let given: Vec<String> = on_row.iter().filter(|item| by_consent(item)).map(ToString::to_string).collect();
    let answered = Answered {
        id: Uuid::new_v4(),
        question: reference,
        child: read.key.clone(),
        source: mapped.sender.partner.clone(),
        asker: centre.id.clone(),
        kind: form.name.clone(),
        items: given,
        weighed: told.weighed.clone(),
        at: order.at,
    };
    let answered = (!answered.items.is_empty()).then_some(answered);
    let mut entry = order.entry(Event::Listed, read, Some(told));
    entry.held = Some(on_row.iter().map(ToString::to_string).collect());
    Ok(Listed { centre: centre.id.clone(), row, entry, answered })
}
