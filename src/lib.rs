//! Kith: one message, from the door it comes in by to the record that it went out.
//!
//! Read the modules in this order; each stage takes the type that the one before it made:
//! `Received → Valid → Mapped → Permitted → Addressed`. `pipeline` tells the whole story on one page.

#![warn(missing_docs)]
// A gateway that stops in the middle of a message loses it: what can go wrong is a value, said to whoever can act on it.
// What is printed is the command line's, through `command`; everything else goes to the log.
#![warn(clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

// ── The journey ──────────────────────────────────────────────────────────────────────────────────────────────

/// The story on one page: every branch a message can take between the doors.
pub mod pipeline;

/// Edge in: the URL table, who is calling, and one file a door.
pub mod receive;

/// What partners send: record kinds with their JSON Schemas; every fault at once.
pub mod record;

/// Does this FHIR conform?
pub mod profile;

/// Every record kind, loaded and checked once at start.
pub mod catalogue;

/// One mapping file a kind, both ways, with a ledger of what did not fit.
pub mod map;

/// Whether it may be shared, for each recipient and each dataset, and why.
pub mod consent;

/// When a partner asks what others hold: the list of what may pass of it.
pub mod reading;

/// Which school does this child attend? Files in, an answer out.
pub mod school;

/// The monthly list of births that a local authority takes to its children's centres.
pub mod births;

/// The directory: who is around this child.
pub mod route;

/// Edge out: outbox, worker, partners' tokens, receipts.
pub mod deliver;

/// The hash-chained account of every release and refusal, written before anything leaves.
pub mod journal;

/// Where things are kept: messages and what follows from them (`Store`), schools and places (`Register`), and what operators ask
/// (`Operations`); one engine so far.
pub mod store;

/// What people see in a browser: pages of one layout, without a script too.
pub mod page;

// ── The words it is told in ──────────────────────────────────────────────────────────────────────────────────

/// On which line of a CSV file a row begins.
pub mod lines;

/// A message at each stage of its journey.
pub mod message;

/// What Kith counts of itself.
pub mod metrics;

/// NHS number, ODS code, dataset, role, ground: parsed once, never printed.
pub mod domain;

/// The closed list of things that go wrong.
pub mod problem;

/// JSON text, read strictly: as a value, as a tree that borrows from it, or as a document that knows where everything stands.
pub mod json;

// ── What makes it run ────────────────────────────────────────────────────────────────────────────────────────

/// Every setting: defaults, file, environment, normalised, then checked whole.
pub mod config;

/// The one place that reads the time.
pub mod clock;

/// How Kith speaks to others: one TLS library, one HTTP client.
pub mod tls;

/// Keys, hashes and sealing of what is kept.
pub mod secrecy;

/// Logs and traces, and what they may hold.
pub mod telemetry;

/// How the trace of a message is known.
pub mod trace;

/// Puts the house together and runs it.
pub mod server;

/// Everything on loopback, to try Kith: demo identity provider, demo partners, seeded children.
pub mod sandbox;

/// Can a vendor's system work with Kith? Tried with invented children, away from every delivery.
pub mod conformance;

/// The command line, one file a sub-command.
pub mod command;
