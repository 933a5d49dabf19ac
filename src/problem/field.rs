//! Names of fields, as far as they may be repeated.

/// A field's name as it may be repeated to people: as it is when it looks like one, else `?`. A name that a sender made up
/// could itself identify somebody.
pub fn field_name(name: &str) -> &str {
    let bare = name.strip_prefix('_').unwrap_or(name);
    let looks_like_one = bare.starts_with(|c: char| c.is_ascii_lowercase())
        && bare.len() <= 60
        && bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        && bare.bytes().filter(u8::is_ascii_digit).count() <= 3;
    if looks_like_one { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::field_name;

    #[test]
    fn only_what_looks_like_a_fields_name_is_repeated() {
        for name in ["child", "apgar10Minutes", "valueBase64Binary", "_birthDate", "middle-name"] {
            assert_eq!(field_name(name), name);
        }
        for name in ["9990000018", "Maja", "maja whitlock", "nhs9990000018", "", "_", "née"] {
            assert_eq!(field_name(name), "?");
        }
    }
}
