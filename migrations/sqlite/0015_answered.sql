-- What somebody was answered, who asked what another holds about a child, on a ground that a withdrawal can end: by the id of the last
-- question, as the asker's own records have it. Nothing of what was answered is kept.
CREATE TABLE answered (
    id       TEXT    NOT NULL PRIMARY KEY,
    question TEXT    NOT NULL,
    child    TEXT    NOT NULL,
    source   TEXT    NOT NULL,
    asker    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    items    TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    -- The message by which it was recalled.
    recalled TEXT
) STRICT, WITHOUT ROWID;

-- Who asks for the same again and again holds it once: the last question stands for those before it.
CREATE UNIQUE INDEX answered_held ON answered (child, source, asker, kind, items) WHERE recalled IS NULL;
