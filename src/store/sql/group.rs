//! Who writes: one task, in one transaction for everything that waits for its turn at that moment, so that they share one wait for
//! the disk.
//!
//! Nearly always all of it succeeds; when a piece of work fails, everything is undone and done once more with a savepoint for each, so that
//! what fails is undone alone. Nobody is answered before the transaction is on disk. A caller that went away before its turn changes nothing; one that goes away later is not told what was written.

use futures_util::future::BoxFuture;
use sqlx::any::Any;
use sqlx::{AnyConnection, AnyPool, Connection, Transaction};
use tokio::sync::{mpsc, oneshot};

use super::journal::End;
use super::said::Engine;
use super::wait_for_turn;
use crate::store::StoreError;

/// How many may wait for their turn. Whoever comes from outside while so many wait is told to come again.
const WAITING_MAX: usize = 1024;

/// How many share a transaction: a transaction must not keep its first caller waiting for long.
const TOGETHER_MAX: usize = 128;

/// What one caller writes, in the transaction of all; it may be asked to once more.
type Writing<T> = Box<dyn for<'c> Fn(&'c mut AnyConnection, &'c mut End) -> Done<'c, T> + Send + Sync>;
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
        writing: impl for<'c> Fn(&'c mut AnyConnection, &'c mut End) -> Done<'c, T> + Send + Sync + 'static,
    ) -> Result<T, StoreError> {
        let (turn, answer) = turn(writing);
        self.turns.send(turn).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }

    /// The same for whoever can come again later: when too many wait, it is refused at once, and nothing is written.
    pub(super) async fn offer<T: Send + 'static>(
        &self,
        writing: impl for<'c> Fn(&'c mut AnyConnection, &'c mut End) -> Done<'c, T> + Send + Sync + 'static,
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
    fn work<'a>(&'a mut self, connection: &'a mut AnyConnection, end: &'a mut End) -> Done<'a, ()>;

    /// Gives the answer, or what kept it from the disk.
    fn end(self: Box<Self>, kept: Result<(), StoreError>);
}

struct Call<T> {
    writing: Writing<T>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

fn turn<T: Send + 'static>(
    writing: impl for<'c> Fn(&'c mut AnyConnection, &'c mut End) -> Done<'c, T> + Send + Sync + 'static,
) -> (Box<dyn Turn>, Answer<T>) {
    let (answer, receiver) = oneshot::channel();
    (Box::new(Call { writing: Box::new(writing), result: None, answer }), receiver)
}

impl<T: Send + 'static> Turn for Call<T> {
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn work<'a>(&'a mut self, connection: &'a mut AnyConnection, end: &'a mut End) -> Done<'a, ()> {
        Box::pin(async move {
            let result = (self.writing)(connection, end).await;
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
    let kept = match at_once(&mut connection, together).await {
        // Alone it has its answer; among others it must not be why they fail.
        Ok(false) if together.len() > 1 => each_by_itself(&mut connection, together).await,
        other => other.map(drop),
    };
    if kept.is_err() {
        // It is gone either way.
        let _ = connection.close().await;
    }
    kept
}

async fn begin(connection: &mut AnyConnection) -> Result<Transaction<'_, Any>, StoreError> {
    let statement = Engine::of(connection).begin_writing();
    let mut transaction = connection.begin_with(statement).await?;
    wait_for_turn(&mut transaction).await?;
    Ok(transaction)
}

/// Does all of it; answers false when one failed, and then nothing was done.
async fn at_once(connection: &mut AnyConnection, together: &mut [Box<dyn Turn>]) -> Result<bool, StoreError> {
    let (mut transaction, mut end) = (begin(connection).await?, End::default());
    for turn in together {
        if let Err(error) = turn.work(&mut transaction, &mut end).await {
            transaction.rollback().await.map_err(|_| error)?;
            return Ok(false);
        }
    }
    transaction.commit().await?;
    Ok(true)
}

/// Does what succeeds, and undoes what fails.
async fn each_by_itself(
    connection: &mut AnyConnection,
    together: &mut [Box<dyn Turn>],
) -> Result<(), StoreError> {
    let (mut transaction, mut end) = (begin(connection).await?, End::default());
    for turn in together {
        let before = end.clone();
        let mut own = transaction.begin().await?;
        match turn.work(&mut own, &mut end).await {
            Ok(()) => own.commit().await?,
            Err(error) => {
                own.rollback().await.map_err(|_| error)?;
                end = before;
            }
        }
    }
    Ok(transaction.commit().await?)
}
