-- Partners to which nothing is delivered until an operator lets it go on. What is accepted for them waits.
CREATE TABLE parked (
    partner TEXT    NOT NULL PRIMARY KEY,
    since   INTEGER NOT NULL,
    note    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What an operator looks at: how much waits for whom since when, what failed, and how much went through in the last hours.
CREATE INDEX delivery_load ON delivery (recipient, state, created) WHERE state IN ('requested', 'in-progress', 'failed');
CREATE INDEX delivery_ended ON delivery (updated, state) WHERE state IN ('completed', 'failed');
