-- Sessions that people ended by signing out, by keyed hash: a copy of their cookie opens nothing any more. A row is of use until no
-- session can be as old.
CREATE TABLE signed_out (
    session TEXT    NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX signed_out_at ON signed_out (at);
