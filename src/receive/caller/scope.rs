//! SMART v2 system scopes: which verbs a client may use on which resource type.
//!
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources>

use std::collections::BTreeSet;

/// What a client wants to do with a resource type; the letters of SMART v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// `c`: create.
    Create,
    /// `r`: read one, or one of its versions.
    Read,
    /// `u`: update or patch.
    Update,
    /// `d`: delete.
    Delete,
    /// `s`: search, or the history of a type.
    Search,
}

impl Verb {
    /// In the order in which SMART wants the letters.
    const ALL: [Self; 5] = [Self::Create, Self::Read, Self::Update, Self::Delete, Self::Search];

    /// The letter in a scope.
    pub fn letter(self) -> char {
        match self {
            Self::Create => 'c',
            Self::Read => 'r',
            Self::Update => 'u',
            Self::Delete => 'd',
            Self::Search => 's',
        }
    }
}

/// What `POST /records/{kind}` needs: `system/Bundle.c`.
///
/// SMART has no scope for a record that is not FHIR. A record is the same message as a FHIR message Bundle in another
/// form, so it needs what creating a Bundle needs; which kinds a partner may send is in its registration.
pub const RECORDS: (&str, Verb) = ("Bundle", Verb::Create);

/// The scopes of a token that Kith knows; empty means no access.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Resource type or `*`, with a verb.
    granted: BTreeSet<(String, Verb)>,
}

impl Scopes {
    /// Reads a scope claim: words between spaces (RFC 8693, section 4.2).
    ///
    /// Only `system/TYPE.LETTERS` counts, the letters in the order `cruds` as SMART v2 demands. Everything else is passed
    /// over and gives nothing: SMART v1 (`.read`, `.write`, `.*`), `patient/` and `user/`, and scopes narrowed by a
    /// search (`system/Flag.rs?status=active`), since giving them without the narrowing would give too much.
    pub fn parse(claim: &str) -> Self {
        Self { granted: claim.split(' ').filter_map(one).flatten().collect() }
    }

    /// Whether the scopes cover a verb on a resource type.
    pub fn allows(&self, resource_type: &str, verb: Verb) -> bool {
        self.granted.iter().any(|(kind, granted)| *granted == verb && (kind == "*" || kind == resource_type))
    }

    /// Whether there is no access at all.
    pub fn is_empty(&self) -> bool {
        self.granted.is_empty()
    }

    /// The `WWW-Authenticate` value of the 403 for a token without the scope that was needed (RFC 6750, section 3.1).
    pub fn challenge(resource_type: &str, verb: Verb) -> String {
        format!("Bearer error=\"insufficient_scope\", scope=\"system/{resource_type}.{}\"", verb.letter())
    }
}

fn one(scope: &str) -> Option<Vec<(String, Verb)>> {
    let (kind, letters) = scope.strip_prefix("system/")?.split_once('.')?;
    let is_type = kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.bytes().all(|b| b.is_ascii_alphabetic())
        || kind == "*";
    let verbs: Vec<Verb> = Verb::ALL.into_iter().filter(|verb| letters.contains(verb.letter())).collect();
    // Letters out of order, twice, or unknown do not come out as they went in.
    let exact = verbs.iter().map(|verb| verb.letter()).eq(letters.chars());
    (is_type && exact && !verbs.is_empty()).then(|| verbs.into_iter().map(|v| (kind.to_owned(), v)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_gives_its_verbs_on_its_type_and_no_more() {
        let scopes = Scopes::parse("system/Flag.cu openid system/*.s");
        assert!(scopes.allows("Flag", Verb::Create) && scopes.allows("Flag", Verb::Update));
        assert!(!scopes.allows("Flag", Verb::Read) && !scopes.allows("Flag", Verb::Delete));
        assert!(!scopes.allows("Bundle", Verb::Create) && !scopes.allows("FlagX", Verb::Create));
        assert!(scopes.allows("Patient", Verb::Search) && scopes.allows("Flag", Verb::Search));
        let (kind, verb) = RECORDS;
        assert!(Scopes::parse("system/Bundle.c").allows(kind, verb));
    }

    #[test]
    fn what_is_not_a_system_scope_of_the_second_version_gives_nothing() {
        for text in [
            "",
            "   ",
            "system/Flag.read",
            "system/Flag.write",
            "system/Flag.*",
            "system/*.*",
            "system/Flag.",
            "system/Flag",
            "system/Flag.uc",
            "system/Flag.cc",
            "system/Flag.cx",
            "system/Flag.C",
            "system/flag.c",
            "system/.c",
            "system/Flag.rs?status=active",
            "patient/Flag.c",
            "user/Flag.c",
            "System/Flag.c",
            "system/Flag.c,system/Bundle.c",
            "system/Flag.c\tsystem/Bundle.c",
            "openid profile",
        ] {
            assert!(Scopes::parse(text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn a_missing_scope_is_named_to_the_caller() {
        assert_eq!(
            Scopes::challenge("Flag", Verb::Create),
            "Bearer error=\"insufficient_scope\", scope=\"system/Flag.c\""
        );
    }
}
