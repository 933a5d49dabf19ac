//! A recipient in trouble is left alone, and found out about with one delivery at a time.

use std::time::Duration;

use super::*;

const CHILDREN: [&str; 4] = ["9990000018", "9991000283", "9991000291", "9991000305"];

#[test]
fn a_recipient_in_trouble_is_probed_by_one_delivery_and_the_others_follow_when_it_gets_through() {
    run(async {
        let world = World::start().await;
        world.centre().behaves(Manner::Answer(503, json!({})));
        let mut sent = Vec::new();
        for number in CHILDREN {
            let check = check_of(number, "one");
            sent.push(world.health_visitor().sends("new-birth-visit", &check).await.expect(202));
        }
        // Five in a row open the circuit, and as many may be under way at that moment.
        world.centre().wait_until_arrived(9).await;
        world.centre().behaves(Manner::Hold);
        let before = world.centre().arrived().len();
        world.centre().wait_until_arrived(before + 1).await;
        // Longer than any wait between attempts: the others would have come.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        let mut under_way = 0;
        for answer in &sent {
            let receipt = world.receipts(answer).await.remove("north-centre").unwrap();
            under_way += usize::from(receipt["status"] == "in-progress");
        }
        assert_eq!(under_way, 1, "one finds out, the others wait");

        world.centre().behaves(Manner::Take);
        for answer in &sent {
            world.wait_for(answer, "north-centre", "completed").await;
        }
        assert_eq!(world.centre().received().len(), CHILDREN.len());
    });
}
