//! When what a decision rests on fails, nothing is released: policies broken while Kith runs, consents on file that cannot be read, a clock
//! that was set back.

use std::fs;

use crate::world::caller::Request;
use crate::world::{World, run, until};
use chrono::TimeDelta;
use kith::clock;
use kith::config::Config;
use kith::server::Server;
use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

const FORM: &str = include_str!("../../mappings/first-visit-form/examples/agreed-named-centre.json");

fn form() -> Value {
    serde_json::from_str(FORM).unwrap()
}

async fn readiness(world: &World) -> Value {
    world.governance().asks(Request::new("GET", "/health/ready")).await.json()
}

#[test]
fn policies_broken_on_disk_leave_those_in_force_and_the_health_check_says_so_until_they_are_mended() {
    run(async {
        let world = World::start().await;
        let file = world.folder.path.join("policies/consent.cedar");
        let good = fs::read_to_string(&file).unwrap();
        fs::write(&file, "permit (principal, action, resource);").unwrap();
        until("the health check tells of it", || async {
            (readiness(&world).await["configuration"] == "an older one counts").then_some(())
        })
        .await;
        assert_eq!(readiness(&world).await["status"], "up");
        // The broken text would have released everything to everybody.
        let sent = world.health_visitor().sends("first-visit-form", &form()).await.expect(202);
        let receipt = world.wait_for(&sent, "north-centre", "completed").await;
        assert_eq!(receipt["items"], json!(["identity/address", "identity/birth-date", "identity/name"]));

        let stricter = good.replace(
            "{ context.consent == Kith::Standing::\"permit\" }",
            "{ context.consent == Kith::Standing::\"permit\" && context.reasonGiven }",
        );
        assert_ne!(stricter, good);
        fs::write(&file, stricter).unwrap();
        until("the mended policies are in force", || async {
            (readiness(&world).await["configuration"] == "up").then_some(())
        })
        .await;
        let mut second = form();
        second["child"]["nhsNumber"] = json!("9991000208");
        let sent = world.health_visitor().sends("first-visit-form", &second).await.expect(202);
        world.wait_for(&sent, "north-centre", "rejected").await;
    });
}

#[test]
fn a_consent_that_cannot_be_opened_is_not_passed_over() {
    run(async {
        let world = World::start().await;
        let sent = world.health_visitor().sends("first-visit-form", &form()).await.expect(202);
        world.wait_for(&sent, "north-centre", "completed").await;
        let options = SqliteConnectOptions::new().filename(world.folder.store());
        let mut file = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("DROP TRIGGER consent_version_stays; UPDATE consent SET resource = x'00'")
            .execute(&mut file)
            .await
            .unwrap();
        let refused = world.health_visitor().sends("first-visit-form", &form()).await;
        assert!(refused.status >= 500, "{}", refused.text());
        assert_eq!(world.centre().received().len(), 1, "nothing more was told");
        let asked = Request::new(
            "GET",
            "/fhir/Observation?patient:identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990000018",
        );
        let refused = world.gp().asks(asked).await;
        assert!(refused.status >= 500, "{}", refused.text());
    });
}

#[test]
fn behind_the_journals_last_entry_nothing_is_decided() {
    run(async {
        let world = World::start().await;
        // What the clock will look like when it is set back by an hour.
        world.house().clockwork.check(clock::now() + TimeDelta::hours(1)).unwrap();
        let refused = world.health_visitor().sends("first-visit-form", &form()).await.expect(503);
        assert!(refused.header("retry-after").is_some());
        assert_eq!(readiness(&world).await["clock"], "down");
        assert!(world.centre().arrived().is_empty());
    });
}

#[test]
fn whoever_starts_with_another_master_key_is_told_so_and_nothing_is_touched() {
    run(async {
        let mut world = World::start().await;
        world.health_visitor().sends("first-visit-form", &form()).await.expect(202);
        world.closes().await;
        let key = world.folder.path.join("kith.key");
        let right = fs::read_to_string(&key).unwrap();
        fs::write(&key, "6b".repeat(32)).unwrap();
        let faults = match Server::build(&Config::read(&world.folder.path).unwrap()).await {
            Ok(_) => panic!("it starts with a key that is not the store's"),
            Err(faults) => format!("{faults:?}"),
        };
        assert!(faults.contains("not the master key with which the store was made"), "{faults}");
        fs::write(&key, right).unwrap();
        world.opens().await;
        assert_eq!(readiness(&world).await["status"], "up");
    });
}
