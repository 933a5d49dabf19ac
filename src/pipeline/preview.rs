//! What each recipient would see of a message, if it were sent now. Nothing is kept, sent or journalled: nothing is told to anybody but
//! whoever wrote it.

use serde_json::Value;
use uuid::Uuid;

use super::release::{Release, as_delivered};
use super::{House, judge, prepare};
use crate::consent;
use crate::domain::{PartnerId, Private};
use crate::message::Received;
use crate::problem::Problem;

/// What one recipient would see.
pub struct Previewed {
    /// Who.
    pub recipient: PartnerId,
    /// Its name.
    pub name: String,
    /// The body that it would get, in the form in which it reads; `None` when it would be told nothing.
    pub body: Option<Private<Value>>,
    /// The record kind of that form; `None` for FHIR.
    pub form: Option<String>,
    /// Why.
    pub sentence: String,
}

/// Decides as for a message that is sent, and makes what would leave.
///
/// # Errors
/// What a message that is sent would be refused for.
pub async fn preview(house: &House, received: Received) -> Result<Vec<Previewed>, Problem> {
    let mut prepared = prepare(house, received).await?;
    let judged = judge(house, &mut prepared, &[])?;
    let (kind, mapped) = (&prepared.kind, &prepared.mapped);
    let mut previews = Vec::new();
    for one in judged {
        let sentence =
            one.decision.ground().map_or_else(|| one.decision.sentence(), |ground| one.decision.why(ground));
        let released = match consent::permit(mapped, kind.mapping.about, &one.decision) {
            Some(permitted) => {
                Some(as_delivered(house, kind, mapped, permitted, (Uuid::nil(), mapped.at), one.decision)?)
            }
            None => None,
        };
        let (body, form) = match released {
            Some(Some(Release::Send(outgoing))) => (Some(outgoing.body), outgoing.form),
            _ => (None, None),
        };
        previews.push(Previewed {
            recipient: one.recipient.partner,
            name: one.recipient.name,
            body,
            form,
            sentence,
        });
    }
    Ok(previews)
}
