//! The data that a provision is limited to (`data`, `dataPeriod`, `code`, `securityLabel`): read wide where it refuses, narrow where it agrees.
//!
//! <https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision.data>

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::contents::{Contents, identifier};
use super::london::span;
use super::rule::{Reader, Who, codings, list, who};
use super::weighed::Reach;
use crate::domain::{Item, ODS_SYSTEM, OdsCode};
use crate::message::{Bounds, Piece};

/// Code system of confidentiality, in which a label stands for all that is no more confidential.
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// Its levels, the lowest first.
const LEVELS: [&str; 6] = ["U", "L", "M", "N", "R", "V"];

type Coding = (String, String);

/// The data that a provision is limited to: what meets every limit that is given.
#[derive(Debug, Default, Serialize)]
pub(super) struct Limits {
    /// Any of these; empty where `data` says nothing.
    data: Vec<Data>,
    period: Option<Bounds>,
    /// Any of these; empty where `code` says nothing.
    codes: Vec<Coding>,
    /// Any of these; empty where `securityLabel` says nothing.
    labels: Vec<Coding>,
    /// A limit could not be read: a refusal may then mean anything.
    unread: bool,
}

/// Which data are meant.
#[derive(Debug, Serialize)]
enum Data {
    /// What this organisation wrote.
    By(#[serde(serialize_with = "code")] OdsCode),
    /// That resource.
    This(String),
    /// It, and what it refers to.
    Related(String),
    /// It, and what refers to it.
    Dependents(String),
}

/// What is asked about.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    /// Who wrote it, where that is known.
    pub(super) author: Option<&'a OdsCode>,
    pub(super) item: Item,
    pub(super) contents: Contents<'a>,
    /// Whether an agreement counts as having covered that of which nothing is known: it did while it held.
    pub(super) was_covered: bool,
}

/// How a limit is read: what it might mean, or what it certainly means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Wide,
    Narrow,
}

impl Limits {
    /// Reads the limits of a provision. One that cannot be read makes the Consent unusable as an agreement.
    pub(super) fn read(provision: &Value, reader: &mut Reader<'_>) -> Self {
        let mut limits = Self::default();
        for data in list(&provision["data"]) {
            match self::data(data, reader.contained) {
                Some(data) => limits.data.extend(data),
                None => limits.unread = true,
            }
        }
        for concept in list(&provision["code"]) {
            let before = limits.codes.len();
            limits.codes.extend(codings(&concept["coding"]).filter(is_coded).map(owned));
            limits.unread |= limits.codes.len() == before;
        }
        for label in list(&provision["securityLabel"]) {
            let label = codings(label).find(is_coded).map(owned);
            limits.unread |= label.is_none();
            limits.labels.extend(label);
        }
        match bounds(&provision["dataPeriod"]) {
            Ok(period) => limits.period = period,
            Err(Unread) => limits.unread = true,
        }
        reader.usable &= !limits.unread;
        limits
    }

    /// Whether what is asked about must be looked into to weigh them.
    pub(super) fn look_inside(&self) -> bool {
        let inside = |data: &Data| !matches!(data, Data::By(_));
        self.data.iter().any(inside)
            || self.period.is_some()
            || !self.codes.is_empty()
            || !self.labels.is_empty()
    }

    /// They as one text, the same for the same limits wherever they stand.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How much of this they mean, where it is known what it holds.
    pub(super) fn reach(&self, about: &About<'_>) -> Reach {
        match (self.cover(about), self.may_mean(about)) {
            (true, _) => Reach::All,
            (false, true) => Reach::Some,
            (false, false) => Reach::None,
        }
    }

    /// Might they mean this, or some of it?
    pub(super) fn may_mean(&self, about: &About<'_>) -> bool {
        self.unread || self.weigh(about, Sense::Wide)
    }

    /// Do they mean this, and all of it?
    pub(super) fn cover(&self, about: &About<'_>) -> bool {
        !self.unread && self.weigh(about, Sense::Narrow)
    }

    fn weigh(&self, about: &About<'_>, sense: Sense) -> bool {
        let names_others = self.data.iter().any(|data| !matches!(data, Data::By(_)));
        if !self.is_by(about) && !names_others {
            return false;
        }
        if !self.look_inside() {
            return true;
        }
        let wide = sense == Sense::Wide;
        let unless_known = wide || about.was_covered;
        match about.contents {
            Contents::Awaited => !wide,
            Contents::Unknown => unless_known,
            Contents::Told(weighed) => match weighed.said(&self.text(), about.item) {
                Some(reach) => reach == Reach::All || (wide && reach == Reach::Some),
                None => unless_known,
            },
            Contents::Known(all) => {
                let mut held = all.iter().filter(|piece| piece.items.contains(&about.item)).peekable();
                let mut meets = |piece: &Piece| self.meets(piece, all, about, sense);
                match held.peek() {
                    // Nothing was found of what it holds under this item, so it is as if nothing were known.
                    None => wide,
                    Some(_) if wide => held.any(&mut meets),
                    Some(_) => held.all(&mut meets),
                }
            }
        }
    }

    /// Whether `data` says nothing, or one of those whose data it names wrote it.
    fn is_by(&self, about: &About<'_>) -> bool {
        let wrote = |author: &OdsCode| about.author.is_none_or(|known| known == author);
        self.data.is_empty() || self.data.iter().any(|data| matches!(data, Data::By(author) if wrote(author)))
    }

