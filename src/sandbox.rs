//! Everything on loopback, to try Kith: the gateway that `kith serve` runs, a demo identity provider, four partners'
//! systems, and a few invented children, in one process.
//!
//! Nothing of it can be reached from another machine, and nothing but the command `kith sandbox` starts it: the rooms of
//! `kith serve` do not name this one.

mod births;
mod curls;
mod folder;
mod key;
mod partners;
mod people;
mod provider;
mod schools;
mod sender;
mod story;
mod world;

use std::net::{Ipv4Addr, TcpListener};

use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::clock;
use crate::config::{Config, Fault};
use crate::secrecy::new_key_text;
use crate::server::Server;
use crate::{telemetry, tls};
use folder::Folder;
use key::DemoKey;
use partners::Mailboxes;
use provider::Proof;
use sender::Sender;
use story::{Chapter, Ending};
use world::{Addresses, HEALTH_VISITING, PARTNERS, SURGERY};

/// Why the sandbox does not run.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Somebody else listens there.
    #[error(
        "The sandbox cannot listen on 127.0.0.1:{0}: {1}. Choose another port with --port, or any free one with --port 0."
    )]
    Port(u16, std::io::Error),
    /// The gateway does not start.
    #[error("The sandbox's gateway does not start: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Gateway(Vec<Fault>),
    /// Anything else.
    #[error("The sandbox cannot go on: {0}")]
    Other(String),
}

impl Trouble {
    fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }
}

/// A sandbox that runs.
pub struct Sandbox {
    folder: Folder,
    sender: Sender,
    mailboxes: Mailboxes,
    handles: Vec<ServerHandle>,
    gateway: JoinHandle<std::io::Result<()>>,
}

/// What the story sends: title, what it is about, sender, kind, record.
type Scene = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SCENES: [Scene; 4] = [
    (
        "A first-visit form: Kenford Health Visiting has seen Maja Whitlock, 11 days old",
        "Her mother agreed that Kenford North Children's Centre may know her name, birth date and address. The form says \
         more than that: her parents, her language, who her health visitor is.",
        HEALTH_VISITING,
        "first-visit-form",
        include_str!("sandbox/records/first-visit-agreed.json"),
    ),
    (
        "A 14-day check: the health visitor comes again",
        "Now her mother lets the same centre know how Maja is fed and what she needs, and nothing more. The surgery is \
         Maja's own practice.",
        HEALTH_VISITING,
        "new-birth-visit",
        include_str!("sandbox/records/fourteen-day-check.json"),
    ),
    (
        "A safeguarding template: Weir Lane Surgery writes about Jaden Osgood, two years old",
        "He is on a child protection plan. Nobody was asked for consent: the surgery claims the safeguarding duty and \
         says why.",
        SURGERY,
        "safeguarding-template",
        include_str!("sandbox/records/safeguarding-template.json"),
    ),
    (
        "A refusal: Noah Penhallow's parent says no on the first-visit form",
        "The same form, the same centre around the corner, another answer.",
        HEALTH_VISITING,
        "first-visit-form",
        include_str!("sandbox/records/first-visit-refused.json"),
    ),
];

impl Sandbox {
    /// Starts everything, the gateway on this port or, when it is 0, on a free one.
    pub async fn start(port: u16) -> Result<Self, Trouble> {
        tls::install_crypto();
        let taken = |port| move |error| Trouble::Port(port, error);
        let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken(port));
        let (gateway, provider, partners) = (listen(port)?, listen(0)?, listen(0)?);
        let address = |listener: &TcpListener| {
            listener.local_addr().map(|address| format!("http://{address}")).map_err(Trouble::other)
        };
        let addresses = Addresses {
            kith: address(&gateway)?,
            provider: address(&provider)?,
            partners: address(&partners)?,
        };
        let (folder, secret) = (Folder::new().map_err(Trouble::other)?, Uuid::new_v4().simple().to_string());
        let no_random = || Trouble::Other("the system gave no random numbers".to_owned());
        let kith_key = DemoKey::new(world::KITH_KEY).ok_or_else(no_random)?;
        let provider_key = DemoKey::new("demo-provider").ok_or_else(no_random)?;
        write(&folder, &addresses, &kith_key).map_err(Trouble::other)?;

