-- What one Kith keeps. Times are microseconds since 1970 in UTC, ids are UUIDs as text, lists are JSON text.
-- A child is named by its key only; whatever says something about a child is sealed before it comes here.

-- One row for each accepted message, so that the same message again gets the same answer.
CREATE TABLE message (
    sender     TEXT    NOT NULL,
    message_id TEXT    NOT NULL,
    child      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    accepted   INTEGER NOT NULL,
    body_hash  TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    headers    TEXT    NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (sender, message_id)
) STRICT;

-- The outbox, and the receipts after it. `seq` is the order of acceptance, which no clock can disturb.
-- `front` marks the one delivery that may go next to its recipient about its child: the oldest unsettled one, while
-- none of them is in progress. It is kept so that a claim need not look at what waits behind others.
CREATE TABLE delivery (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    message_id TEXT    NOT NULL,
    sender     TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    child      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    state      TEXT    NOT NULL
        CHECK (state IN ('requested', 'in-progress', 'completed', 'failed', 'rejected', 'cancelled')),
    payload    BLOB,
    note       TEXT    NOT NULL,
    items      TEXT    NOT NULL,
    ground     TEXT,
    attempts   INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    front      INTEGER NOT NULL DEFAULT 0 CHECK (front = 0 OR (front = 1 AND state = 'requested')),
    -- Nothing is kept that can no longer be sent.
    CHECK (payload IS NULL OR state IN ('requested', 'in-progress', 'failed')),
    FOREIGN KEY (sender, message_id) REFERENCES message (sender, message_id)
) STRICT;

-- The rules of order, held by the engine whatever the code does: one at the front, one in progress.
CREATE UNIQUE INDEX delivery_one_front ON delivery (recipient, child) WHERE front = 1;
CREATE UNIQUE INDEX delivery_one_in_progress ON delivery (recipient, child) WHERE state = 'in-progress';

CREATE INDEX delivery_due ON delivery (recipient, due) WHERE front = 1;
CREATE INDEX delivery_unsettled ON delivery (recipient, child) WHERE state IN ('requested', 'in-progress');
CREATE INDEX delivery_message ON delivery (message_id, sender);
CREATE INDEX delivery_sender ON delivery (sender);
CREATE INDEX delivery_recipient ON delivery (recipient);
CREATE INDEX delivery_told ON delivery (child, kind);

-- Every version of every consent; `current` marks the last one.
CREATE TABLE consent (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version >= 1),
    child    TEXT    NOT NULL,
    author   TEXT    NOT NULL,
    status   TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    resource BLOB    NOT NULL,
    updated  INTEGER NOT NULL,
    current  INTEGER NOT NULL CHECK (current IN (0, 1)),
    UNIQUE (id, version)
) STRICT;

CREATE UNIQUE INDEX consent_current ON consent (id) WHERE current = 1;
CREATE UNIQUE INDEX consent_one_active ON consent (child, scope) WHERE current = 1 AND status = 'active';
CREATE INDEX consent_of_child ON consent (child) WHERE current = 1;

CREATE TRIGGER consent_version_stays
BEFORE UPDATE OF seq, id, version, child, author, status, scope, resource, updated ON consent
BEGIN
    SELECT RAISE(ABORT, 'a version of a consent is never changed; add another');
END;

-- What is known of a flag so that it can be ended, in its current version.
CREATE TABLE flag (
    id      TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    child   TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    status  TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- Who is around a child.
CREATE TABLE circle (
    child    TEXT    NOT NULL,
    partner  TEXT    NOT NULL,
    relation TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (child, partner, relation)
) STRICT, WITHOUT ROWID;

-- The journal: numbered from 1 without a gap, each entry chained to the one before, never changed, never removed.
CREATE TABLE journal (
    seq  INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- Also keeps INSERT OR REPLACE out, which would remove a row without the trigger above.
CREATE TRIGGER journal_has_no_gap BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- One row, written to find out whether the store can be written.
CREATE TABLE pulse (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    beats INTEGER NOT NULL
) STRICT;

INSERT INTO pulse (id, beats) VALUES (1, 0);
