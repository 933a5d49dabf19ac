//! What is kept for a time only is removed when its time is over: at the start, and every hour.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::clock;
use crate::config::Settings;
use crate::pipeline::House;
use crate::store::Kept;

/// How often is looked.
const PAUSE: Duration = Duration::from_secs(3600);

/// Sweeps until Kith stops.
pub async fn sweep(house: &House, settings: &Settings, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match house.store.expire(kept(settings, clock::now())).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "removed what was kept for its time"),
            Err(error) => tracing::error!(cause = %error, "what was kept for its time cannot be removed"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // Nobody left to say so means stop too.
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
}

fn kept(settings: &Settings, now: DateTime<Utc>) -> Kept {
    // More days than there are in the calendar: for ever.
    let since = |days: u32| {
        now.checked_sub_signed(TimeDelta::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MIN_UTC)
    };
    Kept {
        dead_letters_since: since(settings.delivery.dead_letter_days),
        answers_since: since(settings.store.answers_days),
    }
}
