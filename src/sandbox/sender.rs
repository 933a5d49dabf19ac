//! A partner's system as the doors see it: gets a token, posts a record, asks for the receipts until they are settled.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde_json::Value;
use uuid::Uuid;

use super::Trouble;
use super::world::Addresses;
use crate::tls::read_bounded;

/// Longest answer that is read, in bytes.
const ANSWER_MAX: usize = 4 * 1024 * 1024;
/// How often the receipts are asked for, and how many times at most: ten seconds in all.
const PATIENCE: (Duration, u32) = (Duration::from_millis(25), 400);

/// Sends as any partner.
pub(super) struct Sender {
    pub(super) http: reqwest::Client,
    pub(super) addresses: Addresses,
    pub(super) secret: String,
}

/// A record that was accepted.
#[derive(Debug)]
pub(super) struct Accepted {
    /// Where its receipts are.
    pub(super) receipts: String,
    /// The receipts (Tasks), none of them under way any more.
    pub(super) tasks: Vec<Value>,
}

impl Sender {
    /// Sends a record of a kind as a partner, and waits until it is known what became of it.
    pub(super) async fn send(&self, partner: &str, kind: &str, record: String) -> Result<Accepted, Trouble> {
        let token = self.token(partner).await?;
        let door = format!("{}/records/{kind}", self.addresses.kith);
        let request = self.http.post(door).bearer_auth(&token).header(CONTENT_TYPE, "application/json");
        let request = request.header("X-Request-ID", Uuid::new_v4().to_string()).body(record);
        let answer = request.send().await.map_err(Trouble::other)?;
        let status = answer.status().as_u16();
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let receipts = location.unwrap_or_default().to_owned();
        let body = json(answer).await?;
        if status != 202 {
            return Err(Trouble::Other(format!("Kith answered {status} to a {kind}: {body}")));
        }
        let tasks = self.settled(&receipts, &token).await?;
        Ok(Accepted { receipts, tasks })
    }

    async fn token(&self, partner: &str) -> Result<String, Trouble> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", partner),
            ("client_secret", self.secret.as_str()),
        ];
        let request = self.http.post(format!("{}/token", self.addresses.provider)).form(&form);
        let body = json(request.send().await.map_err(Trouble::other)?).await?;
        let token = body.get("access_token").and_then(Value::as_str).map(str::to_owned);
        token.ok_or_else(|| Trouble::Other("the demo identity provider gave no token".to_owned()))
    }

    async fn settled(&self, receipts: &str, token: &str) -> Result<Vec<Value>, Trouble> {
        let (pause, times) = PATIENCE;
        for _ in 0..times {
            let answer = self.http.get(receipts).bearer_auth(token).send().await.map_err(Trouble::other)?;
            let tasks = tasks(&json(answer).await?);
            let under_way = |task: &Value| task["status"] == "requested" || task["status"] == "in-progress";
            if !tasks.iter().any(under_way) {
                return Ok(tasks);
            }
            tokio::time::sleep(pause).await;
        }
        Err(Trouble::Other(format!("a message was not delivered in time; its receipts: {receipts}")))
    }
}

/// The Tasks of a searchset.
fn tasks(bundle: &Value) -> Vec<Value> {
    let entries = bundle.get("entry").and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.get("resource").cloned()).collect()
}

async fn json(answer: Response) -> Result<Value, Trouble> {
    let bytes = read_bounded(answer, ANSWER_MAX).await.map_err(Trouble::other)?;
    serde_json::from_slice(&bytes).map_err(Trouble::other)
}
