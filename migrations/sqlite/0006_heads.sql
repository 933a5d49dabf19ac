-- Heads of the journal, signed once a day. They are never changed and never removed.
CREATE TABLE journal_head (
    count     INTEGER PRIMARY KEY,
    hash      TEXT NOT NULL,
    at        TEXT NOT NULL,
    key       TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_head_is_not_changed BEFORE UPDATE ON journal_head
BEGIN
    SELECT RAISE(ABORT, 'signed heads are append-only');
END;

CREATE TRIGGER journal_head_is_not_cut BEFORE DELETE ON journal_head
BEGIN
    SELECT RAISE(ABORT, 'signed heads are append-only');
END;
