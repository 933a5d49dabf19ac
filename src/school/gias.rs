//! Get Information about Schools: the list of establishments (`edubasealldata….csv`) and of what took whose place
//! (`links_edubasealldata….csv`). <https://get-information-schools.service.gov.uk/Downloads>

use std::io::Read;

use super::establishment::{Establishment, Link, Openness};
use super::fault::{FileFault, RowFault};
use super::file::{Line, Row};
use super::sheet::{Cells, Sheet, code, day};
use crate::domain::SchoolUrn;

const STATUS_CODE: &str = "EstablishmentStatus (code)";
const STATUS_NAME: &str = "EstablishmentStatus (name)";

/// Every establishment, to `each`.
pub(super) fn establishments(source: impl Read, each: &mut dyn FnMut(Line) -> bool) -> Result<(), FileFault> {
    let required: &[&[&str]] = &[&["URN"], &["EstablishmentName"], &[STATUS_CODE, STATUS_NAME]];
    let mut sheet = Sheet::open(source, required)?;
    while let Some(cells) = sheet.next()? {
        let mut faults = Vec::new();
        let row = establishment(&cells, &mut faults).map(|one| Row::School(Box::new(one)));
        if !each(Line { line: cells.line, row: row.filter(|_| faults.is_empty()), faults }) {
            break;
        }
    }
    Ok(())
}

fn establishment(cells: &Cells<'_>, faults: &mut Vec<RowFault>) -> Option<Establishment> {
    cells.need(&["URN"], faults);
    let urn =
        cells.parse(&["URN"], faults, |text| text.parse::<SchoolUrn>().map_err(|error| error.to_string()));
    let name = cells.need(&["EstablishmentName"], faults);
    let openness = openness(cells, faults);
    let address = ["Street", "Locality", "Address3", "Town"];
    Some(Establishment {
        kind: cells.parse(&["TypeOfEstablishment (code)"], faults, code),
        phase: cells.parse(&["PhaseOfEducation (code)"], faults, code),
        authority: cells.parse(&["LA (code)"], faults, code),
        number: cells.parse(&["EstablishmentNumber"], faults, code),
        low_age: cells.parse(&["StatutoryLowAge"], faults, code),
        high_age: cells.parse(&["StatutoryHighAge"], faults, code),
        opened: cells.parse(&["OpenDate"], faults, day),
        closed: cells.parse(&["CloseDate"], faults, day),
        address: address.iter().filter_map(|line| cells.get(&[line])).collect(),
        postcode: cells.get(&["Postcode"]),
        urn: urn?.as_str().to_owned(),
        name: name?,
        openness: openness?,
    })
}

fn openness(cells: &Cells<'_>, faults: &mut Vec<RowFault>) -> Option<Openness> {
    if let Some(status) = cells.parse(&[STATUS_CODE], faults, code::<u8>) {
        let known =
            [(1, Openness::Open), (2, Openness::Closed), (3, Openness::ToClose), (4, Openness::ToOpen)];
        let found = known.iter().find(|(number, _)| *number == status).map(|(_, openness)| *openness);
        if found.is_none() {
            faults.push(RowFault::new(
                cells.line,
                STATUS_CODE,
                "The status is 1 to 4. Compare it with GIAS.",
            ));
        }
        return found;
    }
    let name = cells.need(&[STATUS_NAME], faults)?.to_lowercase();
    let known = [
        ("open", Openness::Open),
        ("closed", Openness::Closed),
        ("open, but proposed to close", Openness::ToClose),
        ("open but proposed to close", Openness::ToClose),
        ("proposed to open", Openness::ToOpen),
    ];
    let found = known.iter().find(|(word, _)| *word == name).map(|(_, openness)| *openness);
    if found.is_none() {
        faults.push(RowFault::new(cells.line, STATUS_NAME, "This is no status of GIAS."));
    }
    found
}

/// Every link to a successor, to `each`; links of other kinds are passed over.
pub(super) fn links(source: impl Read, each: &mut dyn FnMut(Line) -> bool) -> Result<(), FileFault> {
    let mut sheet = Sheet::open(source, &[&["URN"], &["LinkURN"], &["LinkType"]])?;
    while let Some(cells) = sheet.next()? {
        let mut faults = Vec::new();
        let is_successor =
            cells.get(&["LinkType"]).is_some_and(|kind| kind.to_lowercase().contains("successor"));
        let row = if is_successor { link(&cells, &mut faults) } else { Some(Row::Nothing) };
        if !each(Line { line: cells.line, row: row.filter(|_| faults.is_empty()), faults }) {
            break;
        }
    }
    Ok(())
}

fn link(cells: &Cells<'_>, faults: &mut Vec<RowFault>) -> Option<Row> {
    let mut urn = |name: &str| {
        cells.need(&[name], faults);
        cells.parse(&[name], faults, |text| text.parse::<SchoolUrn>().map_err(|error| error.to_string()))
    };
    let (urn, successor) = (urn("URN"), urn("LinkURN"));
    let since = cells.parse(&["LinkEstablishedDate"], faults, day);
    Some(Row::Link(Link { urn: urn?, successor: successor?, since }))
}
