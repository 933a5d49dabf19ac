-- The key of each payload, itself sealed: without it the payload cannot be read, wherever a copy of it lies. It goes with the payload,
-- whoever removes that, or with the last copy of it in an inbox. What was accepted before this step has none.
CREATE TABLE delivery_key (
    delivery TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES delivery (id),
    key      BYTEA NOT NULL
);

CREATE FUNCTION kith_erases_with_payload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM delivery_key WHERE delivery = NEW.id AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.delivery = NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER delivery_key_goes_with_the_payload AFTER UPDATE OF payload ON delivery
FOR EACH ROW WHEN (OLD.payload IS NOT NULL AND NEW.payload IS NULL) EXECUTE FUNCTION kith_erases_with_payload();

CREATE FUNCTION kith_erases_with_inbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM delivery_key WHERE delivery = OLD.delivery
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.id = OLD.delivery AND payload IS NOT NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER delivery_key_goes_with_the_inbox AFTER DELETE ON inbox
FOR EACH ROW EXECUTE FUNCTION kith_erases_with_inbox();
