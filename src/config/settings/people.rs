//! Settings of what people use: signing in, and looking up schools.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[school]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct School {
    /// Children about whom one caller may ask within an hour.
    pub lookups_per_hour: u32,
    /// Of those, so many that have no answer.
    pub unknown_per_hour: u32,
    /// Largest file of schools, children or places, in bytes.
    pub import_bytes_max: u64,
}

/// `[sign_in]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The identity provider; empty means that nobody can sign in.
    pub issuer: String,
    /// Kith's client id there.
    pub client_id: String,
    /// File with the client's secret; empty for a public client.
    pub client_secret_file: String,
    /// Scopes to ask for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim of the ID token that holds the organisation's ODS code.
    pub organisation_claim: String,
    /// The claim that says what the person is there.
    pub role_claim: String,
    /// What the values of that claim mean: roles of the directory.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// After so many minutes without a request a person signs in again.
    pub idle_minutes: i64,
    /// After so many hours a person signs in again.
    pub longest_hours: i64,
}
