//! What an operator changes on disk counts while Kith runs: who may call, how it shows itself to partners, what it calls itself; and nobody
//! who sends or is sent something at that time notices.

use crate::world::authority::Authority;
use crate::world::caller::Request;
use crate::world::load::Load;
use crate::world::{World, run, until};
use serde_json::Value;

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const TEMPLATE: &str = include_str!("../../mappings/safeguarding-template/examples/full.json");

fn check() -> Value {
    serde_json::from_str(CHECK).unwrap()
}

/// What `/health/ready` says of the configuration.
async fn configuration(world: &World) -> Value {
    world.governance().asks(Request::new("GET", "/health/ready")).await.expect(200).json()["configuration"]
        .take()
}

async fn is_answered(world: &World, status: u16) {
    until(&format!("a caller is answered {status}"), || async {
        let asked = world.gp().gets("/fhir/Task?_count=0").await;
        (asked.status == status).then_some(())
    })
    .await;
}

#[test]
fn who_is_entered_in_the_directory_is_let_in_and_who_is_taken_out_is_not() {
    run(async {
        let world = World::start().await;
        is_answered(&world, 200).await;
        let was =
            world.folder.changes("directory.toml", |text| text.replace("id = \"gp\" }", "id = \"gone\" }"));
        is_answered(&world, 403).await;
        world.folder.put("directory.toml", &was);
        is_answered(&world, 200).await;
    });
}

#[test]
fn a_directory_that_is_broken_changes_nothing_and_is_told_until_it_is_mended() {
    run(async {
        let world = World::start().await;
        let was = world.folder.changes("directory.toml", |text| {
            text.replace("id = \"gp\" }", "id = \"gone\" }") + "\n[[partner]]\nid = \"half\"\n"
        });
        until("it is told", || async {
            (configuration(&world).await == "an older one counts").then_some(())
        })
        .await;
        let numbers = world.gp().asks(Request::new("GET", "/metrics")).await.expect(200).text();
        assert!(numbers.contains("kith_up{part=\"configuration\"} 0"), "{numbers}");
        // The half that is right does not count either.
        is_answered(&world, 200).await;
        let sent = world.health_visitor().sends("new-birth-visit", &check()).await.expect(202);
        world.wait_for(&sent, "north-centre", "completed").await;
        world.folder.put("directory.toml", &was);
        until("it is right again", || async { (configuration(&world).await == "up").then_some(()) }).await;

        // Another file, which is broken too, and is mended where it is.
        world.folder.put("other.toml", "[[partner]]\nid = \"half\"\n");
        world.folder.changes("kith.toml", |text| format!("{text}\n[files]\ndirectory = \"other.toml\"\n"));
        until("it is told", || async {
            (configuration(&world).await == "an older one counts").then_some(())
        })
        .await;
        world.folder.put("other.toml", &was.replace("id = \"gp\" }", "id = \"gone\" }"));
        is_answered(&world, 403).await;
        assert_eq!(configuration(&world).await, "up");
    });
}

/// Kith calls itself by another name, and shows by it that it has read what was written before.
pub async fn calls_itself(world: &World, name: &str) {
    world.folder.changes("kith.toml", |text| {
        let line = text.lines().find(|line| line.starts_with("public_url")).expect("it is set");
        text.replace(line, &format!("public_url = \"{name}\""))
    });
    until("it calls itself by the new name", || async {
        let said = world.gp().gets("/fhir/metadata").await.json();
        (said["implementation"]["url"] == format!("{name}/fhir")).then_some(())
    })
    .await;
}

#[test]
fn a_renewed_certificate_of_kiths_own_is_shown_to_partners() {
    run(async {
        let world = World::start().await;
        // Of an authority that the school nurses' system, which asks for a certificate, does not trust.
        let (certificate, key) = Authority::new().client("kith.test");
        let good = world.folder.changes("client.pem", |_| certificate.clone());
        let good_key = world.folder.changes("client-key.pem", |_| key.clone());
        calls_itself(&world, "https://distrusted.test").await;
        let template: Value = serde_json::from_str(TEMPLATE).unwrap();
        let sent = world.gp().sends("safeguarding-template", &template).await.expect(202);
        until("it is not let in", || async {
            let receipt = world.receipts(&sent).await.remove("school-nursing")?;
            receipt["attempts"].as_str().is_some_and(|attempts| attempts != "0").then_some(())
        })
        .await;
        assert!(world.partner("school-nursing").received().is_empty());
        world.folder.put("client.pem", &good);
        world.folder.put("client-key.pem", &good_key);
        world.wait_for(&sent, "school-nursing", "received").await;
        assert_eq!(world.partner("school-nursing").received().len(), 1);
    });
}

#[test]
fn nobody_who_sends_or_receives_notices_that_the_configuration_changes() {
    const CHANGES: usize = 4;
    run(async {
        let world = World::start().await;
        let load = Load::start(&[world.base().to_owned()]);
        for turn in 0..CHANGES {
            calls_itself(&world, &format!("https://kith-{turn}.test")).await;
        }
        let tried_again = load.ends(&world, world.base(), CHANGES).await;
        assert_eq!(tried_again, 0, "every message was accepted at once");
    });
}
