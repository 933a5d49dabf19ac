//! The laws of the mappings (`mappings/README.md`), held by records that are made from each kind's JSON Schema: no kind
//! is named here, so a new folder in `mappings/` is under the laws from its first day.
//!
//! `KITH_LAW_CASES` says how many cases a kind (500 unless told; 10,000 for a night); `KITH_LAW_SEED` starts from another number than 1, to
//! look further than the gate does. A failing record is shrunk to the fewest fields that still break the law.

mod anything;
mod conform;
mod leaves;
mod mutate;
mod records;
mod text;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use kith::catalogue::{Catalogue, Kind};
use kith::domain::Item;
use kith::json::{self, Limits, Tree};
use kith::map::columns;
use kith::problem::Issue;
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use serde_json::Value;

use crate::values::{cut, envelope, to_fhir, to_record};

/// Whether a law holds for one case; if not, a sentence.
type Verdict = Result<(), String>;

/// Cases a kind.
fn cases() -> u32 {
    setting("KITH_LAW_CASES", 500)
}

/// A number of the environment. Tests are outside the house, so the rule that only `config` reads settings is not theirs.
#[allow(clippy::disallowed_methods)]
fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect("a whole number"))
}

fn catalogue() -> Catalogue {
    Catalogue::builtin().unwrap_or_else(|faults| panic!("the catalogue has faults: {faults:#?}"))
}

/// Asks whether the law holds for every kind, on this many cases of each.
fn for_every_kind<T: Debug + Show>(
    law: &str,
    cases: u32,
    strategy: impl Fn(&Kind) -> BoxedStrategy<T>,
    holds: impl Fn(&Kind, &T) -> Verdict,
) {
    for kind in catalogue().kinds() {
        ask(law, kind, cases, strategy(kind), &holds);
    }
}

fn ask<T: Debug + Show>(
    law: &str,
    kind: &Arc<Kind>,
    cases: u32,
    strategy: BoxedStrategy<T>,
    holds: &impl Fn(&Kind, &T) -> Verdict,
) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&setting("KITH_LAW_SEED", 1).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let result = runner.run(&strategy, |case| holds(kind, &case).map_err(|why| reject(&why)));
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => {
            panic!("law: {law}\nkind: {}\nwhy: {why}\nthe smallest case found:\n{}", kind.name, case.show())
        }
        Err(TestError::Abort(why)) => panic!("law: {law}\nkind: {}\nthe generator gave up: {why}", kind.name),
    }
}

fn reject(why: &str) -> proptest::test_runner::TestCaseError {
    proptest::test_runner::TestCaseError::fail(why.to_owned())
}

/// How a failing case is shown to a person.
trait Show {
    fn show(&self) -> String;
}

impl Show for Value {
    fn show(&self) -> String {
        serde_json::to_string_pretty(self).expect("JSON prints")
    }
}

impl<T: Debug> Show for (Value, T) {
    fn show(&self) -> String {
        format!("{}\nwith {:?}", self.0.show(), self.1)
    }
}

/// The Bundle of a record, as a recipient reads it off the wire.
fn over_the_wire(kind: &Kind, record: &Value) -> Result<Value, String> {
    let made = envelope(&kind.name, record);
    let bytes = || to_fhir(&kind.mapping, record, &made).0.to_string();
    let (bytes, again) = (bytes(), bytes());
    if bytes != again {
        return Err("the same record gave other bytes the second time".to_owned());
    }
    json::read(bytes.as_bytes(), Limits::default()).map_err(|problem| format!("our own FHIR: {problem}"))
}

