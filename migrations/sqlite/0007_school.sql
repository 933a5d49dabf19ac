-- Schools, children by NHS number, and places: what "which school does this child attend?" is answered from. Schools are public and lie
-- open; who a child is, is sealed, and found by keyed hashes.

CREATE TABLE school (
    urn      TEXT NOT NULL PRIMARY KEY,
    laestab  TEXT,
    openness TEXT NOT NULL,
    record   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX school_laestab ON school (laestab, openness) WHERE laestab IS NOT NULL;

CREATE TABLE school_successor (
    urn       TEXT NOT NULL,
    successor TEXT NOT NULL,
    since     TEXT,
    PRIMARY KEY (urn, successor)
) STRICT, WITHOUT ROWID;

CREATE TABLE pupil (
    id       INTEGER PRIMARY KEY,
    child    TEXT NOT NULL UNIQUE,
    identity BLOB NOT NULL,
    author   TEXT NOT NULL,
    as_of    TEXT NOT NULL
) STRICT;

-- What a child is found by: keyed hashes of numbers, names, birth dates, postcodes. They are short, since there are several for each of
-- millions of children; whoever is found by one is compared as a whole.
CREATE TABLE pupil_key (
    digest TEXT    NOT NULL,
    pupil  INTEGER NOT NULL,
    PRIMARY KEY (digest, pupil)
) STRICT, WITHOUT ROWID;

CREATE INDEX pupil_key_pupil ON pupil_key (pupil);

-- A place is what one source says. `who` is the keyed hash of whom it speaks of; `child` is who that is, once it is known.
CREATE TABLE place (
    id         TEXT NOT NULL PRIMARY KEY,
    child      TEXT,
    who        TEXT NOT NULL,
    upn        TEXT,
    pupil      BLOB NOT NULL,
    attended   TEXT NOT NULL,
    start      TEXT,
    ended      TEXT,
    as_of      TEXT NOT NULL,
    source     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('matched', 'ambiguous', 'unmatched', 'move', 'dismissed')),
    rule       TEXT,
    candidates TEXT NOT NULL,
    updated    INTEGER NOT NULL,
    CHECK (child IS NOT NULL OR state NOT IN ('matched', 'move'))
) STRICT, WITHOUT ROWID;

CREATE INDEX place_child ON place (child) WHERE child IS NOT NULL;
CREATE INDEX place_attended ON place (attended) WHERE state = 'matched';
CREATE INDEX place_waiting ON place (state, source, id) WHERE state IN ('ambiguous', 'move', 'unmatched');

-- A file that is looked at before it counts.
CREATE TABLE import (
    id      TEXT    NOT NULL PRIMARY KEY,
    form    TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    begun   INTEGER NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('reading', 'ready', 'refused', 'committed', 'dropped')),
    basis   INTEGER NOT NULL,
    lines   INTEGER NOT NULL,
    faults  INTEGER NOT NULL,
    summary TEXT    NOT NULL,
    note    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE import_fault (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    import TEXT    NOT NULL,
    line   INTEGER NOT NULL,
    field  TEXT    NOT NULL,
    text   TEXT    NOT NULL
) STRICT;

CREATE INDEX import_fault_of ON import_fault (import, line);

CREATE TABLE staged_school (
    import   TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    urn      TEXT    NOT NULL,
    laestab  TEXT,
    openness TEXT    NOT NULL,
    record   TEXT    NOT NULL,
    PRIMARY KEY (import, urn)
) STRICT, WITHOUT ROWID;

CREATE TABLE staged_successor (
    import    TEXT    NOT NULL,
    line      INTEGER NOT NULL,
    urn       TEXT    NOT NULL,
    successor TEXT    NOT NULL,
    since     TEXT,
    PRIMARY KEY (import, urn, successor)
) STRICT, WITHOUT ROWID;

-- `keys` is a list of what the child is found by.
CREATE TABLE staged_pupil (
    import   TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    child    TEXT    NOT NULL,
    identity BLOB    NOT NULL,
    keys     TEXT    NOT NULL,
    author   TEXT    NOT NULL,
    as_of    TEXT    NOT NULL,
    change   TEXT    NOT NULL CHECK (change IN ('added', 'changed', 'unchanged')),
    PRIMARY KEY (import, child)
) STRICT, WITHOUT ROWID;

CREATE TABLE staged_place (
    import     TEXT    NOT NULL,
    line       INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    child      TEXT,
    who        TEXT    NOT NULL,
    upn        TEXT,
    pupil      BLOB    NOT NULL,
    attended   TEXT    NOT NULL,
    start      TEXT,
    ended      TEXT,
    as_of      TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    rule       TEXT,
    candidates TEXT    NOT NULL,
    updated    INTEGER NOT NULL,
    PRIMARY KEY (import, id, who)
) STRICT, WITHOUT ROWID;

-- Counts every change of children and places: a preview that was made before one is made again.
CREATE TABLE register (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO register (id, revision) VALUES (1, 0);
