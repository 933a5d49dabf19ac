//! Who is in the world: invented organisations around the invented town of Kenford, each with its part.

use kith::deliver::token::AssertionAlgorithm;

/// An organisation and its system.
pub struct Member {
    /// Its name in the directory.
    pub id: &'static str,
    pub name: &'static str,
    pub role: &'static str,
    pub ods: &'static str,
    pub urn: Option<&'static str>,
    /// The client by which its system calls Kith.
    pub client: Option<&'static str>,
    pub sends: &'static [&'static str],
    pub keeps: &'static [&'static str],
    pub reach: &'static [&'static str],
    pub schools: &'static [&'static str],
    /// What it receives in; nobody without a form has an endpoint.
    pub form: Option<&'static str>,
    /// The form of the inbox that Kith keeps for it.
    pub inbox: Option<&'static str>,
    /// The kinds that it wants; empty means all.
    pub receives: &'static [&'static str],
    /// How Kith signs in there.
    pub algorithm: AssertionAlgorithm,
    /// Whether it asks callers for a certificate.
    pub asks_certificate: bool,
}

const NOBODY: Member = Member {
    id: "",
    name: "",
    role: "",
    ods: "",
    urn: None,
    client: None,
    sends: &[],
    keeps: &[],
    reach: &[],
    schools: &[],
    form: None,
    inbox: None,
    receives: &[],
    algorithm: AssertionAlgorithm::ES384,
    asks_certificate: false,
};

const SAFEGUARDING: &[&str] = &["safeguarding-template", "safeguarding-flag"];

/// Everybody.
pub const CAST: &[Member] = &[
    Member {
        id: "health-visiting",
        name: "Kenford and District Community NHS Trust",
        role: "health-visitor",
        ods: "RZ998",
        client: Some("health-visitor"),
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
        reach: &["CV99"],
        form: Some("fhir"),
        ..NOBODY
    },
    Member {
        id: "weir-lane",
        name: "Weir Lane Surgery",
        role: "gp",
        ods: "Y99901",
        client: Some("gp"),
        sends: &["safeguarding-template", "safeguarding-flag", "gp-move"],
        keeps: &["Consent"],
        form: Some("fhir"),
        algorithm: AssertionAlgorithm::RS384,
        ..NOBODY
    },
    Member {
        id: "maternity",
        name: "Kenford Maternity Service",
        role: "maternity",
        ods: "RZ994",
        client: Some("maternity"),
        sends: &["birth-notification"],
        ..NOBODY
    },
    Member {
        id: "aldermere",
        name: "Aldermere Health Centre",
        role: "gp",
        ods: "Y99902",
        client: Some("other-gp"),
        sends: SAFEGUARDING,
        form: Some("fhir"),
        ..NOBODY
    },
    Member {
        id: "north-centre",
        name: "Kenford North Children's Centre",
        role: "childrens-centre",
        ods: "8KN01",
        urn: Some("900101"),
        client: Some("centre"),
        sends: &["centre-registration", "concern", "joint-plan"],
        reach: &["CV99 1"],
        form: Some("centre-notice"),
        ..NOBODY
    },
    Member {
        id: "aldermere-centre",
        name: "Aldermere Children's Centre",
        role: "childrens-centre",
        ods: "8AL01",
        urn: Some("900102"),
        reach: &["CV99 4"],
        form: Some("centre-notice"),
        ..NOBODY
    },
    Member {
        id: "south-centre",
        name: "Kenford South Children's Centre",
        role: "childrens-centre",
        ods: "8KS01",
        urn: Some("900103"),
        client: Some("south"),
        sends: &["centre-registration"],
        reach: &["CV99 3"],
        inbox: Some("centre-notice"),
        receives: &["first-visit-form", "new-birth-visit", "safeguarding-flag"],
        ..NOBODY
    },
    Member {
        id: "school-nursing",
        name: "Kenford School Nursing",
        role: "school-nurse",
        ods: "RZ997",
        client: Some("school-nurse"),
        sends: &["school-health-needs"],
        reach: &["CV99"],
        schools: &["900455"],
        form: Some("fhir"),
        receives: SAFEGUARDING,
        asks_certificate: true,
        ..NOBODY
    },
    Member {
        id: "kenfordshire",
        name: "Kenfordshire Council",
        role: "local-authority",
        ods: "Y9820",
        client: Some("authority"),
        keeps: &["schools", "children", "school-places", "nhs-numbers"],
        ..NOBODY
    },
    Member {
        id: "aldermere-primary",
        name: "Aldermere Primary School",
        role: "school",
        ods: "8AP01",
        urn: Some("900456"),
        client: Some("school"),
        sends: &["concern", "eyfs-profile"],
        keeps: &["school-places"],
        ..NOBODY
    },
    Member {
        id: "kenford-primary",
        name: "Kenford Primary School",
        role: "school",
        ods: "8KP01",
        urn: Some("900455"),
        client: Some("primary"),
        inbox: Some("school-notice"),
        receives: &["school-health-needs"],
        ..NOBODY
    },
    Member {
        id: "governance",
        name: "Kenfordshire Information Governance",
        role: "information-governance",
        ods: "RZ996",
        client: Some("governance"),
        ..NOBODY
    },
    Member { id: "operations", name: "Kith Operations", role: "operator", ods: "RZ995", ..NOBODY },
];

/// The member of that name.
pub fn member(id: &str) -> &'static Member {
    CAST.iter().find(|member| member.id == id).unwrap_or_else(|| panic!("nobody is called '{id}'"))
}

/// The member with that ODS code.
pub fn by_ods(ods: &str) -> &'static Member {
    CAST.iter().find(|member| member.ods == ods).unwrap_or_else(|| panic!("nobody has the code '{ods}'"))
}

impl Member {
    /// Kith's client id at this partner's identity provider.
    pub fn kith(&self) -> String {
        format!("kith-at-{}", self.id)
    }

    /// What Kith's tokens for this partner are for.
    pub fn audience(&self) -> String {
        format!("https://{}.test", self.id)
    }
}
