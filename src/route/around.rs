//! Who is around this child: partners by area, practice, school, consent, and what is on file.

use super::directory::{Directory, Partner};
use crate::domain::{Demographics, PartnerId, Role};
use crate::message::{Recipient, Relation};

/// The partners that may be told something about this child, without the sender, each with how it comes to be there.
///
/// `told` were told of what now ends, and are told of the end wherever the child lives. Who took over the part of one of those, or of one on
/// file, is in its place. `named` are the identifiers that
/// consents name, as (system, value). What is on file counts only where the message
/// itself does not say: after a move the old area's partners are not around the child any more.
pub fn around(
    directory: &Directory,
    child: &Demographics,
    kind: &str,
    sender: &PartnerId,
    on_file: &[PartnerId],
    told: &[PartnerId],
    named: &[(String, String)],
) -> Vec<Recipient> {
    let wants = |partner: &&Partner| {
        let receiving = partner.receiving();
        let asked = |receives: &[String]| receives.is_empty() || receives.iter().any(|one| one == kind);
        !partner.stands_for(sender) && receiving.is_some_and(|receiving| asked(receiving.receives))
    };
    among(directory, directory.partners().filter(wants), child, on_file, told, named)
}

/// Those of these partners that may be told something about this child; for what does not come as a message.
pub fn reached<'d>(
    directory: &'d Directory,
    partners: impl Iterator<Item = &'d Partner>,
    child: &Demographics,
    on_file: &[PartnerId],
    named: &[(String, String)],
) -> Vec<Recipient> {
    among(directory, partners, child, on_file, &[], named)
}

/// How exactly a partner's areas name the place where a child lives: by how many characters of its postcode; `None` where it lies in none.
pub fn reaching(partner: &Partner, child: &Demographics) -> Option<usize> {
    let postcode = child.postcode.as_ref()?;
    partner.reach.iter().filter(|area| postcode.lies_in(area)).map(String::len).max()
}

fn among<'d>(
    directory: &'d Directory,
    partners: impl Iterator<Item = &'d Partner>,
    child: &Demographics,
    on_file: &[PartnerId],
    told: &[PartnerId],
    named: &[(String, String)],
) -> Vec<Recipient> {
    let linked = linked(directory, child);
    let mut recipients = Vec::new();
    for partner in partners {
        let told = told.iter().any(|one| partner.stands_for(one));
        let relations = relations(partner, child, linked.contains(&&partner.id), on_file, told);
        let is_named = partner.identifiers().iter().any(|identifier| named.contains(identifier));
        if !relations.is_empty() || is_named {
            recipients.push(Recipient {
                partner: partner.id.clone(),
                role: partner.role,
                name: partner.name.clone(),
                concealed: false,
                identifiers: partner.identifiers(),
                relations,
            });
        }
    }
    recipients
}

/// A partner that asks about a child, with its relations to it by what is known of the child and what is on file.
pub fn asker(
    directory: &Directory,
    partner: &Partner,
    child: &Demographics,
    on_file: &[PartnerId],
) -> Recipient {
    let linked = linked(directory, child).contains(&&partner.id);
    Recipient {
        partner: partner.id.clone(),
        role: partner.role,
        name: partner.name.clone(),
        concealed: false,
        identifiers: partner.identifiers(),
        relations: relations(partner, child, linked, on_file, false),
    }
}

fn reaches(partner: &Partner, child: &Demographics) -> bool {
    reaching(partner, child).is_some()
}

/// The partners that are around every child that another reaches.
fn linked<'d>(directory: &'d Directory, child: &Demographics) -> Vec<&'d PartnerId> {
    directory
        .partners()
        .filter(|partner| reaches(partner, child))
        .flat_map(|partner| &partner.linked)
        .collect()
}

fn relations(
    partner: &Partner,
    child: &Demographics,
    linked: bool,
    on_file: &[PartnerId],
    told: bool,
) -> Vec<Relation> {
    let mut relations = Vec::new();
    if linked || reaches(partner, child) {
        relations.push(Relation::InReach);
    }
    if child.practices.contains(&partner.ods) {
        relations.push(Relation::Practice);
    }
    if child.schools.iter().any(|urn| partner.serves(urn)) {
        relations.push(Relation::School);
    }
    let by_file = on_file.iter().any(|one| partner.stands_for(one)) && !message_says(partner, child);
    if by_file || told {
        relations.push(Relation::OnFile);
    }
    relations
}

