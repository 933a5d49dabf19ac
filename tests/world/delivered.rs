//! A request as it arrived at a partner.

use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub headers: Vec<(String, String)>,
    pub bytes: Vec<u8>,
    /// The status it was answered with; 0 while it is held, or when the connection was broken off.
    pub status: u16,
}

impl Delivered {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("a delivery is JSON")
    }

    /// The id by which a recipient knows a delivery again.
    pub fn id(&self) -> &str {
        self.header("x-request-id").expect("a delivery has an id")
    }

    /// Everything that arrived, headers too, as one text.
    pub fn text(&self) -> String {
        let headers = self.headers.iter().filter(|(name, _)| name != "authorization");
        let headers: String = headers.map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{headers}\n{}", String::from_utf8_lossy(&self.bytes))
    }
}