fn sentences(issues: &[Issue]) -> String {
    let lines =
        issues.iter().map(|issue| format!("{}: {}", issue.expression.as_deref().unwrap_or(""), issue.text));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_record_comes_back_from_fhir_as_it_was() {
    for_every_kind(
        "to_record(to_fhir(r)) == r, and nothing is lost",
        cases(),
        records::of,
        |kind, record| {
            let faults = kind.schema.faults(record);
            if !faults.is_empty() {
                return Err(format!("the generator broke the schema: {}", sentences(&faults)));
            }
            let (back, ledger) = to_record(&kind.mapping, &over_the_wire(kind, record)?);
            if back != *record {
                return Err(format!("it came back as\n{}", back.show()));
            }
            if !ledger.is_empty() {
                return Err(format!("the ledger of our own FHIR is not empty:\n{}", sentences(&ledger)));
            }
            Ok(())
        },
    );
}

#[test]
fn a_flat_record_comes_back_from_its_row() {
    for_every_kind(
        "to_record(to_row(r)) == r, or the row is refused",
        cases(),
        records::of,
        |kind, record| {
            let columns = &kind.mapping.columns;
            if columns.is_empty() {
                return Ok(());
            }
            // What cannot be said in a row is refused, and that is no loss.
            let Ok(row) = columns::to_row(columns, &Tree::of(record)) else { return Ok(()) };
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&row).map_err(|error| error.to_string())?;
            let bytes = writer.into_inner().map_err(|error| error.to_string())?;
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let read = reader.records().next().ok_or("no row")?.map_err(|error| error.to_string())?;
            let cells: Vec<&str> = read.iter().collect();
            let back = columns::to_record(columns, kind.schema.leaves(), &cells)
                .map_err(|faults| faults.join("\n"))?;
            if back.is(record) { Ok(()) } else { Err(format!("it came back as\n{back}")) }
        },
    );
}

#[test]
fn every_value_of_a_record_has_its_row() {
    for kind in catalogue().kinds() {
        let leaves = kind.schema.leaves().len();
        let carried: BTreeSet<String> =
            kind.mapping.data_rows().map(|(_, _, path, _)| path.to_string()).collect();
        println!("coverage: {}: {} of {leaves} values have a row", kind.name, carried.len());
        assert_eq!(carried.len(), leaves, "{}", kind.name);
    }
    let everything: BTreeSet<Item> = Item::all().collect();
    for_every_kind("cut to every item, a record is whole", cases(), records::of, |kind, record| {
        let rows = kind.mapping.data_rows().flat_map(|(_, _, path, _)| path.read(record, &[]));
        let (carried, all) = (rows.count(), leaves::count(record));
        if carried != all {
            return Err(format!("the rows carry {carried} of {all} values"));
        }
        let kept = cut(&kind.mapping, record, &everything, false);
        if kept == *record { Ok(()) } else { Err(format!("the cut made it\n{}", kept.show())) }
    });
}

#[test]
fn what_is_not_permitted_is_nowhere_in_what_leaves() {
    // Each case is asked once for every item, so fewer cases look as far.
    let few = cases().div_ceil(10);
    for_every_kind("values of other items are not in the cut Bundle", few, records::of, |kind, record| {
        Item::all().try_for_each(|item| only(kind, record, item))
    });
}

/// Cut to one item, nothing of any other is left: no planted value, and no trace that there was one.
fn only(kind: &Kind, record: &Value, item: Item) -> Verdict {
    let permitted = BTreeSet::from([item]);
    let (planted, canaries) = leaves::plant(&kind.mapping, record);
    let kept = cut(&kind.mapping, &planted, &permitted, false);
    let sent = to_fhir(&kind.mapping, &kept, &envelope(&kind.name, &kept)).0.to_string();
    for canary in canaries {
        let arrived = sent.contains(&canary.mark);
        if arrived && canary.item != item {
            return Err(format!(
                "permitted {item}, yet the value at {} ({}) left",
                canary.place, canary.item
            ));
        }
        if !arrived && canary.item == item {
            return Err(format!("permitted {item}, yet the value at {} did not leave", canary.place));
        }
    }
    // Whether others exist must not show either: a record that never had them makes the same bytes.
    let alone = leaves::without_others(&kind.mapping, record, item);
    if cut(&kind.mapping, record, &permitted, false) == cut(&kind.mapping, &alone, &permitted, false) {
        Ok(())
    } else {
        Err(format!("permitted {item}: the cut shows whether there were values of other items"))
    }
}

