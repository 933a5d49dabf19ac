-- Births that local authorities' monthly lists are made from: of each message that tells of one, what the list's form carries of it, sealed.
-- Whether any of it may be known is decided whenever a list is made. A row goes when its time is over, listed or not.
CREATE TABLE birth (
    authority  TEXT    NOT NULL,
    sender     TEXT    NOT NULL,
    message_id TEXT    NOT NULL,
    child      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    month      TEXT    NOT NULL,
    record     BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (authority, child, sender, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX birth_until ON birth (until);
