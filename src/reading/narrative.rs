//! A narrative made of what is left of a resource: what it is, since when, and how it stands. Safe: every value is escaped.

use serde_json::{Value, json};

/// `text` for a resource that was cut (<https://hl7.org/fhir/R4/narrative.html>).
pub(super) fn narrative(resource: &Value) -> Value {
    let text = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str);
    let kind = text("/resourceType").unwrap_or_default();
    let named = [
        "/code/text",
        "/code/coding/0/display",
        "/type/0/text",
        "/type/0/coding/0/display",
        "/title",
        "/name",
        "/category/0/text",
    ];
    let what = named.iter().find_map(|pointer| text(pointer));
    let since = ["/period/start", "/effectiveDateTime", "/authored", "/created"];
    let since = since.iter().find_map(|pointer| text(pointer));
    let value = resource.get("valueQuantity").and_then(|quantity| {
        let number = quantity.get("value")?;
        let unit = quantity.get("unit").and_then(Value::as_str).unwrap_or_default();
        Some(format!("{number} {unit}"))
    });
    let parts =
        [what.map(str::to_owned), value, text("/status").map(str::to_owned), since.map(str::to_owned)];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| escaped(part.trim())).collect();
    let words = format!("{}: {}", escaped(kind), parts.join(", "));
    json!({ "status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{words}</p></div>") })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
