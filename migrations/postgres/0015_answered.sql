-- What somebody was answered, who asked what another holds about a child, on a ground that a withdrawal can end: by the id of the last
-- question, as the asker's own records have it. Nothing of what was answered is kept.
CREATE TABLE answered (
    id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    question TEXT COLLATE "C" NOT NULL,
    child    TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    asker    TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    items    TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    -- The message by which it was recalled.
    recalled TEXT COLLATE "C"
);

-- Who asks for the same again and again holds it once: the last question stands for those before it.
CREATE UNIQUE INDEX answered_held ON answered (child, source, asker, kind, items) WHERE recalled IS NULL;
