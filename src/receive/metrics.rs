//! `GET /metrics`: what Kith counts of itself, for Prometheus. Without a token, like the states of `/health`: by the setting `metrics.from`
//! on this machine only, or to anybody who can reach the address.

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::access::Door;
use super::doors::{AtDoor, Doors};
use super::outcome::Refused;
use crate::clock;
use crate::config::Scrapers;
use crate::domain::PartnerId;
use crate::metrics::Queue;
use crate::pipeline::{Circuit, unread};
use crate::problem::{Category, Problem};
use crate::store::StoreError;

/// The media type of OpenMetrics text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All numbers, as they are now.
pub async fn get_metrics(
    door: AtDoor,
    doors: Data<Doors>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    // Behind a proxy on this machine everybody comes from it: what was passed on for somebody is not from here.
    let passed_on = ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
    let is_local = !passed_on && request.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
    let may = match door.settings.metrics.from {
        Scrapers::Anywhere => true,
        Scrapers::Loopback => is_local,
        Scrapers::Nowhere => false,
    };
    if !may {
        let text = "Numbers are not given to this address; the setting metrics.from says to whom they are.";
        return Err(Problem::new(Category::Forbidden, text).into());
    }
    let store = count(&door).await;
    if let Err(error) = &store {
        tracing::error!(cause = %error, "the store cannot be counted");
    }
    let metrics = &door.house.metrics;
    metrics.part("store", store.is_ok());
    metrics.part("clock", door.house.clockwork.check(clock::now()).is_ok());
    metrics.part("configuration", doors.fault().is_none());
    let text = metrics.text().map_err(|error| Problem::internal("write its numbers", &error))?;
    Ok(HttpResponse::Ok().content_type(OPEN_METRICS).body(text))
}

/// Looks at the store: every recipient is there, those too for whom nothing waits.
async fn count(door: &Door) -> Result<(), StoreError> {
    let house = &door.house;
    let now = clock::now();
    let receiving = house.directory.partners().filter(|partner| partner.receiving().is_some());
    let mut queues: BTreeMap<PartnerId, Queue> =
        receiving.map(|partner| (partner.id.clone(), Queue::default())).collect();
    for load in house.operations.load().await? {
        let queue = queues.entry(load.recipient).or_default();
        (queue.waiting, queue.under_way, queue.failed) = (load.waiting, load.under_way, load.failed);
        let age = load.oldest.map(|oldest| (now - oldest).num_milliseconds().max(0));
        queue.oldest_seconds = age.map_or(0.0, |age| age as f64 / 1000.0);
    }
    for parked in house.operations.parked().await? {
        queues.entry(parked.recipient).or_default().parked = true;
    }
    for (recipient, number) in unread(house, door.settings.alerts.unread(), now).await? {
        queues.entry(recipient).or_default().unread = number;
    }
    for (recipient, queue) in &mut queues {
        queue.circuit = match house.circuits.of(recipient) {
            Circuit::Closed => 0,
            Circuit::Probing => 1,
            Circuit::Open(_) => 2,
        };
        house.metrics.queue(recipient.as_str(), queue);
    }
    let head = house.store.journal_head().await?;
    let signed = house.store.signed_heads().await?.last().map_or(0, |head| head.count);
    house.metrics.journal(head.count, head.count.saturating_sub(signed));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::metrics::{Metrics, Queue, Request};

    /// Words that begin as Kith's numbers do.
    fn numbers(text: &str) -> BTreeSet<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        words.filter(|word| word.starts_with("kith_")).map(str::to_owned).collect()
    }

    #[test]
    fn the_dashboard_asks_for_numbers_that_there_are() {
        let metrics = Metrics::default();
        let request = Request { method: "GET".to_owned(), route: "/".to_owned(), status: 200 };
        metrics.answered(request, 0.1);
        metrics.accepted("new-birth-visit");
        metrics.attempted("centre", "delivered", Some(0.1));
        metrics.queue("centre", &Queue::default());
        metrics.alerted("centre", "e-mail", true);
        metrics.part("store", true);
        let given = numbers(&metrics.text().unwrap());
        let asked = numbers(include_str!("../../deploy/grafana/kith.json"));
        assert!(asked.len() > 8);
        assert_eq!(asked.difference(&given).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
