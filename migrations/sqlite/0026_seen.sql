-- Whether somebody read what lies in an inbox, or took it out: when it is recalled, people have to be asked to delete it. What lay there before
-- this step may have been read.
ALTER TABLE inbox ADD COLUMN seen INTEGER NOT NULL DEFAULT 1;
