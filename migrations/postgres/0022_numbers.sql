-- Children who were known by two NHS numbers. What was said: this number is another's, by whom, when.
CREATE TABLE merged (
    child      TEXT COLLATE "C" NOT NULL,
    into_child TEXT COLLATE "C" NOT NULL,
    author     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (child, into_child)
);

-- What follows from it: every other number of the same child.
CREATE TABLE same_child (
    child TEXT COLLATE "C" NOT NULL,
    other TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (child, other)
);
