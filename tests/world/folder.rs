//! A configuration folder as an operator would write it: kith.toml, directory.toml, policies, key files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::FakePartner;
use super::authority::AUTHORITY;
use super::cast::{CAST, Member};
use super::op::AUDIENCE;
use super::tokens;

/// Settings that a test wants otherwise.
pub struct Tweaks {
    pub bind: String,
    pub attempt_timeout_seconds: u64,
    pub retry_max_seconds: u64,
    /// Look-ups of schools that one caller may make.
    pub lookups_per_hour: u32,
    /// The address by which partners know Kith.
    pub public_url: String,
    /// More of kith.toml.
    pub more: String,
    /// Whom a partner names to be told of what is unread, as the directory has it.
    pub alerts: BTreeMap<&'static str, String>,
    /// More files, by name.
    pub files: Vec<(&'static str, String)>,
}

impl Default for Tweaks {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:0".to_owned(),
            attempt_timeout_seconds: 30,
            retry_max_seconds: 1,
            lookups_per_hour: 2_000,
            public_url: "https://kith.test".to_owned(),
            more: String::new(),
            alerts: BTreeMap::new(),
            files: Vec::new(),
        }
    }
}

/// The folder; removed in the end.
pub struct Folder {
    pub path: PathBuf,
    /// The address of the database, where the store is not a file.
    pub database: Option<String>,
}

/// Kith's client certificate, the same for all worlds of a test file.
static CLIENT: LazyLock<(String, String)> = LazyLock::new(|| AUTHORITY.client("kith.test"));

impl Folder {
    /// The store is a file, or where the address says.
    pub fn write(
        partners: &BTreeMap<&'static str, FakePartner>,
        tweaks: &Tweaks,
        store: Option<&str>,
    ) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(uuid::Uuid::new_v4().to_string());
        fs::create_dir_all(path.join("policies")).expect("a folder");
        let folder = Self { path, database: store.map(str::to_owned) };
        let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policies");
        for file in fs::read_dir(policies).expect("the policies").map(|file| file.expect("a file").path()) {
            let name = file.file_name().expect("a name").to_owned();
            fs::copy(&file, folder.path.join("policies").join(name)).expect("a copy");
        }
        folder.put("kith.toml", &settings(tweaks, store));
        folder.put("kith.key", &"5a".repeat(32));
        folder.put("authority.pem", &AUTHORITY.pem);
        folder.put("client.pem", &CLIENT.0);
        folder.put("client-key.pem", &CLIENT.1);
        let mut directory = String::new();
        for member in CAST {
            directory.push_str(&entry(member, partners.get(member.id), tweaks.alerts.get(member.id)));
            if member.form.is_some() {
                let key = tokens::provider().credentials(&member.kith()).key_pem;
                folder.put(&format!("{}.pem", member.kith()), key.reveal());
            }
        }
        folder.put("directory.toml", &directory);
        for (name, text) in &tweaks.files {
            folder.put(name, text);
        }
        folder
    }

    pub fn put(&self, name: &str, text: &str) {
        fs::write(self.path.join(name), text).expect("a file");
    }

    /// Writes a file anew, as an operator changes it; answers what it was.
    pub fn changes(&self, name: &str, change: impl Fn(&str) -> String) -> String {
        let was = fs::read_to_string(self.path.join(name)).expect("a file");
        let now = change(&was);
        assert_ne!(was, now, "{name} is changed");
        self.put(name, &now);
        was
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.path.join("kith.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the build's own temporary folder.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn settings(tweaks: &Tweaks, store: Option<&str>) -> String {
    let url = store.map(|url| format!("url = \"{url}\"\n")).unwrap_or_default();
    let Tweaks {
        bind, attempt_timeout_seconds, retry_max_seconds, public_url, lookups_per_hour, more, ..
    } = tweaks;
    let issuer = tokens::provider().issuer();
    format!(
        "[server]\nbind = \"{bind}\"\npublic_url = \"{public_url}\"\nworkers = 2\n\n\
         [security]\nallow_http_loopback = true\ntrusted_authorities = \"authority.pem\"\n\
         client_certificate = \"client.pem\"\nclient_key = \"client-key.pem\"\n\n\
         [[issuer]]\nurl = \"{issuer}\"\naudience = \"{AUDIENCE}\"\n\n\
         [store]\nkey_file = \"kith.key\"\n{url}\n\
         [delivery]\nattempt_timeout_seconds = {attempt_timeout_seconds}\nretry_first_seconds = 1\n\
         retry_max_seconds = {retry_max_seconds}\n\n[reading]\nsource_timeout_ms = 1000\n\n\
         [school]\nlookups_per_hour = {lookups_per_hour}\nunknown_per_hour = {lookups_per_hour}\n\n[sign_in]\nissuer = \"{issuer}\"\nclient_id = \"kith-pages\"\n\
         roles = {{ OPERATOR = \"operator\", IG-OFFICER = \"information-governance\", HEALTH-VISITOR = \"health-visitor\", SCHOOL-NURSE = \"school-nurse\", DATA-LEAD = \"local-authority\", SENCO = \"school\", CENTRE-STAFF = \"childrens-centre\" }}\n\n{more}"
    )
}

fn entry(member: &Member, partner: Option<&FakePartner>, alerts: Option<&String>) -> String {
    let issuer = tokens::provider().issuer();
    let Member { id, name, role, ods, .. } = member;
    let mut text =
        format!("[[partner]]\nid = \"{id}\"\nname = \"{name}\"\nrole = \"{role}\"\nods = \"{ods}\"\n");
    if let Some(urn) = member.urn {
        let _ = writeln!(text, "urn = \"{urn}\"");
    }
    if let Some(client) = member.client {
        let _ = writeln!(text, "client = {{ issuer = \"{issuer}\", id = \"{client}\" }}");
    }
    let lists = [
        ("sends", member.sends),
        ("keeps", member.keeps),
        ("reach", member.reach),
        ("schools", member.schools),
    ];
    for (setting, words) in lists {
        let _ = writeln!(text, "{setting} = {words:?}");
    }
    if let Some(alerts) = alerts {
        let _ = writeln!(text, "alerts = {alerts}");
    }
    if let Some(form) = member.inbox {
        let _ = writeln!(text, "inbox = {{ form = \"{form}\", receives = {:?} }}", member.receives);
    }
    if let (Some(form), Some(partner)) = (member.form, partner) {
        let (url, client, algorithm) = (partner.url(), member.kith(), member.algorithm.name());
        let _ = writeln!(
            text,
            "[partner.endpoint]\nurl = \"{url}\"\nform = \"{form}\"\nreceives = {:?}\n\
             [partner.endpoint.token]\nurl = \"{issuer}/token\"\nclient_id = \"{client}\"\n\
             key_file = \"{client}.pem\"\nkey_id = \"client-{client}\"\nalgorithm = \"{algorithm}\"",
            member.receives
        );
    }
    if let (Some(partner), "health-visiting" | "weir-lane") = (partner, member.id) {
        let (url, client, algorithm) = (partner.source(), member.kith(), member.algorithm.name());
        let _ = writeln!(
            text,
            "[partner.source]\nurl = \"{url}\"\nresources = [\"Flag\", \"Observation\", \"CareTeam\", \"Encounter\"]\n\
             [partner.source.token]\nurl = \"{issuer}/token\"\nclient_id = \"{client}\"\n\
             key_file = \"{client}.pem\"\nkey_id = \"client-{client}\"\nalgorithm = \"{algorithm}\"",
        );
    }
    text
}
