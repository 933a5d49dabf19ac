//! The primitive types of FHIR R4 and their formats, checked by hand-written code
//! (<https://hl7.org/fhir/R4/datatypes.html#primitive>).

mod moment;

pub use moment::{compare, is_date, is_date_time, is_instant, is_time, start};

/// A primitive type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primitive {
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `unsignedInt`
    UnsignedInt,
    /// `positiveInt`
    PositiveInt,
    /// `decimal`
    Decimal,
    /// `string`
    String,
    /// `markdown`
    Markdown,
    /// `code`
    Code,
    /// `id`
    Id,
    /// The id of an element: any text without blanks.
    ElementId,
    /// `uri`
    Uri,
    /// `url`
    Url,
    /// `canonical`
    Canonical,
    /// `oid`
    Oid,
    /// `uuid`
    Uuid,
    /// `date`
    Date,
    /// `dateTime`
    DateTime,
    /// `instant`
    Instant,
    /// `time`
    Time,
    /// `base64Binary`
    Base64Binary,
    /// `xhtml`, the narrative's own type
    Xhtml,
}

/// The JSON form that a primitive takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
}

/// The most bytes of a string.
const STRING_MAX: usize = 1 << 20;

impl Primitive {
    /// The primitive of that name, or of the FHIRPath system type of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" | "http://hl7.org/fhirpath/System.Boolean" => Self::Boolean,
            "integer" | "http://hl7.org/fhirpath/System.Integer" => Self::Integer,
            "unsignedInt" => Self::UnsignedInt,
            "positiveInt" => Self::PositiveInt,
            "decimal" | "http://hl7.org/fhirpath/System.Decimal" => Self::Decimal,
            "string" | "http://hl7.org/fhirpath/System.String" => Self::String,
            "markdown" => Self::Markdown,
            "code" => Self::Code,
            "id" => Self::Id,
            "uri" => Self::Uri,
            "url" => Self::Url,
            "canonical" => Self::Canonical,
            "oid" => Self::Oid,
            "uuid" => Self::Uuid,
            "date" | "http://hl7.org/fhirpath/System.Date" => Self::Date,
            "dateTime" | "http://hl7.org/fhirpath/System.DateTime" => Self::DateTime,
            "instant" => Self::Instant,
            "time" | "http://hl7.org/fhirpath/System.Time" => Self::Time,
            "base64Binary" => Self::Base64Binary,
            "xhtml" => Self::Xhtml,
            _ => return None,
        })
    }

    /// How it is written in JSON.
    pub fn form(self) -> Form {
        match self {
            Self::Boolean => Form::Boolean,
            Self::Integer | Self::UnsignedInt | Self::PositiveInt | Self::Decimal => Form::Number,
            _ => Form::String,
        }
    }

    /// What is wrong with the text of a value, as what to write instead.
    pub fn fault(self, text: &str) -> Option<&'static str> {
        let (good, advice) = match self {
            Self::Boolean | Self::Xhtml => (true, ""),
            Self::Integer => (is_integer(text, i64::from(i32::MIN)), "Write a whole number of 32 bits."),
            Self::UnsignedInt => (is_integer(text, 0), "Write a whole number, 0 or more."),
            Self::PositiveInt => (is_integer(text, 1), "Write a whole number, 1 or more."),
            Self::Decimal => (text.len() <= 200, "Write a number of fewer digits."),
            Self::String | Self::Markdown => return string_fault(text),
            Self::Code => (is_code(text), "Write the code without blanks before, after or doubled in it."),
            Self::Id => (is_id(text), "Write 1 to 64 letters, digits, hyphens or dots."),
            Self::ElementId => {
                (!text.contains(char::is_whitespace) && !text.is_empty(), "Write it without blanks.")
            }
            Self::Uri | Self::Url | Self::Canonical => return uri_fault(text),
            Self::Oid => (text.strip_prefix("urn:oid:").is_some_and(is_oid), "Write urn:oid: and the OID."),
            Self::Uuid => (
                text.strip_prefix("urn:uuid:").is_some_and(is_uuid),
                "Write urn:uuid: and a UUID in lower case.",
            ),
            Self::Date => (is_date(text), "Write a date that exists as YYYY, YYYY-MM or YYYY-MM-DD."),
            Self::DateTime => (
                is_date_time(text),
                "Write YYYY, YYYY-MM, YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss with a time zone (Z or ±hh:mm).",
            ),
            Self::Instant => (is_instant(text), "Write YYYY-MM-DDThh:mm:ss with a time zone (Z or ±hh:mm)."),
            Self::Time => (is_time(text), "Write hh:mm:ss."),
            Self::Base64Binary => (is_base64(text), "Write base64 (RFC 4648) of whole groups of four."),
        };
        (!good).then_some(advice)
    }
}

