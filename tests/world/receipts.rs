//! Receipts as their sender sees them: the Tasks of a message, by partner.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Caller, World, cast, until};

/// A message's receipts by the partner's name in the directory: status, attempts, items, ground, note.
pub type Receipts = BTreeMap<&'static str, Value>;

impl World {
    /// The receipts of a message as its sender sees them now.
    pub async fn receipts(&self, sent: &Answer) -> Receipts {
        self.receipts_of(&sent.who, sent.message_id).await
    }

    pub async fn receipts_of(&self, client: &str, message: Uuid) -> Receipts {
        let path = format!("/fhir/Task?group-identifier={message}&_count=200");
        let bundle = Caller::of(self, client).gets(&path).await.expect(200).json();
        let tasks = bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
        tasks.map(receipt).collect()
    }

    /// Waits until every receipt of a message says how it ended.
    pub async fn wait_until_settled(&self, sent: &Answer) -> Receipts {
        until("every receipt says how it ended", || async {
            let receipts = self.receipts(sent).await;
            let open =
                |receipt: &Value| receipt["status"] == "requested" || receipt["status"] == "in-progress";
            (!receipts.values().any(open)).then_some(receipts)
        })
        .await
    }

    /// Waits until a partner's receipt of a message has this status.
    pub async fn wait_for(&self, sent: &Answer, partner: &str, status: &str) -> Value {
        until(&format!("the receipt of {partner} is {status}"), || async {
            let mut receipts = self.receipts(sent).await;
            receipts.remove(partner).filter(|receipt| receipt["status"] == status)
        })
        .await
    }
}

fn receipt(task: &Value) -> (&'static str, Value) {
    let partner = cast::by_ods(task["owner"]["identifier"]["value"].as_str().expect("an owner"));
    let outputs = |code: &str| -> Vec<Value> {
        let all = task["output"].as_array().into_iter().flatten();
        let of_code = all.filter(|output| output["type"]["coding"][0]["code"] == code);
        of_code.map(|output| output["valueString"].clone()).collect()
    };
    let receipt = json!({
        "id": task["id"],
        "status": task["status"],
        "items": outputs("dataset"),
        "ground": outputs("ground").first(),
        "attempts": outputs("attempts").first(),
        "note": task["statusReason"]["text"],
    });
    (partner.id, receipt)
}
