-- Who holds what is under way, and until when: whoever does not say how it ended by then has lost it.
ALTER TABLE delivery ADD COLUMN holder TEXT;
ALTER TABLE delivery ADD COLUMN lease INTEGER;

CREATE INDEX delivery_leased ON delivery (lease) WHERE state = 'in-progress';

-- What one of several replicas does for all, such as telling people; it is another's when its time is over.
CREATE TABLE duty (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The child of an entry, as its text names it, under a name that both engines know.
ALTER TABLE journal ADD COLUMN child TEXT GENERATED ALWAYS AS (json_extract(text, '$.child')) VIRTUAL;
DROP INDEX journal_child;
CREATE INDEX journal_child ON journal (child, seq);
