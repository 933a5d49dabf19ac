//! The invented district of Kenford: who is there, which children, and the configuration that `kith serve` would read.

use chrono::{Days, NaiveDate};
use regex::{Captures, Regex};

use super::provider::{Client, Proof};

/// Kith's client id at the demo provider.
pub(super) const KITH: &str = "kith";
/// The name of Kith's key there.
pub(super) const KITH_KEY: &str = "kith-sandbox";

/// The health visiting service.
pub(super) const HEALTH_VISITING: &str = "kenford-health-visiting";
/// The GP practice.
pub(super) const SURGERY: &str = "weir-lane-surgery";
/// The children's centre.
pub(super) const CENTRE: &str = "kenford-north-centre";
/// The school nursing service.
pub(super) const SCHOOL_NURSING: &str = "kenford-school-nursing";

/// The council, whose data lead takes the list of births to the centre.
pub(super) const COUNCIL: &str = "kenfordshire";

/// The policies of `config/policies`, as they are delivered with Kith.
pub(super) const POLICIES: [(&str, &str); 7] = [
    ("kith.cedarschema", include_str!("../../config/policies/kith.cedarschema")),
    ("reading-datasets.csv", include_str!("../../config/policies/reading-datasets.csv")),
    ("reading-elements.csv", include_str!("../../config/policies/reading-elements.csv")),
    ("consent.cedar", include_str!("../../config/policies/consent.cedar")),
    ("direct-care.cedar", include_str!("../../config/policies/direct-care.cedar")),
    ("refusals.cedar", include_str!("../../config/policies/refusals.cedar")),
    ("safeguarding-duty.cedar", include_str!("../../config/policies/safeguarding-duty.cedar")),
];

/// A partner with a system.
#[derive(Debug)]
pub(super) struct Partner {
    /// Its name in the directory, its client id, and its path.
    pub(super) id: &'static str,
    /// Its name for people.
    pub(super) name: &'static str,
    /// The rest of its entry in the directory.
    entry: &'static str,
    /// The record kinds it sends.
    pub(super) sends: &'static [&'static str],
    /// The resources it puts on file.
    keeps: &'static [&'static str],
    /// The form in which it receives.
    pub(super) form: &'static str,
    /// The record kinds it wants.
    pub(super) receives: &'static [&'static str],
    /// What its tokens for Kith allow.
    scope: &'static str,
}

/// The four partners, in the order in which the story speaks of them.
pub(super) const PARTNERS: [Partner; 4] = [
    Partner {
        id: CENTRE,
        name: "Kenford North Children's Centre",
        entry: "role = \"childrens-centre\"\nods = \"KN101\"\nurn = \"900101\"\nreach = [\"CV99 1\"]",
        sends: &["centre-registration", "concern", "joint-plan"],
        keeps: &[],
        form: "centre-notice",
        receives: &[
            "birth-notification",
            "first-visit-form",
            "new-birth-visit",
            "health-review",
            "integrated-review",
            "joint-plan",
            "gp-move",
            "concern",
            "safeguarding-template",
            "safeguarding-flag",
        ],
        scope: "system/Bundle.c system/Task.rs",
    },
    Partner {
        id: HEALTH_VISITING,
        name: "Kenford Health Visiting",
        entry: "role = \"health-visitor\"\nods = \"RZ998\"\nreach = [\"CV99\"]",
        sends: &[
            "birth-notification",
            "first-visit-form",
            "new-birth-visit",
            "health-review",
            "integrated-review",
            "joint-plan",
            "gp-move",
        ],
        keeps: &["Consent"],
        form: "fhir",
        receives: &[
            "safeguarding-template",
            "safeguarding-flag",
            "concern",
            "joint-plan",
            "centre-registration",
            "gp-move",
        ],
        scope: "system/Bundle.c system/Consent.crus system/Task.rs",
    },
    Partner {
        id: SURGERY,
        name: "Weir Lane Surgery",
        entry: "role = \"gp\"\nods = \"Y99901\"",
        sends: &["safeguarding-template", "safeguarding-flag", "gp-move"],
        keeps: &[],
        form: "fhir",
        receives: &[
            "birth-notification",
            "new-birth-visit",
            "health-review",
            "integrated-review",
            "joint-plan",
            "gp-move",
            "concern",
            "centre-registration",
            "safeguarding-flag",
        ],
        scope: "system/Bundle.c system/Flag.cu system/Task.rs",
    },
    Partner {
        id: SCHOOL_NURSING,
        name: "Kenford School Nursing",
        entry: "role = \"school-nurse\"\nods = \"RZ997\"\nreach = [\"CV99\"]\nschools = [\"900455\"]",
        sends: &["school-health-needs"],
        keeps: &[],
        form: "fhir",
        receives: &["safeguarding-template", "safeguarding-flag"],
        scope: "system/Bundle.c system/Patient.r system/Task.rs",
    },
];

/// Partners without a system of their own, whose people use Kith's pages.
const WITHOUT_SYSTEM: &str = r#"
[[partner]]
id = "kenford-primary"
name = "Kenford Primary School"
role = "school"
ods = "KP101"
urn = "900455"
inbox = { form = "school-notice", receives = ["school-health-needs"] }

