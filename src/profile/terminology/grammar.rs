//! Systems whose codes follow a grammar instead of a list: languages (BCP 47), media types (BCP 13), units (UCUM), and
//! those of which the form is known at least: currencies (ISO 4217), countries (ISO 3166).
//! (<https://hl7.org/fhir/R4/valueset-languages.html>, <https://hl7.org/fhir/R4/valueset-mimetypes.html>,
//! <https://hl7.org/fhir/R4/valueset-ucum-units.html>)

use super::{registers, ucum};

/// A grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Language tags, RFC 5646.
    Language,
    /// Media types, RFC 6838 with the parameters of RFC 2045.
    MediaType,
    /// Units of measure.
    Unit,
    /// Currencies.
    Currency,
    /// Countries, by two letters, three letters or three digits.
    Country,
}

/// What a grammar says of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// It is well formed.
    Good,
    /// It cannot be a code.
    Bad,
    /// It may be one; the reason for the doubt.
    Unsure(String),
}

impl Grammar {
    /// The grammar of a system.
    pub(super) fn of(system: &str) -> Option<Self> {
        match system {
            "urn:ietf:bcp:47" => Some(Self::Language),
            "urn:ietf:bcp:13" | "urn:ietf:rfc:2046" => Some(Self::MediaType),
            "http://unitsofmeasure.org" => Some(Self::Unit),
            "urn:iso:std:iso:4217" => Some(Self::Currency),
            "urn:iso:std:iso:3166" => Some(Self::Country),
            _ => None,
        }
    }

    /// Whether the code is well formed.
    pub(super) fn shape(self, code: &str) -> Shape {
        let is_good = match self {
            Self::Language => is_language(code),
            Self::MediaType => is_media_type(code),
            Self::Unit => return ucum::shape(code),
            Self::Currency if registers::is_currency(code) => true,
            Self::Currency if is_made_of(code, &[3], |byte| byte.is_ascii_uppercase()) => {
                return Shape::Unsure(format!("whether '{code}' is a currency (ISO 4217) is not known here"));
            }
            Self::Country
                if is_made_of(code, &[2, 3], |byte| byte.is_ascii_uppercase())
                    || is_made_of(code, &[3], |byte| byte.is_ascii_digit()) =>
            {
                return Shape::Unsure(format!("whether '{code}' is a country (ISO 3166) is not known here"));
            }
            Self::Currency | Self::Country => false,
        };
        if is_good { Shape::Good } else { Shape::Bad }
    }
}

fn is_made_of(code: &str, lengths: &[usize], fits: impl Fn(u8) -> bool) -> bool {
    lengths.contains(&code.len()) && code.bytes().all(fits)
}

/// RFC 5646 §2.1, with the registry only for languages of two letters: language, extended languages, script, region, variants, extensions, private use.
fn is_language(tag: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let parts: Vec<&str> = tag.split('-').collect();
    let all_fit = |parts: &[&str]| {
        parts
            .iter()
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    let Some((first, rest)) = parts.split_first() else { return false };
    if !all_fit(&parts) {
        return false;
    }
    if first.eq_ignore_ascii_case("x") || first.eq_ignore_ascii_case("i") {
        return !rest.is_empty();
    }
    // The grammar would allow 4 to 8 letters; none such were ever registered.
    let is_known = if first.len() == 2 { registers::is_language(first) } else { first.len() == 3 };
    if !letters(first) || !is_known {
        return false;
    }
    let mut rest = rest.iter().peekable();
    let mut extended = 0;
    while extended < 3 && rest.next_if(|part| part.len() == 3 && letters(part)).is_some() {
        extended += 1;
    }
    rest.next_if(|part| part.len() == 4 && letters(part));
    let is_digits = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    rest.next_if(|part| part.len() == 2 && letters(part) || is_digits(part));
    let is_variant =
        |part: &str| part.len() >= 5 || part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit());
    while rest.next_if(|part| is_variant(part)).is_some() {}
    // A single letter or digit opens an extension, which has one part more at least.
    let rest: Vec<&&str> = rest.collect();
    rest.first().is_none_or(|part| part.len() == 1 && rest.len() > 1)
        && rest.last().is_none_or(|part| part.len() > 1)
}

/// `type/subtype; name=value`.
fn is_media_type(code: &str) -> bool {
    let mut parts = code.split(';');
    let Some((kind, subtype)) = parts.next().unwrap_or_default().trim().split_once('/') else { return false };
    let is_name = |text: &str| {
        !text.is_empty()
            && text.len() <= 127
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&byte))
    };
    let is_parameter = |text: &str| {
        text.trim()
            .split_once('=')
            .is_some_and(|(name, value)| is_name(name.trim()) && !value.trim().is_empty())
    };
    is_name(kind) && is_name(subtype) && parts.all(is_parameter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for good in
            ["en", "en-GB", "zh-Hant-TW", "sl-rozaj", "de-1996", "es-419", "x-kith", "en-u-ca-gregory", "cy"]
        {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "en_GB", "en-", "english language", "en-GB-GB", "en-u", "12", "xx", "english"] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn currencies_and_countries() {
        assert_eq!(Grammar::Currency.shape("GBP"), Shape::Good);
        assert_eq!(Grammar::Currency.shape("gbp"), Shape::Bad);
        assert!(matches!(Grammar::Currency.shape("DEM"), Shape::Unsure(_)));
        assert!(matches!(Grammar::Country.shape("GB"), Shape::Unsure(_)));
        assert_eq!(Grammar::Country.shape("England"), Shape::Bad);
    }

    #[test]
    fn media_types() {
        for good in ["application/pdf", "text/plain; charset=UTF-8", "application/fhir+json", "image/svg+xml"]
        {
            assert!(is_media_type(good), "{good}");
        }
        for bad in ["", "pdf", "application/", "text/plain;", "text /plain"] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }
}
