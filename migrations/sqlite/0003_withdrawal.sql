-- What protects a child's whole record, as partners said it: in force until the partner that said it ends it. A message that is
-- silent ends nothing.
CREATE TABLE protection (
    child  TEXT    NOT NULL,
    what   TEXT    NOT NULL CHECK (what IN ('restricted-address', 'sealed', 'deceased')),
    author TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (child, what, author)
) STRICT, WITHOUT ROWID;

-- When the recipient said that it read what it took, and the message by which what it took was recalled.
ALTER TABLE delivery ADD COLUMN acknowledged INTEGER;
ALTER TABLE delivery ADD COLUMN recalled TEXT;

CREATE INDEX delivery_held ON delivery (child) WHERE state = 'completed' AND recalled IS NULL;
CREATE INDEX delivery_waiting ON delivery (child) WHERE state = 'requested';
CREATE INDEX consent_changed ON consent (updated) WHERE current = 1;

-- What people have to settle. `owners` are partners, as a list.
CREATE TABLE matter (
    id      TEXT    NOT NULL PRIMARY KEY,
    kind    TEXT    NOT NULL,
    child   TEXT    NOT NULL,
    owners  TEXT    NOT NULL,
    note    TEXT    NOT NULL,
    open    INTEGER NOT NULL CHECK (open IN (0, 1)),
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE INDEX matter_newest ON matter (created);
