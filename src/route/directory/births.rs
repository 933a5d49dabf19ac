//! What the directory says of the list of births that a local authority takes to its children's centres.

use serde::Deserialize;

use super::{Known, May, Partner};
use crate::domain::{PartnerId, Role};

/// How a local authority gets the list, and for which centres.
#[derive(Debug, Clone)]
pub struct BirthLists {
    /// The record kind of its entries, which has columns.
    pub form: String,
    /// The keys (age) of those who can open it.
    pub keys: Vec<String>,
    /// The centres that it takes their parts to.
    pub centres: Vec<PartnerId>,
    /// Numbers from 1 up to below this are not shown.
    pub suppress_below: u64,
    /// To what multiple others are rounded.
    pub round_to: u64,
    /// The record kinds of which what they tell of births is kept for the list; none where it is made from files alone.
    pub from: Vec<String>,
    /// For how many days that is kept.
    pub keep_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    form: String,
    keys: Vec<String>,
    centres: Vec<String>,
    #[serde(default = "eight")]
    suppress_below: u64,
    #[serde(default = "five")]
    round_to: u64,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default = "a_quarter")]
    keep_days: u32,
}

/// The last babies of a month are visited in the middle of the next, and the list is made after that.
fn a_quarter() -> u32 {
    92
}

fn eight() -> u64 {
    8
}

fn five() -> u64 {
    5
}

/// For how many days births are kept at most.
const LONGEST: u32 = 366;

impl Written {
    /// What is wrong with it by itself.
    pub(super) fn faults(&self, role: &str, known: &Known, may: &May<'_>, fault: &mut impl FnMut(String)) {
        if role != Role::LocalAuthority.name() {
            fault(format!(
                "births is for a {}, which takes the list to its centres",
                Role::LocalAuthority.name()
            ));
        }
        if !known.flat.contains(&self.form) {
            let flat = known.flat.join(", ");
            fault(format!(
                "births.form '{}' is no record kind that has columns; there are: {flat}",
                self.form
            ));
        }
        if self.keys.is_empty() {
            fault(
                "births.keys is empty; 'kith births key FILE' makes a key, and prints what stands here"
                    .to_owned(),
            );
        }
        for (place, _) in self.keys.iter().enumerate().filter(|(_, key)| !(may.seal)(key)) {
            fault(format!("births.keys: number {} is not a public key of age (age1…)", place + 1));
        }
        if self.centres.is_empty() {
            fault("births.centres is empty; name the centres that the list is for".to_owned());
        }
        if self.round_to == 0 {
            fault("births.round_to is at least 1".to_owned());
        }
        for kind in self.from.iter().filter(|kind| !known.of_births.contains(kind)) {
            let of_births = known.of_births.join(", ");
            fault(format!(
                "births.from names '{kind}', which is no record kind that says who was born, and when; there are: {of_births}"
            ));
        }
        if !(1..=LONGEST).contains(&self.keep_days) {
            fault(format!("births.keep_days is between 1 and {LONGEST}"));
        }
    }
}

impl From<Written> for BirthLists {
    fn from(written: Written) -> Self {
        Self {
            form: written.form,
            keys: written.keys,
            centres: written.centres.into_iter().map(PartnerId).collect(),
            suppress_below: written.suppress_below,
            round_to: written.round_to,
            from: written.from,
            keep_days: written.keep_days,
        }
    }
}

/// What is wrong with an authority that takes a list: it has what a parent withdraws, too.
pub(super) fn authority_fault(authority: &Partner) -> Option<String> {
    let unheard = authority.births.is_some() && authority.receiving().is_none();
    unheard.then(|| {
        "has births and receives nothing, so nobody could ask it to delete what a parent withdrew; \
         give it inbox = { form = \"recall-notice\", receives = [\"recall-notice\"] }, or an endpoint"
            .to_owned()
    })
}

/// What is wrong with a centre of a list, as a sentence about it: it must be there, be one, and be told when a parent thinks better of it.
pub(super) fn centre_fault(id: &PartnerId, centre: Option<&Partner>) -> Option<String> {
    let Some(centre) = centre else {
        return Some(format!("births.centres names '{id}', which is not in the directory"));
    };
    if centre.role != Role::ChildrensCentre {
        return Some(format!("births.centres names '{id}', which is no children's centre"));
    }
    let told = centre.receiving().is_some();
    (!told).then(|| {
        format!(
            "births.centres names '{id}', which receives nothing, so nobody could ask it to delete what a parent withdrew; \
             give it an inbox, or an endpoint"
        )
    })
}
