-- Whether its sender does not learn who is to get it: of a child whose address is restricted, the name would say where that is.
ALTER TABLE delivery ADD COLUMN concealed INTEGER NOT NULL DEFAULT 0;
