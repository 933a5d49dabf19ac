//! Who writes: one task, in one transaction for everything that waits for its turn at that moment, so that they share one wait for
//! the disk.
//!
//! Each piece of work has a savepoint of its own, unless it is alone: one that fails is undone alone. Nobody is answered before the transaction is on
//! disk. A caller that went away before its turn changes nothing; one that goes away later is not told what was written.

use futures_util::future::BoxFuture;
use sqlx::{AnyConnection, AnyPool, Connection};
use tokio::sync::{mpsc, oneshot};

use super::said::Engine;
use super::wait_for_turn;
use crate::store::StoreError;

/// How many may wait for their turn. Whoever comes from outside while so many wait is told to come again.
const WAITING_MAX: usize = 1024;

/// How many share a transaction: a transaction must not keep its first caller waiting for long.
const TOGETHER_MAX: usize = 128;

/// What one caller writes, in the transaction of all.
type Writing<T> = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> Done<'c, T> + Send>;
type Done<'c, T> = BoxFuture<'c, Result<T, StoreError>>;

/// The queue of those who write.
#[derive(Debug)]
pub(super) struct Group {
    turns: mpsc::Sender<Box<dyn Turn>>,
}

impl Group {
    /// Starts the task that writes; it ends when the group is dropped and everybody had a turn.
    pub(super) fn start(pool: AnyPool) -> Self {
        let (turns, queue) = mpsc::channel(WAITING_MAX);
        tokio::spawn(run(pool, queue));
        Self { turns }
    }

    /// Waits for a turn, writes, and comes back when it is on disk.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        writing: impl for<'c> FnOnce(&'c mut AnyConnection) -> Done<'c, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (turn, answer) = turn(writing);
        self.turns.send(turn).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }

    /// The same for whoever can come again later: when too many wait, it is refused at once, and nothing is written.
    pub(super) async fn offer<T: Send + 'static>(
        &self,
        writing: impl for<'c> FnOnce(&'c mut AnyConnection) -> Done<'c, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (turn, answer) = turn(writing);
        self.turns.try_send(turn).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => ended(),
        })?;
        answer.await.map_err(|_| ended())?
    }
}

/// The task does not end while there is a group; so this is a fault, and says that nobody knows what was written.
fn ended() -> StoreError {
    StoreError::Engine("the task that writes has ended".to_owned())
}

/// A piece of work, whatever it gives.
trait Turn: Send {
    /// Whether somebody still waits for it.
    fn is_wanted(&self) -> bool;

    /// Does the work; after an error it has to be undone.
    fn work<'a>(&'a mut self, connection: &'a mut AnyConnection) -> Done<'a, ()>;

    /// Gives the answer, or what kept it from the disk.
    fn end(self: Box<Self>, kept: Result<(), StoreError>);
}

struct Call<T> {
    writing: Option<Writing<T>>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

fn turn<T: Send + 'static>(
    writing: impl for<'c> FnOnce(&'c mut AnyConnection) -> Done<'c, T> + Send + 'static,
) -> (Box<dyn Turn>, Answer<T>) {
    let (answer, receiver) = oneshot::channel();
    (Box::new(Call { writing: Some(Box::new(writing)), result: None, answer }), receiver)
}

impl<T: Send + 'static> Turn for Call<T> {
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn work<'a>(&'a mut self, connection: &'a mut AnyConnection) -> Done<'a, ()> {
        Box::pin(async move {
            let writing = self.writing.take().ok_or_else(ended)?;
            let result = writing(connection).await;
            let worked = result.as_ref().map(drop).map_err(Clone::clone);
            self.result = Some(result);
            worked
        })
    }

    fn end(self: Box<Self>, kept: Result<(), StoreError>) {
        let result = match (self.result, kept) {
            // It failed by itself, and was undone: what became of the others is not its matter.
            (Some(Err(own)), _) => Err(own),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(ended()),
            (_, Err(error)) => Err(error),
        };
        // Nobody listens any more.
        let _ = self.answer.send(result);
    }
}

async fn run(pool: AnyPool, mut queue: mpsc::Receiver<Box<dyn Turn>>) {
    let mut together = Vec::with_capacity(TOGETHER_MAX);
    while queue.recv_many(&mut together, TOGETHER_MAX).await > 0 {
        together.retain(|turn| turn.is_wanted());
        if together.is_empty() {
            continue;
        }
        let kept = transaction(&pool, &mut together).await;
        for turn in together.drain(..) {
            turn.end(kept.clone());
        }
    }
}

/// One transaction for all of them. After a failure the connection is not used again: without room on the disk the engine undoes a
/// transaction by itself, and what is left of it is not known.
async fn transaction(pool: &AnyPool, together: &mut [Box<dyn Turn>]) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    let kept = one_after_the_other(&mut connection, together).await;
    if kept.is_err() {
        // It is gone either way.
        let _ = connection.close().await;
    }
    kept
}

async fn one_after_the_other(
    connection: &mut AnyConnection,
    together: &mut [Box<dyn Turn>],
) -> Result<(), StoreError> {
    let begin = Engine::of(connection).begin_writing();
    let mut transaction = connection.begin_with(begin).await?;
    wait_for_turn(&mut transaction).await?;
    if let [alone] = together {
        // Nobody else has to be spared what it did before it failed.
        return match alone.work(&mut transaction).await {
            Ok(()) => Ok(transaction.commit().await?),
            Err(error) => transaction.rollback().await.map_err(|_| error),
        };
    }
    for turn in together {
        let mut own = transaction.begin().await?;
        match turn.work(&mut own).await {
            Ok(()) => own.commit().await?,
            Err(error) => own.rollback().await.map_err(|_| error)?,
        }
    }
    Ok(transaction.commit().await?)
}
