-- Families that a partner may visit in spite of a no-visit rule: they registered with it, or were referred to it.
CREATE TABLE visit (
    partner TEXT    NOT NULL,
    child   TEXT    NOT NULL,
    ground  TEXT    NOT NULL CHECK (ground IN ('registered', 'referred')),
    since   INTEGER NOT NULL,
    PRIMARY KEY (partner, child)
) STRICT, WITHOUT ROWID;
