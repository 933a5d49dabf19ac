//! `kith births list`: makes the list of a month for one authority.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::files::{Gathered, Source, sentences};
use super::write_new;
use crate::births::{Mask, Month};
use crate::clock;
use crate::command::progress::Progress;
use crate::command::{End, Format, house, print, say};
use crate::domain::PartnerId;
use crate::pipeline::{BirthList, House, Order, list_births, list_kept, list_key};
use crate::route::{BirthLists, Partner};

/// So many remarks are shown to people.
const SHOWN: usize = 50;

#[derive(Args)]
pub(in crate::command) struct Arguments {
    /// Configuration folder: its directory, its policies, and the consents and the journal of its store
    #[arg(long)]
    config: PathBuf,
    /// The local authority in the directory that the list is for
    #[arg(long, value_name = "PARTNER")]
    authority: String,
    /// The month in which the children were born, for instance 2026-10
    #[arg(long)]
    month: Month,
    /// The folder to write the list and the count to; it is made where it is not there
    #[arg(long, required_unless_present = "preview")]
    out: Option<PathBuf>,
    /// Only show how many would be on it: nothing is written, taken in or put into the journal
    #[arg(long, conflicts_with = "out")]
    preview: bool,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Records, each file with their kind: birth-notification=births.csv, first-visit-form=forms.ndjson. CSV by the columns of the
    /// mapping (.csv), a record on each line (.ndjson, .jsonl), or one record or a list of them (.json). Without any, the list is made of
    /// what messages told of births (births.from in the directory)
    #[arg(value_name = "KIND=FILE")]
    files: Vec<Source>,
}

pub(super) fn run(arguments: &Arguments) -> Result<End, String> {
    let Some((runtime, house)) = house(&arguments.config) else { return Ok(End::CallIsWrong) };
    runtime.block_on(list(arguments, &house))
}

/// What the files of a list are called.
struct Names {
    list: PathBuf,
    signature: PathBuf,
    count: PathBuf,
}

impl Names {
    /// They must not be there: a list that somebody may have passed on is not written over.
    fn of(folder: &Path, arguments: &Arguments) -> Result<Self, String> {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("{}: cannot be made: {error}", folder.display()))?;
        let name =
            |end: &str| folder.join(format!("births-{}-{}{end}", arguments.month, arguments.authority));
        let names =
            Self { list: name(".csv.age"), signature: name(".csv.age.sig"), count: name("-count.csv") };
        let there = [&names.list, &names.signature, &names.count].into_iter().find(|path| path.exists());
        match there.map(|path| path.display().to_string()) {
            Some(path) => Err(format!("{path} is there already; give another folder, or move it.")),
            None => Ok(names),
        }
    }
}

async fn list(arguments: &Arguments, house: &House) -> Result<End, String> {
    let (authority, lists) = taking(house, &arguments.authority)?;
    let names = arguments.out.as_ref().map(|folder| Names::of(folder, arguments)).transpose()?;
    if arguments.files.is_empty() && lists.from.is_empty() {
        let name = &arguments.authority;
        return Err(format!(
            "Give files, each with its kind: of births nothing is kept for '{name}' (births.from)."
        ));
    }
    let gathered = Gathered::of(house, &arguments.files)?;
    let (places, mut faults) = (gathered.places, gathered.faults);
    let progress = Progress::of_pieces(gathered.records.len());
    let order = Order {
        authority,
        lists,
        month: &arguments.month,
        at: clock::now(),
        by: "made by 'kith births list'",
        preview: arguments.preview,
        done: &|records| progress.add(records),
    };
    let made = match arguments.files.is_empty() {
        true => list_kept(house, &order).await,
        false => list_births(house, &order, gathered.records).await.map(|made| (made, places)),
    };
    progress.end();
    let (made, places) = made.map_err(|problem| problem.to_string())?;
    let read = places.len();
    let place = |at: &usize| places.get(*at).cloned().unwrap_or_default();
    for (at, problem) in &made.refused {
        faults.extend(sentences(problem).map(|text| format!("{}: {text}", place(at))));
    }
    let mask = Mask { suppress_below: lists.suppress_below, round_to: lists.round_to };
    let key = list_key(house).map_err(|problem| problem.to_string())?;
    if let (Some(names), Some(sealed)) = (&names, &made.sealed) {
        let count = made.counts.csv(mask).map_err(|problem| problem.to_string())?;
        write_new(&names.list, &sealed.letter)?;
        write_new(&names.signature, sealed.signature.as_bytes())?;
        write_new(&names.count, &count)?;
    }
    let unreached: Vec<String> = made.unreached.iter().map(place).collect();
    let text = match arguments.format {
        Format::Json => {
            as_json(arguments, &made, mask, (read, &faults, &unreached), (names.as_ref(), &key)).to_string()
        }
        Format::Text => in_words(&made, mask, read, (names.as_ref(), &key)),
    };
    if arguments.format == Format::Text {
        told(&faults, "");
        told(&unreached, ": the child lives in no centre's area; see 'reach' in the directory");
    }
    Ok(match print(&text) {
        End::Good if !faults.is_empty() => End::InputHasErrors,
        end => end,
    })
}

