//! `kith deliveries replay`: first what would become of each dead letter, and with --commit the doing.

use clap::Args;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{End, Format, Place, Which, operator};
use crate::clock;
use crate::command::{print, say};
use crate::pipeline::{Foreseen, House, foresee, replay, unavailable};
use crate::problem::Problem;
use crate::store::State;

/// So many are put back by one call at most.
const MANY: u32 = 100_000;

#[derive(Args)]
pub(in crate::command) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    which: Which,
    /// Put them back; without this nothing is changed
    #[arg(long)]
    commit: bool,
    /// The deliveries; without any, all dead letters that the options name
    ids: Vec<Uuid>,
}

impl Arguments {
    pub(super) fn place(&self) -> &Place {
        &self.place
    }
}

/// What became, or would become, of one.
struct Outcome {
    id: Uuid,
    word: &'static str,
    why: Option<String>,
}

pub(super) async fn run(house: &House, arguments: &Arguments) -> End {
    match outcomes(house, arguments).await {
        Ok(outcomes) => {
            let end = print(&text(&outcomes, arguments));
            let bad = outcomes.iter().any(|outcome| outcome.word == "impossible");
            if bad { End::InputHasErrors } else { end }
        }
        Err(problem) => {
            say(&problem.to_string());
            End::InputHasErrors
        }
    }
}

async fn outcomes(house: &House, arguments: &Arguments) -> Result<Vec<Outcome>, Problem> {
    let mut ids = arguments.ids.clone();
    if ids.is_empty() {
        let query = arguments.which.query(vec![State::Failed], MANY);
        let (found, _) = house.store.tasks(&query).await.map_err(|error| unavailable(&error))?;
        // In the order in which they were accepted.
        ids = found.iter().rev().map(|delivery| delivery.id).collect();
    }
    let mut outcomes = Vec::new();
    for id in ids {
        let now = clock::now();
        let (word, why) = match foresee(house, id, now).await? {
            Foreseen::Sent => ("sent", None),
            Foreseen::Withdrawn(why) => ("withdrawn", Some(why)),
            Foreseen::Impossible(why) => ("impossible", Some(why)),
        };
        if arguments.commit && word != "impossible" {
            replay(house, id, &operator(), now).await?;
        }
        outcomes.push(Outcome { id, word, why });
    }
    Ok(outcomes)
}

fn text(outcomes: &[Outcome], arguments: &Arguments) -> String {
    if arguments.place.format == Format::Json {
        let of = |outcome: &Outcome| -> Value {
            json!({ "delivery": outcome.id, "outcome": outcome.word, "why": outcome.why, "replayed": arguments.commit && outcome.word != "impossible" })
        };
        return Value::Array(outcomes.iter().map(of).collect()).to_string();
    }
    if outcomes.is_empty() {
        return "There are no such dead letters.".to_owned();
    }
    let mut lines: Vec<String> = outcomes
        .iter()
        .map(|outcome| {
            let words = match (outcome.word, arguments.commit) {
                ("sent", false) => "would be sent again",
                ("sent", true) => "is put back, and is sent again",
                ("withdrawn", false) => "would be taken back instead",
                ("withdrawn", true) => "is put back, and is taken back instead of being sent",
                _ => "cannot be sent again",
            };
            let why = outcome.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("{}  {words}{why}", outcome.id)
        })
        .collect();
    if !arguments.commit {
        lines.push("Nothing was changed. Say --commit to put them back.".to_owned());
    }
    lines.join("\n")
}