#[test]
fn of_a_hidden_child_nothing_is_left_that_shows_where_it_is() {
    let everything: BTreeSet<Item> = Item::all().collect();
    let shows = |kind: &Kind| kind.mapping.data_rows().any(|(_, row, _, _)| row.shows_where);
    assert!(catalogue().kinds().filter(|kind| shows(kind)).count() > 4, "plans say who does what");
    for_every_kind("what shows where is cut, and nothing else", cases(), records::of, |kind, record| {
        let (planted, canaries) = leaves::plant(&kind.mapping, record);
        let kept = cut(&kind.mapping, &planted, &everything, true);
        let sent = to_fhir(&kind.mapping, &kept, &envelope(&kind.name, &kept)).0.to_string();
        let wrong = canaries.iter().find(|one| sent.contains(&one.mark) == one.shows_where);
        wrong.map_or(Ok(()), |one| Err(format!("the value at {}", one.place)))
    });
}

#[test]
fn of_a_hidden_child_no_words_say_where_it_is() {
    let elsewhere: BTreeSet<Item> = Item::all().filter(|item| !item.shows_where()).collect();
    for_every_kind("words say nothing that other fields show", cases(), records::of, |kind, record| {
        let whereabouts = &kind.mapping.whereabouts;
        let (mut planted, canaries) = leaves::plant(&kind.mapping, record);
        let shown: BTreeSet<String> = whereabouts.shown().map(ToString::to_string).collect();
        let gossip: Vec<String> = canaries
            .iter()
            .filter(|one| shown.contains(&one.place))
            .map(|one| one.mark.to_uppercase())
            .collect();
        let said = format!("Told of {} today.", gossip.join(" and "));
        whereabouts
            .words()
            .for_each(|path| path.change(&mut planted, &mut |value| *value = said.clone().into()));
        let telling = whereabouts.telling(&planted, std::iter::empty());
        whereabouts.hide(&mut planted, &telling);
        let kept = cut(&kind.mapping, &planted, &elsewhere, true);
        let sent = to_fhir(&kind.mapping, &kept, &envelope(&kind.name, &kept)).0.to_string().to_uppercase();
        match gossip.iter().find(|mark| sent.contains(*mark)) {
            Some(mark) => Err(format!("{mark} in {sent}")),
            None => Ok(()),
        }
    });
}

#[test]
fn what_others_add_or_change_is_never_lost_in_silence() {
    let strategy = |kind: &Kind| (records::of(kind), mutate::mutations()).boxed();
    for_every_kind(
        "a changed Bundle changes the record, or the ledger names it",
        cases(),
        strategy,
        |kind, case| {
            let (record, mutation) = case;
            let bundle = over_the_wire(kind, record)?;
            let Some(changed) = mutate::apply(mutation, &bundle) else { return Ok(()) };
            let (back, ledger) = to_record(&kind.mapping, &changed.bundle);
            if back != *record || !ledger.is_empty() {
                return Ok(());
            }
            Err(format!("{} went by in silence in\n{}", changed.what, changed.bundle.show()))
        },
    );
}

#[test]
fn no_json_makes_the_engine_panic() {
    for_every_kind("whatever comes in, an answer comes out", cases(), anything::bundle, |kind, bundle| {
        let (record, _) = to_record(&kind.mapping, bundle);
        kind.schema.faults(&record);
        kind.schema.faults(bundle);
        let kept = cut(&kind.mapping, bundle, &Item::all().collect(), false);
        to_fhir(&kind.mapping, &kept, &envelope(&kind.name, &kept));
        Ok(())
    });
}
