-- The numbers of children who are known by more than one, sealed: partners that hold a child's record are asked by each of them, and a key
-- cannot be turned back into its number. What was merged before this step is written down when the same is said again.
CREATE TABLE number (
    child  TEXT PRIMARY KEY,
    number BLOB NOT NULL
) STRICT, WITHOUT ROWID;