        let http = tls::http_client(None, None, true).map_err(Trouble::other)?;
        let clients = addresses.clients(Proof::Key(kith_key.public().clone()), &secret);
        let provider =
            provider::server(provider, &addresses.provider, &provider_key, clients, &addresses.kith);
        let provider = provider.ok_or_else(no_random)?.map_err(Trouble::other)?;
        let (mailboxes, names) = (Mailboxes::default(), PARTNERS.each_ref().map(|partner| partner.id));
        let base = &addresses.partners;
        let partners = partners::server(partners, base, &addresses.provider, &names, &http, &mailboxes);
        let partners = partners.map_err(Trouble::other)?.map_err(Trouble::other)?;
        let mut handles = vec![provider.handle(), partners.handle()];
        tokio::spawn(provider);
        tokio::spawn(partners);

        let config = Config::read_sandbox(folder.path()).map_err(Trouble::Gateway)?;
        telemetry::start(&config.settings.log, None).map_err(Trouble::Other)?;
        // The gateway binds its address itself, as under `kith serve`; until here it was only kept free for it.
        drop(gateway);
        let gateway = Server::build(&config).await.map_err(Trouble::Gateway)?;
        handles.push(gateway.handle());
        schools::take_in(&gateway.house()).await.map_err(Trouble::other)?;
        let gateway = tokio::spawn(gateway.run());
        Ok(Self { folder, sender: Sender { http, addresses, secret }, mailboxes, handles, gateway })
    }

    /// Sends the records, waits for their deliveries, and tells what happened and what to try.
    pub async fn story(&self) -> Result<String, Trouble> {
        let today = clock::now().date_naive();
        let mut chapters = Vec::new();
        for (title, intro, partner, kind, record) in SCENES {
            let record = world::dated(record, today).map_err(Trouble::other)?;
            let accepted = self.sender.send(partner, kind, record).await?;
            let mut endings: Vec<Ending> =
                accepted.tasks.into_iter().filter_map(|task| self.ending(task)).collect();
            // Receipts come newest first, and these are of one instant: any fixed order reads better.
            endings.sort_by_key(|ending| PARTNERS.iter().position(|partner| partner.id == ending.partner));
            chapters.push(Chapter { title, intro, receipts: accepted.receipts, endings });
        }
        let Sender { addresses, secret, .. } = &self.sender;
        let file = |name: &str, text: &str| {
            let text = world::dated(text, today).map_err(Trouble::other)?;
            self.folder.write(name, &text).map_err(Trouble::other)
        };
        let check = file("14-day-check.json", include_str!("sandbox/records/your-check.json"))?;
        let flag = file("flag.json", include_str!("sandbox/records/your-flag.json"))?;
        let births = births::lines(&self.folder, &addresses.kith, today).map_err(Trouble::other)?;
        let Addresses { kith, provider, partners } = addresses;
        Ok([
            story::cast(kith, provider, partners),
            story::chapters(&chapters),
            curls::lines(addresses, secret, &check, &flag),
            births,
        ]
        .concat())
    }

    /// A receipt with what the recipient's system really got.
    fn ending(&self, task: serde_json::Value) -> Option<Ending> {
        let name = task.pointer("/owner/display")?.as_str()?;
        let partner = PARTNERS.iter().find(|partner| partner.name == name)?.id;
        let got = self.mailboxes.by_delivery(partner, task.get("id")?.as_str()?);
        Some(Ending { partner, task, got })
    }

    /// Stops everything and removes the folder.
    pub async fn stop(self) {
        let Self { folder, handles, gateway, .. } = self;
        for handle in &handles {
            // Not graceful: whoever still holds a connection open here is trying things out.
            handle.stop(false).await;
        }
        if let Ok(Err(error)) = gateway.await {
            tracing::warn!(cause = %error, "the gateway ended badly");
        }
        drop(folder);
    }
}

/// The configuration folder, as an operator would write it.
fn write(folder: &Folder, addresses: &Addresses, key: &DemoKey) -> std::io::Result<()> {
    folder.write("kith.toml", &addresses.settings())?;
    let council = births::council_key(folder)?;
    folder.write("directory.toml", &addresses.directory(&council))?;
    folder.write("partners.pem", key.pem())?;
    folder.write("kith.key", &new_key_text().map_err(std::io::Error::other)?)?;
    for (name, text) in world::POLICIES {
        folder.write(&format!("policies/{name}"), text)?;
    }
    Ok(())
}
