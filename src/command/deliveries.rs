//! `kith deliveries`: what waits, what failed, the life of one delivery; puts dead letters back, parks a recipient and lets it go on. It
//! works on the store beside a running Kith, which sees what was changed within seconds.

mod replay;
mod shown;

use std::path::PathBuf;

use chrono::TimeDelta;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;
use uuid::Uuid;

use super::{End, Format, house, print, say};
use crate::clock;
use crate::domain::PartnerId;
use crate::pipeline::{House, Operator, life, park};
use crate::store::{State, TaskQuery};

#[derive(Subcommand)]
pub(super) enum Command {
    /// How much waits for whom since when, what failed, and who is parked
    Load(Place),
    /// List deliveries, newest first
    List(List),
    /// Everything that became of one delivery
    Show(Show),
    /// Put dead letters back to be delivered again; without --commit only say what would become of them
    Replay(replay::Arguments),
    /// Hold everything back that is for a recipient; what is accepted for it waits
    Park(Parking),
    /// Let deliveries to a parked recipient go on
    Release(Parking),
}

#[derive(Args)]
pub(super) struct Place {
    /// Configuration folder, whose store is used
    #[arg(long)]
    config: PathBuf,
    /// text or json
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Which deliveries are meant.
#[derive(Args)]
struct Which {
    /// Only of this message, by its sender's id
    #[arg(long)]
    message: Option<Uuid>,
    /// Only to this partner of the directory
    #[arg(long)]
    to: Option<String>,
    /// Only from this partner
    #[arg(long)]
    from: Option<String>,
    /// Only of this record kind
    #[arg(long)]
    kind: Option<String>,
    /// Only what was accepted longer ago, such as 30m, 12h or 2d
    #[arg(long, value_parser = age)]
    older_than: Option<TimeDelta>,
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    which: Which,
    /// Only in these states, joined by commas
    #[arg(long, value_parser = states(), value_delimiter = ',')]
    state: Vec<State>,
    /// How many
    #[arg(long, default_value_t = 50)]
    count: u32,
    /// After so many
    #[arg(long, default_value_t = 0)]
    offset: u32,
}

#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// The delivery's id, which is its receipt's and its X-Request-ID
    id: Uuid,
}

#[derive(Args)]
pub(super) struct Parking {
    #[command(flatten)]
    place: Place,
    /// The partner's id in the directory
    partner: String,
}

/// The states by the names that receipts have, with what `--help` says of each.
fn states() -> impl TypedValueParser<Value = State> {
    let named = [
        ("requested", "it waits"),
        ("in-progress", "it is on its way"),
        ("completed", "its recipient took it"),
        ("failed", "it is a dead letter"),
        ("rejected", "it was withheld"),
        ("cancelled", "it was taken back"),
    ];
    let values = named.map(|(name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).try_map(|name| serde_json::from_value(json!(name)))
}

impl Which {
    fn query(&self, states: Vec<State>, count: u32) -> TaskQuery {
        TaskQuery {
            senders: self.from.iter().cloned().map(PartnerId).collect(),
            recipient: self.to.clone().map(PartnerId),
            before: self.older_than.map(|age| clock::now() - age),
            kinds: self.kind.iter().cloned().collect(),
            message_id: self.message,
            states,
            count,
            ..TaskQuery::default()
        }
    }
}

/// A number and a unit: minutes, hours or days.
fn age(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "give a number and m, h or d: 30m, 12h, 2d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: u32 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    match unit {
        'm' => Ok(TimeDelta::minutes(i64::from(number))),
        'h' => Ok(TimeDelta::hours(i64::from(number))),
        'd' => Ok(TimeDelta::days(i64::from(number))),
        _ => Err(wrong()),
    }
}

pub(super) fn run(command: &Command) -> End {
    let place = match command {
        Command::Load(place) => place,
        Command::List(list) => &list.place,
        Command::Show(show) => &show.place,
        Command::Replay(arguments) => arguments.place(),
        Command::Park(parking) | Command::Release(parking) => &parking.place,
    };
    let Some((runtime, house)) = house(&place.config) else { return End::CallIsWrong };
    runtime.block_on(async {
        let done = match command {
            Command::Load(_) => shown::load(&house, place.format).await,
            Command::List(list) => listed(&house, list).await,
            Command::Show(show) => {
                life(&house, show.id).await.map(|(one, entries)| shown::life(&one, &entries, place.format))
            }
            Command::Replay(arguments) => return replay::run(&house, arguments).await,
            Command::Park(parking) => parked(&house, parking, true).await,
            Command::Release(parking) => parked(&house, parking, false).await,
        };
        match done {
            Ok(text) => print(&text),
            Err(problem) => {
                say(&problem.to_string());
                End::InputHasErrors
            }
        }
    })
}

async fn listed(house: &House, list: &List) -> Result<String, crate::problem::Problem> {
    let query = TaskQuery { offset: list.offset, ..list.which.query(list.state.clone(), list.count) };
    let (found, total) =
        house.store.tasks(&query).await.map_err(|error| crate::pipeline::unavailable(&error))?;
    Ok(shown::list(&found, total, list.place.format))
}

async fn parked(house: &House, parking: &Parking, park_it: bool) -> Result<String, crate::problem::Problem> {
    let partner = PartnerId(parking.partner.clone());
    let changed = park(house, &partner, park_it, &operator(), clock::now()).await?;
    Ok(match (park_it, changed) {
        (true, true) => {
            format!("Parked {partner}. What is accepted for it waits until kith deliveries release.")
        }
        (true, false) => format!("{partner} is parked already."),
        (false, true) => format!("Deliveries to {partner} go on."),
        (false, false) => format!("{partner} is not parked."),
    })
}

/// Whoever may write to the store's file: nobody has signed in here.
pub(super) fn operator() -> Operator {
    Operator {
        partner: PartnerId("command-line".to_owned()),
        words: "an operator on the command line ".to_owned(),
        request: Uuid::new_v4(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        assert_eq!(age("30m"), Ok(TimeDelta::minutes(30)));
        assert_eq!(age("2d"), Ok(TimeDelta::days(2)));
        for wrong in ["", "2", "d", "2w", "-1h", "1½"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
