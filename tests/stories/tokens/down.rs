//! When identity providers are down: what counts still, and what is known without a caller.

use chrono::TimeDelta;
use kith::receive::caller::Refusal;
use serde_json::json;

use super::{NOW, but, claims, gateway, provider, verify};

#[tokio::test]
async fn whether_keys_are_at_hand_is_known_without_a_caller_and_one_provider_says_nothing_of_another() {
    let (mut one, two) = (provider(), provider());
    let issuers = gateway(vec![one.issuer_settings(), two.issuer_settings()]);
    let at_hand = |at| {
        let (issuers, one, two) = (&issuers, one.issuer().to_owned(), two.issuer().to_owned());
        async move {
            let all = issuers.at_hand(at).await;
            (all[one.as_str()], all[two.as_str()])
        }
    };
    assert_eq!(at_hand(NOW).await, (true, true), "they are fetched");
    assert_eq!(at_hand(NOW + TimeDelta::minutes(59)).await, (true, true));
    assert_eq!((one.count("/jwks").await, two.count("/jwks").await), (1, 1));
    let later = at_hand(NOW + TimeDelta::hours(2));
    one.stop();
    assert_eq!(later.await, (false, true), "the one that is there is asked again");
}

#[tokio::test]
async fn when_the_provider_is_down_known_keys_count_up_to_the_bound_and_then_nobody_gets_in() {
    let mut op = provider();
    let issuers = gateway(vec![op.issuer_settings()]);
    let token = op.sign(json!({}), but(&op, "exp", json!(NOW.timestamp() + 10_000))).await;
    let unknown = op.sign(json!({ "kid": "perhaps-new" }), claims(&op)).await;
    assert!(verify(&issuers, &token).await.is_ok());
    op.stop();

    for minutes in [1, 30, 60] {
        assert!(issuers.verify(&token, NOW + TimeDelta::minutes(minutes)).await.is_ok(), "{minutes}");
    }
    let maybe = issuers.verify(&unknown, NOW + TimeDelta::minutes(59)).await;
    assert_eq!(maybe, Err(Refusal::Unavailable), "the key may be new, and nobody can be asked");
    let beyond = issuers.verify(&token, NOW + TimeDelta::seconds(3601)).await;
    assert_eq!(beyond, Err(Refusal::Unavailable));
    assert_eq!(beyond.unwrap_err().www_authenticate(), None);

    let fresh = gateway(vec![op.issuer_settings()]);
    assert_eq!(verify(&fresh, &token).await, Err(Refusal::Unavailable), "never seen any key");
}
