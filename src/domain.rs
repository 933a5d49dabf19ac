//! The words that every room uses: parsed once at the door, never printed when they identify a child.

mod child;
mod dataset;
mod education;
mod england;
mod hex;
mod identifier;
mod party;
mod private;

pub use child::{ChildKey, Demographics};
pub use dataset::{Dataset, Item, UnknownDataset};
pub use education::Upn;
pub use england::offset_in_england;
pub use hex::{from_hex, to_hex};
pub use identifier::{BadIdentifier, NhsNumber, OdsCode, Postcode, SchoolUrn};
pub use party::{Ground, PartnerId, Protection, Purpose, Role, UnknownWord};
pub use private::Private;

/// Kith's own canonical address; a reserved domain until the project owns one.
pub const CANONICAL: &str = "https://kith.example/fhir/";

/// FHIR system of NHS numbers.
pub const NHS_NUMBER_SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// FHIR system of ODS organisation codes.
pub const ODS_SYSTEM: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

/// FHIR system of school and children's centre URNs (GIAS).
pub const SCHOOL_URN_SYSTEM: &str = "https://fhir.hl7.org.uk/Id/urn-school-number";
