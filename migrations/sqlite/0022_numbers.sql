-- Children who were known by two NHS numbers. What was said: this number is another's, by whom, when.
CREATE TABLE merged (
    child      TEXT NOT NULL,
    into_child TEXT NOT NULL,
    author     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (child, into_child)
) STRICT, WITHOUT ROWID;

-- What follows from it: every other number of the same child.
CREATE TABLE same_child (
    child TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (child, other)
) STRICT, WITHOUT ROWID;
