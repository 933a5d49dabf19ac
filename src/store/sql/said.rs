//! What is said to an engine. Nearly every statement is the same for both; where they differ it is said here how.

use sqlx::any::{Any, AnyArguments};
use sqlx::query::Query;
use sqlx::{AnyConnection, Arguments, AssertSqlSafe, Encode, Type};

/// The engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// One file, for one Kith.
    Sqlite,
    /// A server, for several.
    Postgres,
}

impl Engine {
    /// How a transaction that writes begins. SQLite takes the lock at once, so that what is read in it stays true until it ends.
    pub(super) fn begin_writing(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// How a transaction begins in which everything that is read is of one moment.
    pub(super) fn begin_reading(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        }
    }

    /// The engine behind a connection.
    pub(super) fn of(connection: &AnyConnection) -> Self {
        if connection.backend_name() == "PostgreSQL" { Self::Postgres } else { Self::Sqlite }
    }
}

/// A statement that is not the same for both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

impl Said {
    /// As the engine behind a connection is told it.
    pub(super) fn to(self, connection: &AnyConnection) -> &'static str {
        match Engine::of(connection) {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// A statement in parts, after any of which the index can be named that SQLite must use. PostgreSQL decides by itself: it knows how many
/// rows there are, where SQLite only guesses.
macro_rules! said {
    ($($part:literal $(by $index:literal)?),+ $(,)?) => {
        $crate::store::sql::said::Said {
            sqlite: concat!($($part, $(" INDEXED BY ", $index,)?)+),
            postgres: concat!($($part),+),
        }
    };
}

pub(super) use said;

/// A statement that is put together; every value is bound, only the words become SQL.
pub(super) struct Asking {
    engine: Engine,
    text: String,
    arguments: AnyArguments,
    /// What cannot be bound; it is said when the statement is built.
    fault: Option<sqlx::Error>,
}

impl Asking {
    /// Begins a statement for the engine behind a connection.
    pub(super) fn new(connection: &AnyConnection, text: &str) -> Self {
        Self {
            engine: Engine::of(connection),
            text: text.to_owned(),
            arguments: AnyArguments::default(),
            fault: None,
        }
    }

    /// Adds words.
    pub(super) fn push(&mut self, words: &str) -> &mut Self {
        self.text.push_str(words);
        self
    }

    /// Names the index that SQLite must use for the table just named.
    pub(super) fn by(&mut self, index: &'static str) -> &mut Self {
        if self.engine == Engine::Sqlite {
            self.text.push_str(" INDEXED BY ");
            self.text.push_str(index);
        }
        self
    }

    /// Adds a value.
    pub(super) fn bind<'v>(&mut self, value: impl Encode<'v, Any> + Type<Any>) -> &mut Self {
        if let Err(cause) = self.arguments.add(value) {
            self.fault.get_or_insert(sqlx::Error::Encode(cause));
        }
        self.text.push('$');
        self.text.push_str(&self.arguments.len().to_string());
        self
    }

    /// Adds a value after another, with a comma between them.
    pub(super) fn and<'v>(&mut self, value: impl Encode<'v, Any> + Type<Any>) -> &mut Self {
        self.push(", ").bind(value)
    }

    /// Adds rows in brackets, with commas between them; what a row holds is said by who knows it.
    pub(super) fn rows<R>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
        mut row: impl FnMut(&mut Self, R),
    ) -> &mut Self {
        for (place, one) in rows.into_iter().enumerate() {
            self.push(if place > 0 { ", (" } else { "(" });
            row(self, one);
            self.push(")");
        }
        self
    }

    /// Adds values in brackets, with commas; there must be one at least.
    pub(super) fn list<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) -> &mut Self {
        self.text.push('(');
        for (place, value) in values.into_iter().enumerate() {
            if place > 0 {
                self.text.push_str(", ");
            }
            self.bind(value.to_owned());
        }
        self.text.push(')');
        self
    }

    /// The statement.
    pub(super) fn build(self) -> Result<Query<'static, Any, AnyArguments>, sqlx::Error> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(sqlx::query_with(AssertSqlSafe(self.text), self.arguments)),
        }
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}