    fn meets(&self, piece: &Piece, all: &[Piece], about: &About<'_>, sense: Sense) -> bool {
        let named = || self.data.iter().any(|data| data.means(piece, all, sense));
        let in_time = |period: Bounds| match (piece.when, sense) {
            // What is of no time may be of any.
            (None, sense) => sense == Sense::Wide,
            (Some(when), Sense::Wide) => when.overlaps(period),
            (Some(when), Sense::Narrow) => when.is_within(period),
        };
        (self.is_by(about) || named())
            && self.period.is_none_or(in_time)
            && (self.codes.is_empty() || self.codes.iter().any(|code| holds(piece, code, sense)))
            && (self.labels.is_empty() || self.labelled(piece, sense))
    }

    /// Which resources a label means. One without labels may be of any sort: a refusal reaches it, an agreement does not.
    fn labelled(&self, piece: &Piece, sense: Sense) -> bool {
        if piece.labels.is_empty() {
            return sense == Sense::Wide;
        }
        match sense {
            // What is no more confidential is meant too, and what is more so surely.
            Sense::Wide => self.labels.iter().any(|(system, code)| {
                system == CONFIDENTIALITY
                    || piece.labels.iter().any(|label| same(label, (system, code), Sense::Wide))
            }),
            Sense::Narrow => piece.labels.iter().all(|label| {
                self.labels.iter().any(|(system, code)| {
                    same(label, (system, code), Sense::Narrow) || no_more_confidential(label, (system, code))
                })
            }),
        }
    }
}

impl Data {
    fn means(&self, piece: &Piece, all: &[Piece], sense: Sense) -> bool {
        let is = |piece: &Piece, name: &str| piece.names.iter().any(|known| calls(name, known, sense));
        match self {
            Self::By(_) => false,
            Self::This(name) => is(piece, name),
            Self::Dependents(name) => {
                is(piece, name) || piece.refers.iter().any(|known| calls(name, known, sense))
            }
            Self::Related(name) => {
                let refers = |other: &Piece| other.refers.iter().any(|target| is(piece, target));
                is(piece, name) || all.iter().any(|other| is(other, name) && refers(other))
            }
        }
    }
}

/// Whether a reference means what is called so. An address below no base, such as `Observation/7`, may be that of several: it is enough to
/// refuse, not to agree. To refuse, it is enough that the ends agree.
fn calls(reference: &str, known: &str, sense: Sense) -> bool {
    let reference = reference.split("/_history/").next().unwrap_or_default();
    match sense {
        Sense::Narrow => reference == known && reference.contains([':', '|']),
        Sense::Wide => {
            let below = |long: &str, short: &str| {
                short.contains('/')
                    && !short.contains(':')
                    && long.strip_suffix(short).is_some_and(|base| base.ends_with('/'))
            };
            reference == known || below(reference, known) || below(known, reference)
        }
    }
}

/// Whether a resource holds a code. One that is given without its system is enough to refuse, not to agree.
fn holds(piece: &Piece, (system, code): &Coding, sense: Sense) -> bool {
    piece.codings.iter().any(|coding| same(coding, (system, code), sense))
}

fn same(known: &Coding, (system, code): (&str, &str), sense: Sense) -> bool {
    let open = sense == Sense::Wide && (system.is_empty() || known.0.is_empty());
    known.1 == *code && (open || (known.0 == *system && !system.is_empty()))
}

fn no_more_confidential(label: &Coding, (system, code): (&str, &str)) -> bool {
    let level = |code: &str| LEVELS.iter().position(|known| *known == code);
    label.0 == CONFIDENTIALITY
        && system == CONFIDENTIALITY
        && level(&label.1).zip(level(code)).is_some_and(|(own, limit)| own <= limit)
}

struct Unread;

/// The time of a `dataPeriod`; one that is there says at least one of its ends.
fn bounds(period: &Value) -> Result<Option<Bounds>, Unread> {
    if period.is_null() {
        return Ok(None);
    }
    let bound = |key: &str| match &period[key] {
        Value::Null => Ok(None),
        given => given.as_str().and_then(span).map(Some).ok_or(Unread),
    };
    match (bound("start")?, bound("end")?) {
        (None, None) => Err(Unread),
        (start, end) => {
            Ok(Some(Bounds { from: start.map(|span| span.from), until: end.map(|span| span.until) }))
        }
    }
}

fn code<S: Serializer>(author: &OdsCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(author.as_str())
}

fn is_coded((_, code): &(&str, &str)) -> bool {
    !code.is_empty()
}

fn owned((system, code): (&str, &str)) -> Coding {
    (system.to_owned(), code.to_owned())
}

/// Which data one `data` element means; `None` where it cannot be told. An author may have several ODS codes.
fn data(data: &Value, contained: &Value) -> Option<Vec<Data>> {
    let reference = &data["reference"];
    let meaning: fn(String) -> Data = match data["meaning"].as_str()? {
        "authoredby" => {
            let Who::Organisation(identifiers) = who(reference, contained)? else { return None };
            let codes = identifiers.iter().filter(|(system, _)| system == ODS_SYSTEM);
            let authors: Vec<Data> = codes.filter_map(|(_, code)| code.parse().ok().map(Data::By)).collect();
            return (!authors.is_empty()).then_some(authors);
        }
        "instance" => Data::This,
        "related" => Data::Related,
        "dependents" => Data::Dependents,
        _ => return None,
    };
    let address = reference["reference"].as_str().filter(|address| !address.starts_with('#'));
    let name = address.map(str::to_owned).or_else(|| identifier(&reference["identifier"]))?;
    Some(vec![meaning(name)])
}
