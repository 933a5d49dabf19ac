//! The lines in which deliveries wait: one for each child and recipient, by whichever of its numbers messages name the child.
//!
//! Whoever changes a line calls `choose_front_of` in the same transaction; who changes whose number is whose calls `form`.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::row::text;
use super::said::{Said, said};
use crate::domain::ChildKey;
use crate::store::StoreError;

pub(super) const LEAVE_FRONT: Said =
    said!("UPDATE delivery SET front = 0 WHERE recipient = $1 AND line = $2 AND front = 1");

pub(super) const TAKE_FRONT: Said = said!("UPDATE delivery SET front = 1
    WHERE seq = (SELECT seq FROM delivery" by "delivery_unsettled", "
                 WHERE recipient = $1 AND line = $2 AND state IN ('requested', 'in-progress')
                 ORDER BY seq LIMIT 1)
      AND NOT EXISTS (SELECT 1 FROM delivery" by "delivery_one_in_progress", "
                      WHERE recipient = $1 AND line = $2 AND state = 'in-progress')");

/// The line of a delivery's child: the least key among its numbers.
macro_rules! line_of_child {
    () => {
        "coalesce((SELECT min(other) FROM same_child WHERE same_child.child = delivery.child AND other < delivery.child), child)"
    };
}

pub(super) use line_of_child;

const LEAVE_FRONTS: Said =
    said!("UPDATE delivery" by "delivery_told", " SET front = 0 WHERE child = $1 AND front = 1");

const WAIT_IN_LINE: Said =
    said!("UPDATE delivery" by "delivery_told", " SET line = $2 WHERE child = $1 AND state = 'requested'");

const GO_IN_LINE: Said = said!("UPDATE delivery" by "delivery_told", " SET line = $2
    WHERE child = $1 AND state = 'in-progress'
      AND NOT EXISTS (SELECT 1 FROM delivery AS first" by "delivery_one_in_progress", "
                      WHERE first.recipient = delivery.recipient AND first.line = $2 AND first.state = 'in-progress')");

const LINES: Said = said!("SELECT DISTINCT recipient, line FROM delivery" by "delivery_told", "
    WHERE child = $1 AND state IN ('requested', 'in-progress')");

/// Marks the delivery of a line that may go next: the oldest unsettled, and none while one is in progress.
async fn choose_front(connection: &mut AnyConnection, recipient: &str, line: &str) -> Result<(), StoreError> {
    for step in [LEAVE_FRONT, TAKE_FRONT] {
        sqlx::query(step.to(connection)).bind(recipient).bind(line).execute(&mut *connection).await?;
    }
    Ok(())
}

/// What waits about a child goes into the line that is its child's now; here are its numbers, each with that line. What is under way goes there
/// too, unless something else is: then it is in a line of its own until it ends.
pub(super) async fn form(
    connection: &mut AnyConnection,
    numbers: &[(ChildKey, ChildKey)],
) -> Result<(), StoreError> {
    for (number, _) in numbers {
        sqlx::query(LEAVE_FRONTS.to(connection)).bind(number.as_str()).execute(&mut *connection).await?;
    }
    for (number, line) in numbers {
        for step in [WAIT_IN_LINE, GO_IN_LINE] {
            let moving = sqlx::query(step.to(connection)).bind(number.as_str()).bind(line.as_str());
            moving.execute(&mut *connection).await?;
        }
    }
    for (number, _) in numbers {
        let found = sqlx::query(LINES.to(connection)).bind(number.as_str()).fetch_all(&mut *connection);
        for line in &found.await? {
            choose_front_of(connection, line).await?;
        }
    }
    Ok(())
}

/// The same for the line of a row.
pub(super) async fn choose_front_of(connection: &mut AnyConnection, line: &AnyRow) -> Result<(), StoreError> {
    choose_front(connection, &text(line, "recipient")?, &text(line, "line")?).await
}
