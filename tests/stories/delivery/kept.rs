//! What is kept for a time only, when its time is over.

use chrono::{DateTime, Utc};
use kith::store::Kept;
use serde_json::json;
use uuid::Uuid;

use super::check;
use crate::world::{Manner, World, run};

#[test]
fn a_message_whose_first_answer_is_not_kept_any_more_is_still_known() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Answer(400, json!({})));
        let id = Uuid::new_v4();
        let sent = world.health_visitor().sends_as("new-birth-visit", &check("one"), id).await.expect(202);
        world.wait_until_settled(&sent).await;
        let over = DateTime::<Utc>::MAX_UTC;
        let kept = Kept {
            dead_letters_since: over,
            answers_since: over,
            inbox_since: over,
            signed_out_since: over,
            births_until: over,
        };
        assert_eq!(world.house().store.expire(kept).await.unwrap(), 2, "an answer and a dead letter");

        let again = world.health_visitor().sends_as("new-birth-visit", &check("one"), id).await.expect(202);
        assert_eq!(again.header("location"), sent.header("location"));
        let text = again.issues()[0]["says"].as_str().unwrap().to_owned();
        assert!(text.contains("accepted before") && text.contains(&id.to_string()), "{text}");
        assert_eq!(again.issues().len(), 1);
        world.health_visitor().sends_as("new-birth-visit", &check("two"), id).await.expect(409);
        assert_eq!(world.surgery().arrived().len(), 1, "nobody gets it twice");
    });
}
