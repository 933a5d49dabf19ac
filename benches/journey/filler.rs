//! Puts messages into a store on which no program runs yet, by the pipeline itself: checked, mapped, decided, sealed and journalled as at the
//! door, without HTTP and tokens. So a queue can be made that would take hours to send.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use kith::config::Config;
use kith::domain::{PartnerId, Private};
use kith::message::{Content, Received, Sender};
use kith::pipeline::{Extras, House, Reply, carry};
use kith::problem::outcome;
use serde_json::Value;
use uuid::Uuid;

use crate::sender::{CHECK, CHILD, next_child};
use crate::world::Folder;

/// How many are carried at the same time: as many as share a transaction well.
const AT_ONCE: usize = 16;

/// So many 14-day checks, each about a child of its own; answers how many a second.
pub async fn fill(folder: &Folder, messages: usize) -> f64 {
    let config = Config::read(&folder.path).expect("its configuration");
    let house = Arc::new(kith::server::house(&config).await.expect("its house"));
    let started = Instant::now();
    let begun = Arc::new(AtomicUsize::new(0));
    let carriers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (house, begun) = (Arc::clone(&house), Arc::clone(&begun));
            tokio::spawn(async move {
                while begun.fetch_add(1, Ordering::Relaxed) < messages {
                    put(&house).await;
                }
            })
        })
        .collect();
    for carrier in carriers {
        carrier.await.expect("it ends");
    }
    messages as f64 / started.elapsed().as_secs_f64()
}

async fn put(house: &House) {
    let sender = house.directory.partner(&PartnerId("health-visiting".to_owned())).expect("the sender");
    let record: Value = serde_json::from_str(&CHECK.replace(CHILD, &next_child())).expect("a record");
    let message_id = Uuid::new_v4();
    let received = Received {
        sender: Sender {
            partner: sender.id.clone(),
            role: sender.role,
            organisation: sender.ods.clone(),
            name: sender.name.clone(),
        },
        message_id,
        at: kith::clock::now(),
        kind: "new-birth-visit".to_owned(),
        content: Content::Record(Private::new(record)),
    };
    let location = format!("https://kith.test/fhir/Task?group-identifier={message_id}");
    let extras = Extras {
        body_hash: message_id.to_string(),
        flag: None,
        answer: Box::new(move |issues| Reply {
            status: 202,
            headers: vec![("location".to_owned(), location.clone())],
            body: outcome(issues, None),
        }),
    };
    carry(house, received, extras).await.expect("it is accepted");
}
