//! What was found: for people, and as a FHIR TestReport (<https://hl7.org/fhir/R4/testreport.html>).

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

/// How much a rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Without it the system cannot work with Kith.
    Must,
    /// It works, and somebody will have trouble with it.
    Should,
}

/// How a rule was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be; what was seen.
    Held(String),
    /// Not as it should be.
    Broken {
        /// How much that weighs.
        weight: Weight,
        /// What was seen.
        seen: String,
        /// What it leads to, and what to do.
        remedy: &'static str,
    },
    /// It was not tried, so that nobody knows; why.
    Untried(String),
}

impl Verdict {
    pub(super) fn held(status: u16, after: Duration) -> Self {
        Self::Held(format!("{status} in {} ms", after.as_millis()))
    }

    pub(super) fn broken(weight: Weight, seen: String, remedy: &'static str) -> Self {
        Self::Broken { weight, seen, remedy }
    }

    /// Of two, the one that has to be told.
    pub(super) fn worse(self, other: Self) -> Self {
        if self.rank() >= other.rank() { self } else { other }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Held(_) => 0,
            Self::Untried(_) => 1,
            Self::Broken { weight: Weight::Should, .. } => 2,
            Self::Broken { weight: Weight::Must, .. } => 3,
        }
    }

    /// The code of the value set report-action-result-codes.
    fn code(&self) -> &'static str {
        match self {
            Self::Held(_) => "pass",
            Self::Untried(_) => "skip",
            Self::Broken { weight: Weight::Should, .. } => "warning",
            Self::Broken { weight: Weight::Must, .. } => "fail",
        }
    }
}

/// One rule, and how it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub name: String,
    /// How it was met.
    pub verdict: Verdict,
}

/// What the system does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It receives what Kith delivers.
    Receiver,
    /// It sends messages to Kith.
    Sender,
}

impl Role {
    /// The name, the type of participant and the rules.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Receiver => [
                "Kith conformance: receiver",
                "server",
                "The rules by which a recipient takes what Kith delivers",
            ],
            Self::Sender => [
                "Kith conformance: sender",
                "client",
                "The rules by which a sender loses nothing and doubles nothing on its way to Kith",
            ],
        }
    }
}

/// Everything that was tried with one system.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the system does.
    pub role: Role,
    /// The address of the system, or of the Kith to which it sent.
    pub address: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In the order in which it was tried.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(role: Role, address: &str, at: DateTime<Utc>) -> Self {
        Self { role, address: address.to_owned(), at, findings: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &str, verdict: Verdict) {
        self.findings.push(Finding { name: name.to_owned(), verdict });
    }

    /// Whether it was shown that the system can work with Kith.
    pub fn is_good(&self) -> bool {
        self.result() == "pass"
    }

    /// The code of the value set report-result-codes: what was not tried is not passed.
    fn result(&self) -> &'static str {
        match (self.count("fail"), self.count("skip"), self.findings.len()) {
            (0, 0, 1..) => "pass",
            (0, ..) => "pending",
            _ => "fail",
        }
    }

    fn count(&self, code: &str) -> usize {
        self.findings.iter().filter(|finding| finding.verdict.code() == code).count()
    }

    /// A line a rule, with what to do below those that were not met, and a sum.
    pub fn to_text(&self) -> String {
        let width =
            self.findings.iter().map(|finding| finding.name.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for Finding { name, verdict } in &self.findings {
            // Writing to a String cannot fail.
            let _ = match verdict {
                Verdict::Held(seen) => writeln!(text, "  holds   {name:<width$}  {seen}"),
                Verdict::Untried(why) => writeln!(text, "  –       {name:<width$}  not tried: {why}"),
                Verdict::Broken { weight, seen, remedy } => {
                    let word = if *weight == Weight::Must { "MUST" } else { "should" };
                    writeln!(text, "  {word:<6}  {name:<width$}  {seen}\n          {remedy}")
                }
            };
        }
        let tried = self.findings.len() - self.count("skip");
        let _ = write!(
            text,
            "\n{} of {tried} hold; {} must be put right, {} should; {} not tried.",
            self.count("pass"),
            self.count("fail"),
            self.count("warning"),
            self.count("skip"),
        );
        if self.result() == "pending" {
            text.push_str("\nUntil everything was tried, nothing is shown.");
        }
        text
    }

    /// A TestReport.
    pub fn to_fhir(&self) -> Value {
        let tests: Vec<Value> = self.findings.iter().map(test).collect();
        let tried = self.findings.len() - self.count("skip");
        let score = (self.count("pass") * 100).checked_div(tried).unwrap_or_default();
        let [name, participant, rules] = self.role.words();
        json!({
            "resourceType": "TestReport",
            "name": name,
            "status": "completed",
            "testScript": { "display": rules },
            "result": self.result(),
            "score": score,
            "tester": concat!("Kith ", env!("CARGO_PKG_VERSION")),
            "issued": self.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "participant": [{ "type": participant, "uri": self.address }],
            "test": tests,
        })
    }
}

fn test(finding: &Finding) -> Value {
    let message = match &finding.verdict {
        Verdict::Held(seen) => seen.clone(),
        Verdict::Untried(why) => why.clone(),
        Verdict::Broken { seen, remedy, .. } => format!("{seen}. {remedy}"),
    };
    let assert = json!({ "result": finding.verdict.code(), "message": message });
    json!({ "name": finding.name, "action": [{ "assert": assert }] })
}
