//! The doors' certificate is renewed while they are open: who is connected stays, who comes next is shown the new one, a broken one is not shown.

use std::fs;

use crate::world::authority::{AUTHORITY, Authority};
use crate::world::{Tweaks, World, run, until};
use kith::tls::http_client;
use reqwest::Client;

/// Whether somebody who trusts this authority alone is let in.
async fn is_trusted(authority: &Authority, url: &str) -> bool {
    // Nobody stays connected: each time the certificate is shown anew.
    let client = http_client(Some(authority.pem.as_bytes()), None, false).unwrap();
    client.get(url).send().await.is_ok_and(|answer| answer.status() == 200)
}

async fn answers(client: &Client, url: &str) -> bool {
    client.get(url).send().await.is_ok_and(|answer| answer.status() == 200)
}

#[test]
fn a_renewed_certificate_is_shown_to_whoever_comes_next_and_nobody_is_cut_off() {
    run(async {
        let mut world = World::without_gateway(&Tweaks::default()).await;
        let (certificate, key) = (world.folder.path.join("door.pem"), world.folder.path.join("door-key.pem"));
        let renews = |authority: &Authority| {
            let (pem, private) = authority.server_pem();
            fs::write(&certificate, pem).unwrap();
            fs::write(&key, private).unwrap();
        };
        renews(&AUTHORITY);
        let settings = world.folder.path.join("kith.toml");
        let text = fs::read_to_string(&settings).unwrap();
        let with_tls = "[server]\ntls_certificate = \"door.pem\"\ntls_key = \"door-key.pem\"\n";
        fs::write(&settings, text.replacen("[server]\n", with_tls, 1)).unwrap();
        world.opens().await;
        let url = world.base().replace("http://127.0.0.1", "https://localhost") + "/health/live";
        let next = Authority::new();
        let connected = http_client(Some(AUTHORITY.pem.as_bytes()), None, false).unwrap();
        assert!(answers(&connected, &url).await);
        assert!(is_trusted(&AUTHORITY, &url).await && !is_trusted(&next, &url).await);

        // Half of it is there: it cannot be shown, whenever Kith looks.
        fs::write(&certificate, next.server_pem().0).unwrap();
        assert!(is_trusted(&AUTHORITY, &url).await && !is_trusted(&next, &url).await);

        renews(&next);
        until("the new certificate is shown", || async { is_trusted(&next, &url).await.then_some(()) }).await;
        assert!(!is_trusted(&AUTHORITY, &url).await, "the old one is not shown any more");
        assert!(answers(&connected, &url).await, "whoever was connected still is");
    });
}
