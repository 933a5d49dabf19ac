-- Births that local authorities' monthly lists are made from: of each message that tells of one, what the list's form carries of it, sealed.
-- Whether any of it may be known is decided whenever a list is made. A row goes when its time is over, listed or not.
CREATE TABLE birth (
    authority  TEXT COLLATE "C" NOT NULL,
    sender     TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL,
    child      TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    month      TEXT COLLATE "C" NOT NULL,
    record     BYTEA  NOT NULL,
    at         BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (authority, child, sender, message_id)
);

CREATE INDEX birth_until ON birth (until);
