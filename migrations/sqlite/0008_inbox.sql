-- What recipients without a system of their own took: the parcel as it was sealed in the outbox, so that it is decided again whenever
-- somebody reads it.
CREATE TABLE inbox (
    delivery TEXT    NOT NULL PRIMARY KEY REFERENCES delivery (id),
    partner  TEXT    NOT NULL,
    parcel   BLOB    NOT NULL,
    received INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_of ON inbox (partner, received);
