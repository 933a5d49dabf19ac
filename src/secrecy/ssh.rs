//! Signatures of files in the form of OpenSSH, which `ssh-keygen -Y verify` checks too
//! (<https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA512, digest};

use super::sign::{Signer, is_signed};

const MAGIC: &[u8] = b"SSHSIG";
const KEY_TYPE: &str = "ssh-ed25519";
const HASH: &[u8] = b"sha512";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// Letters on a line of a signature.
const LINE: usize = 70;
/// Bytes of a signature by Ed25519.
const SIGNATURE: usize = 64;

/// A public key as OpenSSH writes it: `ssh-ed25519 AAAA…`.
pub fn ssh_key(public_key: &[u8]) -> String {
    format!("{KEY_TYPE} {}", STANDARD.encode(key_blob(public_key)))
}

/// The signature of a file for a purpose (OpenSSH calls it namespace), as the text of its `.sig` file.
pub fn ssh_signature(signer: &Signer, purpose: &str, file: &[u8]) -> String {
    let signature = signer.sign(&signed_text(purpose, file));
    let letters = STANDARD.encode(blob(&signer.public_key(), purpose, &signature));
    let mut text = format!("{BEGIN}\n");
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(END);
    text.push('\n');
    text
}

/// Whether the text of a `.sig` file is the signature of this file for this purpose by the holder of this key (`ssh-ed25519 AAAA…`, and a
/// remark after it).
pub fn is_ssh_signed(key: &str, purpose: &str, file: &[u8], signature: &str) -> bool {
    let mut words = key.split_whitespace();
    let known = words.next() == Some(KEY_TYPE);
    let key = words.next().filter(|_| known).and_then(|letters| STANDARD.decode(letters).ok());
    // The key's own bytes are what follows the name of its kind.
    let Some(public_key) =
        key.filter(|key| key.len() == key_blob(&[]).len() + 32).map(|key| key[key.len() - 32..].to_vec())
    else {
        return false;
    };
    let inner = signature.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let letters: String = inner.unwrap_or_default().split_whitespace().collect();
    let Ok(given) = STANDARD.decode(letters) else { return false };
    let Some(raw) = given.len().checked_sub(SIGNATURE).and_then(|at| given.get(at..)) else { return false };
    given == blob(&public_key, purpose, raw) && is_signed(&public_key, &signed_text(purpose, file), raw)
}

/// A text with its length before it.
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
}

fn key_blob(public_key: &[u8]) -> Vec<u8> {
    [string(KEY_TYPE.as_bytes()), string(public_key)].concat()
}

/// What is signed.
fn signed_text(purpose: &str, file: &[u8]) -> Vec<u8> {
    let hash = digest(&SHA512, file);
    [MAGIC.to_vec(), string(purpose.as_bytes()), string(b""), string(HASH), string(hash.as_ref())].concat()
}

/// The signature with all that is to be known of it.
fn blob(public_key: &[u8], purpose: &str, signature: &[u8]) -> Vec<u8> {
    let signed = [string(KEY_TYPE.as_bytes()), string(signature)].concat();
    [
        MAGIC.to_vec(),
        1_u32.to_be_bytes().to_vec(),
        string(&key_blob(public_key)),
        string(purpose.as_bytes()),
        string(b""),
        string(HASH),
        string(&signed),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_file_its_purpose_and_its_key_alone() {
        let [one, other] = [[7; 32], [8; 32]].map(|seed| Signer::new(&seed).unwrap());
        let key = ssh_key(&one.public_key());
        let signature = ssh_signature(&one, "lists@example.org", b"a list");
        assert!(is_ssh_signed(&key, "lists@example.org", b"a list", &signature));
        assert!(is_ssh_signed(&format!("{key} kith"), "lists@example.org", b"a list", &signature));
        assert!(!is_ssh_signed(&key, "lists@example.org", b"another list", &signature));
        assert!(!is_ssh_signed(&key, "mail@example.org", b"a list", &signature));
        let stranger = ssh_key(&other.public_key());
        assert!(!is_ssh_signed(&stranger, "lists@example.org", b"a list", &signature));
        for broken in ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa AAAA", "age1xyz"] {
            assert!(!is_ssh_signed(broken, "lists@example.org", b"a list", &signature), "{broken}");
        }
        for broken in ["", BEGIN, "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"] {
            assert!(!is_ssh_signed(&key, "lists@example.org", b"a list", broken), "{broken}");
        }
    }
}
