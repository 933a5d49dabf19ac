-- What consents that speak of some data only said of what was told, when it was told: by a keyed hash of their limits and by item, whether they
-- mean all, some or none of it. What was told is not kept, so that it cannot be weighed again. Of what was told before this step nothing is known.
ALTER TABLE delivery ADD COLUMN weighed TEXT NOT NULL DEFAULT '{}';
ALTER TABLE answered ADD COLUMN weighed TEXT NOT NULL DEFAULT '{}';

-- Answers of which the same is said stand for each other.
DROP INDEX answered_held;
CREATE UNIQUE INDEX answered_held ON answered (child, source, asker, kind, items, weighed) WHERE recalled IS NULL;
