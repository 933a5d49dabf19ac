-- Sessions that people ended by signing out, by keyed hash: a copy of their cookie opens nothing any more. A row is of use until no
-- session can be as old.
CREATE TABLE signed_out (
    session TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL
);

CREATE INDEX signed_out_at ON signed_out (at);