[[partner]]
id = "kenfordshire"
name = "Kenfordshire Council"
role = "local-authority"
ods = "KC820"
births = { form = "birth-list", keys = ["{council}"], centres = ["kenford-north-centre"], from = ["first-visit-form", "birth-notification"] }
inbox = { form = "recall-notice", receives = ["recall-notice"] }

[[partner]]
id = "kenfordshire-governance"
name = "Kenfordshire Council, Information Governance"
role = "information-governance"
ods = "KC821"

[[partner]]
id = "kith-operations"
name = "Kith Operations"
role = "operator"
ods = "KC822"
"#;

/// The partner of that name.
pub(super) fn partner(id: &str) -> Option<&'static Partner> {
    PARTNERS.iter().find(|partner| partner.id == id)
}

/// Where everything is: addresses without a slash at the end.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    /// The gateway.
    pub(super) kith: String,
    /// The demo identity provider.
    pub(super) provider: String,
    /// The partners' systems, each below this by its name.
    pub(super) partners: String,
}

impl Addresses {
    /// What tokens for Kith are for.
    pub(super) fn audience(&self) -> String {
        format!("{}/fhir", self.kith)
    }

    fn of_partner(&self, partner: &Partner) -> String {
        format!("{}/{}", self.partners, partner.id)
    }

    /// The clients that the provider knows: Kith by its key, each partner by the secret.
    pub(super) fn clients(&self, kith: Proof, secret: &str) -> Vec<Client> {
        let gateway = Client {
            id: KITH.to_owned(),
            proof: kith,
            scope: super::partners::SCOPE.to_owned(),
            resources: PARTNERS.iter().map(|partner| self.of_partner(partner)).collect(),
        };
        let of_partner = |partner: &Partner| Client {
            id: partner.id.to_owned(),
            proof: Proof::Secret(secret.to_owned()),
            scope: partner.scope.to_owned(),
            resources: vec![self.audience()],
        };
        std::iter::once(gateway).chain(PARTNERS.iter().map(of_partner)).collect()
    }

    /// The text of `kith.toml`.
    pub(super) fn settings(&self) -> String {
        let Self { kith, provider, .. } = self;
        let bind = kith.trim_start_matches("http://");
        let (audience, pages) = (self.audience(), super::people::PAGES);
        let roles = ["school-nurse", "school", "local-authority", "information-governance", "operator"];
        let roles = roles.map(|role| format!("{role} = \"{role}\"")).join(", ");
        format!(
            "[server]\nbind = \"{bind}\"\npublic_url = \"{kith}\"\nworkers = 2\n\n\
             [security]\nallow_http_loopback = true\n\n\
             [[issuer]]\nurl = \"{provider}\"\naudience = \"{audience}\"\nalgorithms = [\"ES384\"]\n\n\
             [store]\nkey_file = \"kith.key\"\n\n\
             [delivery]\nretry_first_seconds = 1\n\n\
             [sign_in]\nissuer = \"{provider}\"\nclient_id = \"{pages}\"\nroles = {{ {roles} }}\n\n\
             [log]\nformat = \"text\"\nlevel = \"warn\"\n"
        )
    }

    /// The text of `directory.toml`; the council's lists are encrypted to this key.
    pub(super) fn directory(&self, council: &str) -> String {
        let systems: String =
            PARTNERS.iter().map(|partner| self.entry(partner)).collect::<Vec<_>>().join("\n");
        systems + &WITHOUT_SYSTEM.replace("{council}", council)
    }

    fn entry(&self, partner: &Partner) -> String {
        let Partner { id, name, entry, sends, keeps, form, receives, .. } = partner;
        let (url, provider) = (self.of_partner(partner), &self.provider);
        format!(
            "[[partner]]\nid = \"{id}\"\nname = \"{name}\"\n{entry}\nsends = {sends:?}\nkeeps = {keeps:?}\n\
             client = {{ issuer = \"{provider}\", id = \"{id}\" }}\n\n\
             [partner.endpoint]\nurl = \"{url}\"\nform = \"{form}\"\nreceives = {receives:?}\n\n\
             [partner.endpoint.token]\nurl = \"{provider}/token\"\nclient_id = \"{KITH}\"\nkey_file = \"partners.pem\"\n\
             key_id = \"{KITH_KEY}\"\nalgorithm = \"ES384\"\nresource = \"{url}\"\n"
        )
    }
}

/// A record of the sandbox with its days counted from today: `{-14}` is two weeks ago, `{0}` today.
pub(super) fn dated(record: &str, today: NaiveDate) -> Result<String, regex::Error> {
    let day = Regex::new(r"\{([+-]?)(\d{1,5})\}")?;
    let dated = day.replace_all(record, |found: &Captures<'_>| {
        let days = Days::new(found[2].parse().unwrap_or_default());
        let moved =
            if &found[1] == "-" { today.checked_sub_days(days) } else { today.checked_add_days(days) };
        moved.unwrap_or(today).to_string()
    });
    Ok(dated.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_policy_that_kith_is_delivered_with_is_there() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/policies");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
        let there: BTreeSet<String> =
            files.map(|name| name.into_string().unwrap()).filter(|name| !name.ends_with(".md")).collect();
        let here: BTreeSet<String> = POLICIES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(here, there);
    }

    #[test]
    fn days_are_counted_from_today() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(
            dated("{-14} {0} {+31} {\"a\": {}}", today).unwrap(),
            "2026-02-15 2026-03-01 2026-04-01 {\"a\": {}}"
        );
    }
}