/// The authority of that name, with what the directory says of its lists.
fn taking<'h>(house: &'h House, name: &str) -> Result<(&'h Partner, &'h BirthLists), String> {
    let authority = house.directory.partner(&PartnerId(name.to_owned()));
    let authority =
        authority.ok_or_else(|| format!("--authority: the directory has no partner '{name}'."))?;
    let lists = authority.births.as_ref().ok_or_else(|| {
        format!("--authority: '{name}' takes no list of births; give it births = {{ … }} in the directory.")
    })?;
    Ok((authority, lists))
}

/// What is said to a program: how many records were read, what is wrong with which, and whose homes no area names.
fn as_json(
    arguments: &Arguments,
    made: &BirthList,
    mask: Mask,
    (read, faults, unreached): (usize, &[String], &[String]),
    (names, key): (Option<&Names>, &str),
) -> Value {
    let mut said = made.counts.json(mask);
    said["month"] = json!(arguments.month.to_string());
    said["authority"] = json!(arguments.authority);
    said["records"] = json!(read);
    said["ofOtherMonths"] = json!(made.of_other_months);
    said["list"] = json!(names.map(|names| names.list.display().to_string()));
    said["signature"] = json!(names.map(|names| names.signature.display().to_string()));
    said["signedBy"] = json!(key);
    said["count"] = json!(names.map(|names| names.count.display().to_string()));
    said["faults"] = json!(faults);
    said["unreached"] = json!(unreached);
    said
}

/// Remarks on records, by their places, on standard error: they hold nothing of any child.
fn told(places: &[String], text: &str) {
    places.iter().take(SHOWN).for_each(|place| say(&format!("{place}{text}")));
    if places.len() > SHOWN {
        say(&format!("… and {} more; --format json names them all.", places.len() - SHOWN));
    }
}

fn in_words(made: &BirthList, mask: Mask, read: usize, (names, key): (Option<&Names>, &str)) -> String {
    let counts = &made.counts;
    let mut lines = vec![
        format!("{read} records read; {} of children of other months.", made.of_other_months),
        format!(
            "{} children were born, {} are on the list (numbers: {}).",
            mask.shown(counts.births()),
            mask.shown(counts.listed()),
            mask.in_words()
        ),
    ];
    for area in &counts.areas {
        let (births, listed) = (mask.shown(area.births), mask.shown(area.listed));
        lines.push(format!("  {}: {births} born, {listed} on the list", area.name));
    }
    lines.push(format!("  In no centre's area: {} born", mask.shown(counts.elsewhere)));
    if !made.refused.is_empty() {
        lines
            .push("What is wrong with records is said above; their children are not on the list.".to_owned());
    }
    lines.push(match names {
        None => "This was a preview: nothing was written.".to_owned(),
        Some(names) => format!(
            "The list is in {}; only the authority's key opens it (kith births open, or age). The count is in {}.\n\
             Its signature is in {}: send it along. The authority checks it (kith births open --signer, or ssh-keygen -Y verify) by this key, \
             which it must have had from you before:\n  {key}",
            names.list.display(),
            names.count.display(),
            names.signature.display()
        ),
    });
    lines.join("\n")
}
