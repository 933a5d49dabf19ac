//! The plain text in JSON strings: what needs no escape.

/// How many bytes at the beginning are neither quote nor backslash nor control character. Looks at eight at a time.
pub(super) fn plain(text: &[u8]) -> usize {
    let (eights, rest) = text.as_chunks();
    for (nth, eight) in eights.iter().enumerate() {
        let found = special(u64::from_le_bytes(*eight));
        if found != 0 {
            return nth * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    eights.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES * 0x80;

/// The top bit of the first byte that is not plain; the bits of those behind it may be wrong.
fn special(eight: u64) -> u64 {
    let less = |bytes: u64, than: u8| bytes.wrapping_sub(ONES * u64::from(than)) & !bytes & TOPS;
    let equal = |byte: u8| less(eight ^ (ONES * u64::from(byte)), 1);
    less(eight, b' ') | equal(b'"') | equal(b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_place_is_plain_or_not() {
        for byte in 0..=u8::MAX {
            let is_plain = byte >= b' ' && byte != b'"' && byte != b'\\';
            for (before, behind) in [(b'a', b'a'), (0xff, 0x80), (b'!', 0x1f), (b'#', b'"'), (b'[', 0)] {
                for at in 0..19 {
                    let mut text = [behind; 19];
                    text[..at].fill(before);
                    text[at] = byte;
                    let end = if is_plain { plain(&text[at + 1..]) + at + 1 } else { at };
                    assert_eq!(plain(&text), end, "{byte:#x} at {at} between {before:#x} and {behind:#x}");
                }
            }
        }
    }
}
