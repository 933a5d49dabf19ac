//! The whole of Kith between a real OpenID provider and partners that really receive: one program, for each one more would have to be
//! compiled and linked with all that it stands on. A file is a subject: `cargo test --test stories delivery::`.

#[path = "../world/mod.rs"]
mod world;

mod addresses;
mod alerts;
mod answered;
mod at_once;
mod backup;
mod batched;
mod births;
mod browser;
mod clock;
mod conformance;
mod deciding;
mod deliveries;
mod delivery;
mod doors;
mod explained;
mod faults;
mod full_disk;
mod inbox;
mod journal_proof;
mod journeys;
mod killed;
mod maps;
mod metrics;
mod partner_tokens;
mod parts;
mod reload;
mod replicas;
mod sandbox;
mod school;
mod sign_in;
mod sorted;
mod succession;
mod terminology;
mod tls;
mod tokens;
mod traces;
