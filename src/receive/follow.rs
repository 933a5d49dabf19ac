//! What a door does after a child's consents changed, before it answers: nothing that waits leaves on them any more.

use uuid::Uuid;

use super::access::Door;
use crate::clock;
use crate::domain::{NhsNumber, PartnerId};
use crate::pipeline;

/// Takes back, recalls and opens matters; `message` brought the change. What fails is logged and caught up with: the change itself is on file.
pub(super) async fn up(door: &Door, child: &NhsNumber, by: &PartnerId, message: Option<Uuid>) {
    match pipeline::after_a_change(&door.house, child, (by, message), clock::now()).await {
        Ok(recipients) => (door.wake)(&recipients),
        Err(problem) => {
            tracing::error!(cause = %problem, "what follows from a changed consent could not be done; it is caught up with");
        }
    }
}
