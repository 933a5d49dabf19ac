-- How often people were told that nobody has said that they read a message, when last, and what its sender is told about that.
ALTER TABLE delivery ADD COLUMN alerts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN alerted INTEGER;
ALTER TABLE delivery ADD COLUMN alert_note TEXT;

-- When it was settled for good: `updated` goes on with what happens to its receipt.
ALTER TABLE delivery ADD COLUMN settled INTEGER;
UPDATE delivery SET settled = updated WHERE state IN ('completed', 'failed', 'rejected', 'cancelled');

CREATE INDEX delivery_unread ON delivery (kind, created)
    WHERE acknowledged IS NULL AND recalled IS NULL AND state IN ('requested', 'in-progress', 'completed', 'failed');

DROP INDEX delivery_ended;
CREATE INDEX delivery_ended ON delivery (settled, state) WHERE state IN ('completed', 'failed');
