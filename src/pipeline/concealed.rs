//! Who around a child is not named to a sender: of a child whose record is restricted or sealed, whoever is around it by what only
//! Kith knows. A practice or a centre is near where the child lives, so its name would say where that is.

use uuid::Uuid;

use super::{House, Prepared, consents};
use crate::consent;
use crate::domain::{NhsNumber, PartnerId};
use crate::message::{Recipient, Relation};
use crate::problem::Problem;
use crate::store::StoredConsent;

/// What stands for such a recipient's name in everything that the sender reads.
pub const CONCEALED: &str = "A service around this child";

/// Takes the name from those to whom nothing leads that the sender said itself, in this message or in a consent.
pub(super) fn conceal(house: &House, prepared: &Prepared, around: &mut [Recipient]) -> Result<(), Problem> {
    let Prepared { mapped, file, arriving, .. } = prepared;
    if !mapped.child.hides_where() {
        return Ok(());
    }
    let given = file.consents.iter().chain(arriving.iter().map(|change| &change.consent));
    let named = named_by(house, &mapped.sender.partner, &mapped.child.nhs_number, given)?;
    for recipient in around {
        let leads = |relation: &Relation| match relation {
            Relation::InReach | Relation::Practice => true,
            Relation::School => {
                let partner = house.directory.partner(&recipient.partner);
                partner.is_some_and(|partner| prepared.named_schools.iter().any(|urn| partner.serves(urn)))
            }
            Relation::OnFile => false,
        };
        if !recipient.relations.iter().any(leads)
            && !recipient.identifiers.iter().any(|one| named.contains(one))
        {
            hide(recipient);
        }
    }
    Ok(())
}

/// Takes the name from one.
pub(super) fn hide(recipient: &mut Recipient) {
    CONCEALED.clone_into(&mut recipient.name);
    recipient.concealed = true;
}

/// The identifiers of every organisation that the consents name which a partner, or one whose part it took over, brought.
fn named_by<'c>(
    house: &House,
    author: &PartnerId,
    child: &NhsNumber,
    consents: impl Iterator<Item = &'c StoredConsent>,
) -> Result<Vec<(String, String)>, Problem> {
    let writes_as = house.directory.acts_for(author);
    let own: Vec<StoredConsent> = consents.filter(|one| writes_as.contains(&one.author)).cloned().collect();
    Ok(consent::named(&consents::of_child(house, &own, child)?, child))
}

/// The id of what goes to a recipient because of a message. Whoever sent that could work it out for each partner, and so find out to whom
/// it goes; where the recipient is concealed there is nothing to work out.
pub(super) fn delivery_id(message_id: &Uuid, name: &str, concealed: bool) -> Uuid {
    if concealed { Uuid::new_v4() } else { Uuid::new_v5(message_id, name.as_bytes()) }
}