/// Whether the message itself says who of this role is around the child, so that the file has nothing to add.
fn message_says(partner: &Partner, child: &Demographics) -> bool {
    match partner.role {
        Role::Gp => !child.practices.is_empty(),
        Role::School => !child.schools.is_empty(),
        _ => !partner.reach.is_empty() && child.postcode.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECTORY: &str = r#"
        [[partner]]
        id = "centre"
        name = "Centre"
        role = "childrens-centre"
        ods = "X1A"
        urn = "21081"
        reach = ["CV34"]
        linked = ["visitors"]
        endpoint = { url = "https://c", form = "fhir", token = { url = "https://t", client_id = "k", key_file = "k", key_id = "1", algorithm = "ES384" } }
        [[partner]]
        id = "visitors"
        succeeds = ["before"]
        name = "Visitors"
        role = "health-visitor"
        ods = "RYG"
        endpoint = { url = "https://v", form = "fhir", token = { url = "https://t", client_id = "k", key_file = "k", key_id = "1", algorithm = "ES384" } }
    "#;

    fn child(postcode: Option<&str>) -> Demographics {
        Demographics {
            nhs_number: "9434765919".parse().unwrap(),
            postcode: postcode.map(|text| text.parse().unwrap()),
            practices: vec![],
            schools: vec![],
            deceased: false,
            restricted: false,
            sealed: false,
        }
    }

    fn who(
        child: &Demographics,
        sender: &str,
        on_file: &[&str],
        named: &[(&str, &str)],
    ) -> Vec<(String, Vec<Relation>)> {
        let directory = Directory::read(
            DIRECTORY,
            &crate::route::Known::default(),
            &crate::route::May { call: &|_| true, demand: &|_| true, seal: &|_| true },
        )
        .unwrap();
        let on_file: Vec<PartnerId> = on_file.iter().map(|id| PartnerId((*id).to_owned())).collect();
        let named: Vec<(String, String)> =
            named.iter().map(|(s, v)| ((*s).to_owned(), (*v).to_owned())).collect();
        let recipients = around(&directory, child, "x", &PartnerId(sender.to_owned()), &on_file, &[], &named);
        recipients.into_iter().map(|r| (r.partner.0, r.relations)).collect()
    }

    #[test]
    fn the_area_decides_and_brings_linked_partners() {
        let expected = [
            ("centre".to_owned(), vec![Relation::InReach]),
            ("visitors".to_owned(), vec![Relation::InReach]),
        ];
        assert_eq!(who(&child(Some("CV34 4RL")), "gp", &[], &[]), expected);
        assert!(who(&child(Some("B1 1AA")), "gp", &[], &[]).is_empty());
        assert_eq!(who(&child(Some("CV34 4RL")), "visitors", &[], &[]).len(), 1, "never back to the sender");
    }

    #[test]
    fn what_is_on_file_counts_only_where_the_message_is_silent() {
        assert_eq!(who(&child(None), "gp", &["centre"], &[])[0].1, [Relation::OnFile]);
        assert!(who(&child(Some("B1 1AA")), "gp", &["centre"], &[]).is_empty(), "the child has moved");
    }

    #[test]
    fn whoever_took_over_a_partners_part_is_in_its_place() {
        assert_eq!(
            who(&child(None), "gp", &["before"], &[]),
            [("visitors".to_owned(), vec![Relation::OnFile])]
        );
        assert!(who(&child(None), "before", &["before"], &[]).is_empty(), "never back to the sender");
    }

    #[test]
    fn a_consent_may_name_a_centre_elsewhere() {
        let named = [("https://fhir.hl7.org.uk/Id/urn-school-number", "21081")];
        assert_eq!(who(&child(Some("B1 1AA")), "gp", &[], &named), [("centre".to_owned(), vec![])]);
    }
}
