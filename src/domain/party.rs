//! Who sends and receives, on what ground, for what purpose.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not in the list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is not a {list}; use one of: {known}")]
pub struct UnknownWord {
    /// What was given.
    pub word: String,
    /// The list it should be in.
    pub list: &'static str,
    /// The words of the list.
    pub known: String,
}

/// A closed list of words: an enum with its names, read from and written as text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($list:literal) { $($(#[$note:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$note])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word used in configuration, policies and answers.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|word| word.name() == text).ok_or_else(|| UnknownWord {
                    word: text.to_owned(),
                    list: $list,
                    known: Self::ALL.iter().map(|word| word.name()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

words! {
    /// What a partner is to the child.
    Role ("role") {
        /// Health visiting service.
        HealthVisitor = "health-visitor",
        /// General practice.
        Gp = "gp",
        /// Maternity service: tells of births.
        Maternity = "maternity",
        /// Child health information service: tells of births and of what others recorded.
        ChildHealthInformation = "child-health-information",
        /// Children's centre or family hub.
        ChildrensCentre = "childrens-centre",
        /// School nursing service.
        SchoolNurse = "school-nurse",
        /// A school or nursery.
        School = "school",
        /// A local authority's data lead.
        LocalAuthority = "local-authority",
        /// A developer testing a system; never receives anything.
        Vendor = "vendor",
        /// Information governance: sees who was told what.
        InformationGovernance = "information-governance",
        /// Runs Kith.
        Operator = "operator",
    }
}

words! {
    /// Why sharing is permitted.
    Ground ("ground") {
        /// The parent (or the competent young person) agreed.
        Consent = "consent",
        /// The duty to share what safeguards a child.
        SafeguardingDuty = "safeguarding-duty",
        /// Care of this child by this recipient.
        DirectCare = "direct-care",
        /// A court's or other legal order.
        LegalOrder = "legal-order",
    }
}

words! {
    /// What protects a child's whole record. Once said it stays, whatever other messages leave unsaid.
    Protection ("protection") {
        /// The record is restricted (PDS confidentiality): whatever shows where the child may be found is withheld.
        RestrictedAddress = "restricted-address",
        /// The record is closed to everybody.
        Sealed = "sealed",
        /// The child has died.
        Deceased = "deceased",
    }
}

words! {
    /// What the recipient is to use it for.
    Purpose ("purpose") {
        /// Care of the child.
        DirectCare = "direct-care",
        /// Services and welcome of the family in their area.
        EarlyYearsSupport = "early-years-support",
        /// Protecting the child from harm.
        Safeguarding = "safeguarding",
    }
}

/// The name by which the directory knows a partner, for instance `warwick-health-visiting`. Not personal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartnerId(pub String);

impl PartnerId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
