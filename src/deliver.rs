//! The edge out: what was permitted leaves for its recipient, and nothing else does.

/// A partner's access token, by client credentials and a signed assertion.
pub mod token;
