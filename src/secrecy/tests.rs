//! Tests of the vault: what is sealed opens only as it was sealed, and names do not tell what they name.

use super::*;

const MASTER: [u8; 32] = [7; 32];

fn vault() -> Vault {
    Vault::new(&MASTER)
}

fn child(number: &str) -> NhsNumber {
    number.parse().unwrap()
}

#[test]
fn what_is_sealed_opens_in_its_context_only() {
    for plain in [&b""[..], b"a visit", &[0; 10_000]] {
        let sealed = vault().seal("delivery/1", plain).unwrap();
        assert_eq!(vault().open("delivery/1", &sealed).unwrap(), plain);
        assert_eq!(vault().open("delivery/2", &sealed), Err(SecrecyError::NotOpened));
        assert_eq!(Vault::new(&[8; 32]).open("delivery/1", &sealed), Err(SecrecyError::NotOpened));
    }
}

#[test]
fn a_change_of_any_byte_is_found() {
    let sealed = vault().seal("consent", b"a visit").unwrap();
    for at in 0..sealed.0.len() {
        let mut changed = sealed.clone();
        changed.0[at] ^= 1;
        assert!(vault().open("consent", &changed).is_err(), "byte {at}");
        assert!(vault().open("consent", &Sealed(sealed.0[..at].to_vec())).is_err(), "cut at {at}");
    }
    let longer = Sealed([sealed.0.as_slice(), &[0]].concat());
    assert_eq!(vault().open("consent", &longer), Err(SecrecyError::NotOpened));
}

#[test]
fn another_form_of_sealing_is_named_as_such() {
    let mut sealed = vault().seal("consent", b"a visit").unwrap();
    sealed.0[0] = 2;
    assert_eq!(vault().open("consent", &sealed), Err(SecrecyError::UnknownForm));
    assert_eq!(vault().open("consent", &Sealed(Vec::new())), Err(SecrecyError::UnknownForm));
}

#[test]
fn the_same_words_are_never_sealed_alike() {
    assert_ne!(vault().seal("c", b"yes").unwrap(), vault().seal("c", b"yes").unwrap());
}

#[test]
fn a_child_has_one_name_for_each_master_key() {
    let (one, other) = (child("9434765919"), child("9990000018"));
    let key = vault().child_key(&one);
    assert_eq!(key, vault().child_key(&one));
    assert_eq!(key.as_str().len(), 64);
    assert!(key.as_str().bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
    assert_ne!(key, vault().child_key(&other));
    assert_ne!(key, Vault::new(&[8; 32]).child_key(&one));
}

#[test]
fn digests_are_keyed_and_keep_context_and_bytes_apart() {
    let digest = vault().digest("body", b"a visit");
    assert_eq!(digest, vault().digest("body", b"a visit"));
    assert_ne!(digest, vault().digest("code", b"a visit"));
    assert_ne!(digest, Vault::new(&[8; 32]).digest("body", b"a visit"));
    assert_ne!(vault().digest("ab", b"c"), vault().digest("a", b"bc"));
    // The digest of an NHS number must not be the child's name: each key has one use.
    let number = child("9434765919");
    assert_ne!(vault().digest("", number.reveal().as_bytes()), vault().child_key(&number).0);
}

#[test]
fn the_vault_does_not_print_its_keys() {
    assert_eq!(format!("{:?}", vault()), "Vault(..)");
}

#[test]
fn keys_are_derived_as_hkdf_says() {
    use ring::hkdf;
    let reference = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(&MASTER);
    for purpose in [&b"sealing"[..], b"children", b"digests"] {
        let info = [purpose];
        let mut expected = [0; 32];
        reference.expand(&info, hkdf::HKDF_SHA256).unwrap().fill(&mut expected).unwrap();
        assert_eq!(derive(&MASTER, purpose), expected);
    }
}

#[test]
fn what_has_a_key_of_its_own_opens_with_it_and_with_nothing_else() {
    let parcel = vault().seal_alone("delivery/1", b"a visit").unwrap();
    assert_eq!(vault().open_alone("delivery/1", &parcel).unwrap(), b"a visit");
    assert_eq!(vault().open_alone("delivery/2", &parcel), Err(SecrecyError::NotOpened));
    assert_eq!(Vault::new(&[8; 32]).open_alone("delivery/1", &parcel), Err(SecrecyError::NotOpened));
    let other = vault().seal_alone("delivery/1", b"a visit").unwrap();
    assert_ne!(other.contents, parcel.contents);
    let exchanged = Parcel { key: other.key, ..parcel.clone() };
    assert_eq!(vault().open_alone("delivery/1", &exchanged), Err(SecrecyError::NotOpened));
    // The vault's own key is no way round.
    assert_eq!(vault().open("delivery/1", &parcel.contents), Err(SecrecyError::UnknownForm));
}

#[test]
fn without_its_key_it_is_erased_and_what_the_vault_sealed_itself_is_not() {
    let parcel = vault().seal_alone("delivery/1", b"a visit").unwrap();
    let erased = Parcel { key: None, ..parcel };
    assert_eq!(vault().open_alone("delivery/1", &erased), Err(SecrecyError::Erased));
    let before = Parcel { key: None, contents: vault().seal("delivery/1", b"a visit").unwrap() };
    assert_eq!(vault().open_alone("delivery/1", &before).unwrap(), b"a visit");
}
