//! What is kept for a time only is removed when its time is over, at the start and every hour; and what should have followed
//! from a changed consent and was cut short is done, at the start and every minute.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::clock;
use crate::config::Settings;
use crate::domain::PartnerId;
use crate::pipeline::{self, House};
use crate::store::Kept;

/// How often is looked for what a change of consents left to do: a delivery that was under way when consent was withdrawn is
/// recalled within this time.
const PAUSE: Duration = Duration::from_secs(60);
/// Changes of so long ago are looked at when Kith starts: it may have been cut short then.
const AFTER_A_STOP: TimeDelta = TimeDelta::days(7);
/// A delivery that was under way when consent was withdrawn has ended after this time.
const UNDER_WAY_MAX: TimeDelta = TimeDelta::minutes(15);
/// At every so many pauses is looked for what is too old.
const PAUSES_AN_HOUR: u32 = 60;

/// Sweeps until Kith stops; `wake` rings at the workers of recipients for whom it found something.
pub async fn sweep(
    house: &House,
    settings: &Settings,
    wake: impl Fn(&[PartnerId]) + Send,
    mut stop: watch::Receiver<bool>,
) {
    let mut since = clock::now() - AFTER_A_STOP;
    for turn in (0..PAUSES_AN_HOUR).cycle() {
        // Nobody left to say so means stop too.
        if *stop.borrow() || stop.has_changed().is_err() {
            break;
        }
        let now = clock::now();
        if !has_duty(house, "sweep", now, PAUSE * 2).await {
            rest(&mut stop).await;
            continue;
        }
        match pipeline::catch_up(house, since, now).await {
            Ok(recipients) => {
                wake(&recipients);
                since = now - UNDER_WAY_MAX;
            }
            Err(problem) => {
                tracing::error!(cause = %problem, "what follows from changed consents cannot be caught up with");
            }
        }
        if turn == 0 {
            expire(house, settings).await;
            sign(house).await;
        }
        rest(&mut stop).await;
    }
}

async fn rest(stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(PAUSE) => {}
        _ = stop.changed() => {}
    }
}

/// Whether this process does for all that share the store what is to be done once, until the others may take it.
pub(super) async fn has_duty(house: &House, name: &str, now: DateTime<Utc>, lasts: Duration) -> bool {
    let until = now + TimeDelta::from_std(lasts).unwrap_or(TimeDelta::MAX);
    house.store.take_duty(name, now, until).await.unwrap_or_else(|error| {
        tracing::error!(duty = name, cause = %error, "it cannot be found out whose duty it is");
        false
    })
}

/// How often is looked for what somebody holds and did not settle in time.
const LOOK: Duration = Duration::from_secs(10);

/// Puts back what was lost by whoever was killed with it, until Kith stops; `wake` rings at all workers.
pub async fn take_over(house: &House, wake: impl Fn() + Send, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match house.store.take_over(clock::now()).await {
            Ok(0) => {}
            Ok(deliveries) => {
                tracing::warn!(deliveries, "took over what nobody settled in time");
                wake();
            }
            Err(error) => tracing::error!(cause = %error, "what nobody settled in time cannot be taken over"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            // Nobody left to say so means stop too.
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
}

/// Signs the journal's head once a day.
async fn sign(house: &House) {
    match pipeline::sign_head(house, clock::now()).await {
        Ok(Some(head)) => {
            tracing::info!(entries = head.count, hash = %head.hash, "signed the journal's head")
        }
        Ok(None) => {}
        Err(problem) => tracing::error!(cause = %problem, "the journal's head cannot be signed"),
    }
}

async fn expire(house: &House, settings: &Settings) {
    match house.store.expire(kept(settings, clock::now())).await {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "removed what was kept for its time"),
        Err(error) => tracing::error!(cause = %error, "what was kept for its time cannot be removed"),
    }
}

fn kept(settings: &Settings, now: DateTime<Utc>) -> Kept {
    // More days than there are in the calendar: for ever.
    let since = |days: u32| {
        now.checked_sub_signed(TimeDelta::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MIN_UTC)
    };
    Kept {
        dead_letters_since: since(settings.delivery.dead_letter_days),
        inbox_since: since(settings.delivery.inbox_days),
        answers_since: since(settings.store.answers_days),
        signed_out_since: now - TimeDelta::hours(settings.sign_in.longest_hours),
        births_until: now,
    }
}
