//! People sign in at a real OpenID provider, and see what they may: the page for information governance, and who cannot see it.

use crate::world::person::{Browser, start, token};
use crate::world::{Manner, run};
use reqwest::header::{LOCATION, SET_COOKIE};
use serde_json::{Value, json};

const CHECK: &str = include_str!("../../mappings/new-birth-visit/examples/full-with-permission.json");
const FORM: &str = include_str!("../../mappings/first-visit-form/examples/agreed-named-centre.json");

#[test]
fn an_officer_signs_in_sees_who_was_told_and_that_is_recorded_until_they_sign_out() {
    run(async {
        let world = start().await;
        let form: Value = serde_json::from_str(FORM).unwrap();
        let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
        world.wait_for(&sent, "north-centre", "completed").await;
        let mut browser = Browser::new(&world);
        let page = browser.ends("/who-was-told", "officer").await;
        assert_eq!(page.status(), 200);
        let html = page.text().await.unwrap();
        assert!(html.contains("You act for Kenfordshire Information Governance"), "{html}");
        let entries = world.journal().await.len();

        let token = token(&html);
        let wrong =
            browser.goes("/who-was-told", Some(&[("number", "999 000 0019"), ("token", &token)])).await;
        assert_eq!(wrong.status(), 422);
        assert!(wrong.text().await.unwrap().contains("Check the NHS number"));
        assert_eq!(world.journal().await.len(), entries, "nothing was looked at yet");

        let found =
            browser.goes("/who-was-told", Some(&[("number", "999 000 0018"), ("token", &token)])).await;
        assert_eq!(found.status(), 200);
        let html = found.text().await.unwrap();
        for says in [
            "Information was released",
            "Kenford North Children&#x27;s Centre",
            "A person with parental responsibility agreed",
            "looked at",
        ] {
            assert!(html.contains(says) || html.contains(&says.replace("&#x27;", "&#39;")), "{says}: {html}");
        }
        assert!(!html.contains("Maja"), "no word of any record");
        let journal = world.journal().await;
        assert_eq!(journal.last().unwrap()["event"], "viewed");

        let forged = browser.goes("/who-was-told", Some(&[("number", "9990000018"), ("token", "0")])).await;
        assert_eq!(forged.status(), 403, "a form from elsewhere");
        let mut elsewhere = Browser::new(&world);
        elsewhere.cookies.clone_from(&browser.cookies);
        assert_eq!(elsewhere.goes("/who-was-told", None).await.status(), 200, "a copy of the cookie");
        let mut again = Browser::new(&world);
        assert_eq!(again.ends("/who-was-told", "officer").await.status(), 200);

        let out = browser.goes("/sign-out", Some(&[("token", &token)])).await;
        assert_eq!(out.status(), 303);
        let after = browser.goes("/who-was-told", None).await;
        assert_eq!(after.headers()[LOCATION], "/sign-in?to=/who-was-told");
        let copied = elsewhere.goes("/who-was-told", None).await;
        assert_eq!(copied.headers()[LOCATION], "/sign-in?to=/who-was-told", "the copy ended with it");
        assert_eq!(
            again.goes("/who-was-told", None).await.status(),
            200,
            "another session of theirs goes on"
        );
    });
}

#[test]
fn who_is_not_of_information_governance_sees_nothing() {
    run(async {
        let world = start().await;
        for (who, status) in [("visitor", 403), ("pretender", 403), ("stranger", 403)] {
            let mut browser = Browser::new(&world);
            let page = browser.ends("/who-was-told", who).await;
            assert_eq!(page.status(), status, "{who}");
        }
        let mut browser = Browser::new(&world);
        // Who comes back without having been sent, with another's state, or with a cookie of their own making.
        assert_eq!(browser.goes("/signed-in?code=x&state=y", None).await.status(), 401);
        let begun = browser.goes("/sign-in?to=https://elsewhere.test", None).await;
        assert!(begun.headers()[LOCATION].to_str().unwrap().contains("code_challenge_method=S256"));
        let cookie = begun.headers()[SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!(browser.goes("/signed-in?code=x&state=other", None).await.status(), 401);
        let host = browser.url("").trim_start_matches("http://").to_owned();
        browser.cookies.push((host, "kith-session".to_owned(), "AQAA".to_owned()));
        assert_eq!(browser.goes("/who-was-told", None).await.status(), 303);
    });
}

#[test]
fn an_operator_finds_a_dead_letter_sees_what_would_become_of_it_and_puts_it_back() {
    run(async {
        let world = start().await;
        world.centre().behaves(Manner::Answer(422, json!({})));
        let check: Value = serde_json::from_str(CHECK).unwrap();
        let sent = world.health_visitor().sends("new-birth-visit", &check).await.expect(202);
        let receipt = world.wait_for(&sent, "north-centre", "failed").await;
        let id = receipt["id"].as_str().unwrap().to_owned();

        let mut browser = Browser::new(&world);
        let page = browser.ends("/operations", "operator").await;
        let status = page.status();
        let html = page.text().await.unwrap();
        assert_eq!(status, 200, "{html}");
        let token = token(&html);
        assert!(html.contains(&id) && html.contains("dead letter"), "{html}");
        assert!(!html.contains("9990000018"), "no number of a child");
        let found = browser.goes(&format!("/operations?id={id}"), None).await.text().await.unwrap();
        assert!(found.contains("1 of 1"), "{found}");
        let wrong = browser.goes("/operations?id=9990000018", None).await.text().await.unwrap();
        assert!(wrong.contains("Check the id") && wrong.contains("aria-invalid"), "{wrong}");

        let life = format!("/operations/deliveries/{id}");
        let html = browser.goes(&life, None).await.text().await.unwrap();
        for says in ["It was not delivered", "422", "sent again under the same id"] {
            assert!(html.contains(says), "{says}: {html}");
        }
        let park = [("act", "park"), ("partner", "north-centre"), ("token", &token)];
        let html = browser.goes("/operations", Some(&park)).await.text().await.unwrap();
        assert!(html.contains("is parked") && html.contains("Let go on"), "{html}");
        world.centre().behaves(Manner::Take);
        let back = [("act", "replay"), ("deliveries", id.as_str()), ("token", &token)];
        let html = browser.goes("/operations", Some(&back)).await.text().await.unwrap();
        assert!(html.contains("One dead letter is put back"), "{html}");
        let html = browser.goes("/operations", Some(&back)).await.text().await.unwrap();
        assert!(html.contains("0 dead letters are put back") && html.contains("1 could not be"), "{html}");
        world.wait_for(&sent, "north-centre", "requested").await;
        let release = [("act", "release"), ("partner", "north-centre"), ("token", &token)];
        browser.goes("/operations", Some(&release)).await;
        world.wait_for(&sent, "north-centre", "completed").await;
        let entries = world.journal().await;
        let by_them: Vec<_> = entries.iter().filter(|entry| entry["sender"] == "operations").collect();
        assert_eq!(by_them.len(), 2, "parked and unparked: {by_them:?}");

        let mut other = Browser::new(&world);
        assert_eq!(other.ends("/operations", "officer").await.status(), 403);
        let forged = browser.goes("/operations", Some(&[("act", "park"), ("partner", "north-centre")])).await;
        assert_eq!(forged.status(), 403, "a form from elsewhere");
    });
}