fn string_fault(text: &str) -> Option<&'static str> {
    if text.len() > STRING_MAX {
        return Some("Write at most 1 MB of text.");
    }
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    text.bytes().any(control).then_some("Remove the control characters.")
}

fn is_integer(text: &str, least: i64) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain && text.parse::<i64>().is_ok_and(|n| n >= least && n <= i64::from(i32::MAX))
}

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    let blank = |b: u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    !text.is_empty()
        && !blank(bytes[0])
        && !blank(bytes[bytes.len() - 1])
        && !bytes.windows(2).any(|two| blank(two[0]) && blank(two[1]))
}

/// Whether it is an id of a resource.
pub fn is_id(text: &str) -> bool {
    matches!(text.len(), 1..=64) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn uri_fault(text: &str) -> Option<&'static str> {
    if text.bytes().any(|b| b <= b' ') {
        return Some("Write the URI without blanks.");
    }
    if text.starts_with("oid:") || text.starts_with("uuid:") {
        return Some("Write urn: before it.");
    }
    if let Some(oid) = text.strip_prefix("urn:oid:") {
        return (!is_oid(oid)).then_some("Write a valid OID after urn:oid:.");
    }
    if let Some(uuid) = text.strip_prefix("urn:uuid:") {
        let uuid = uuid.split('#').next().unwrap_or_default();
        return (!is_uuid(uuid)).then_some("Write a valid UUID, in lower case, after urn:uuid:.");
    }
    None
}

/// Whether it is an OID without prefix: `[0-2](\.(0|[1-9][0-9]*))+`.
pub fn is_oid(text: &str) -> bool {
    let mut parts = text.split('.');
    let first = parts.next().is_some_and(|part| matches!(part, "0" | "1" | "2"));
    let mut more = 0;
    first
        && parts.all(|part| {
            more += 1;
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part == "0" || !part.starts_with('0'))
        })
        && more > 0
}

/// Whether it is a UUID in lower case, without prefix.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// How many bytes base64 text stands for; `None` when it is not base64. Blanks between are allowed.
pub fn base64_length(text: &str) -> Option<usize> {
    let (mut signs, mut pads) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if pads == 0 => signs += 1,
            b'=' => pads += 1,
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => return None,
        }
    }
    ((signs + pads).is_multiple_of(4) && pads <= 2 && (pads == 0 || signs > 0))
        .then(|| (signs + pads) / 4 * 3 - pads)
}

fn is_base64(text: &str) -> bool {
    base64_length(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Primitive, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(kind.fault(text), None, "{kind:?} {text}");
        }
        for text in bad {
            assert!(kind.fault(text).is_some(), "{kind:?} {text}");
        }
    }

    #[test]
    fn formats_are_told_apart() {
        check(Primitive::Id, &["a", "A-1.b"], &["", "a_b", "a b"]);
        check(Primitive::Integer, &["0", "-1", "2147483647"], &["1.0", "2147483648", "1e2", "-"]);
        check(Primitive::PositiveInt, &["1"], &["0", "-1"]);
        check(Primitive::Code, &["a", "a b"], &["", " a", "a ", "a  b"]);
        check(Primitive::Uri, &["http://a", "#a", "urn:oid:1.2.3"], &["a b", "urn:oid:1.02", "urn:uuid:x"]);
        check(Primitive::Oid, &["urn:oid:2.16.0"], &["2.16", "urn:oid:3.1", "urn:oid:1"]);
        check(Primitive::Base64Binary, &["", "AAAA", "AA==", "AAA="], &["AAA", "A===", "A?=="]);
        assert_eq!(base64_length("AA ="), None);
        assert_eq!(base64_length("AAA="), Some(2));
    }
}
