//! Who gets a token, and who does not.

use super::*;

fn provider(kith: &DemoKey) -> Provider {
    let own = DemoKey::new("provider").unwrap();
    let client = |id: &str, proof| Client {
        id: id.to_owned(),
        proof,
        scope: "system/Bundle.c system/Task.rs".to_owned(),
        resources: vec!["http://a".to_owned(), "http://b".to_owned()],
    };
    Provider {
        issuer: "http://127.0.0.1:1".to_owned(),
        key: own.signing().unwrap(),
        jwk: own.public().jwk(),
        clients: vec![
            client("kith", Proof::Key(kith.public().clone())),
            client("demo", Proof::Secret("secret".to_owned())),
        ],
        signing_in: SigningIn::new("http://k"),
        seen: Mutex::default(),
    }
}

fn form(fields: &[(&str, &str)]) -> Request {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    let mut form: serde_json::Map<String, Value> = fields.collect();
    form.entry("grant_type").or_insert(json!("client_credentials"));
    serde_json::from_value(Value::Object(form)).unwrap()
}

#[test]
fn a_secret_gives_a_token_and_a_wrong_one_does_not() {
    let provider = provider(&DemoKey::new("kith").unwrap());
    let now = clock::now();
    let login = |id, secret| provider.grant(&form(&[("client_id", id), ("client_secret", secret)]), now);
    assert!(login("demo", "secret").is_ok());
    for (id, secret) in [("demo", "other"), ("kith", "secret"), ("nobody", "secret")] {
        assert_eq!(login(id, secret), Err("invalid_client"), "{id}");
    }
    let asking = |more: (&str, &str)| {
        provider.grant(&form(&[("client_id", "demo"), ("client_secret", "secret"), more]), now)
    };
    assert_eq!(asking(("resource", "http://c")), Err("invalid_target"));
    assert_eq!(asking(("scope", "system/Flag.c")), Err("invalid_scope"));
    assert_eq!(asking(("scope", "system/Task.rs")).unwrap()["scope"], "system/Task.rs");
    assert_eq!(asking(("grant_type", "password")), Err("unsupported_grant_type"));
}

#[test]
fn an_assertion_counts_once_for_its_client_here_and_now() {
    let (key, now) = (DemoKey::new("kith").unwrap(), clock::now());
    let provider = provider(&key);
    let sign = |key: &DemoKey, change: &dyn Fn(&mut Value)| {
        let mut claims = json!({
            "iss": "kith", "sub": "kith", "aud": "http://127.0.0.1:1/token", "jti": Uuid::new_v4(),
            "exp": (now + TimeDelta::minutes(4)).timestamp(),
        });
        change(&mut claims);
        key.signing().unwrap().sign("JWT", &claims).unwrap().reveal().clone()
    };
    let login = |assertion: &str| {
        let fields = [("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)];
        provider.grant(&form(&fields), now).is_ok()
    };
    let good = sign(&key, &|_| {});
    assert!(login(&good));
    assert!(!login(&good), "a second time");
    assert!(!login(&sign(&DemoKey::new("kith").unwrap(), &|_| {})), "another key");
    let changes: [&dyn Fn(&mut Value); 4] = [
        &|claims| claims["sub"] = json!("demo"),
        &|claims| claims["aud"] = json!("http://127.0.0.1:2/token"),
        &|claims| claims["exp"] = json!((now - TimeDelta::seconds(1)).timestamp()),
        &|claims| claims["exp"] = json!((now + TimeDelta::minutes(9)).timestamp()),
    ];
    for change in changes {
        assert!(!login(&sign(&key, change)));
    }
}
