-- The line that a delivery waits in: that of its child, by whichever number a message named it. It is the least of the numbers' keys.
ALTER TABLE delivery ADD COLUMN line TEXT NOT NULL DEFAULT '';

UPDATE delivery SET line = coalesce(
    (SELECT min(other) FROM same_child WHERE same_child.child = delivery.child AND other < delivery.child), child)
WHERE state IN ('requested', 'in-progress', 'failed');

DROP INDEX delivery_one_front;
DROP INDEX delivery_one_in_progress;
DROP INDEX delivery_unsettled;
CREATE INDEX delivery_unsettled ON delivery (recipient, line) WHERE state IN ('requested', 'in-progress');

-- Of a child that had two numbers before this step two deliveries may be under way: the younger is in a line of its own until it ends.
UPDATE delivery SET line = child WHERE state = 'in-progress' AND line <> child AND EXISTS (SELECT 1 FROM delivery AS other
    WHERE other.recipient = delivery.recipient AND other.line = delivery.line AND other.seq <> delivery.seq
      AND other.state IN ('requested', 'in-progress') AND other.state = 'in-progress');
-- Or two may be at the front: the younger waits, as does whatever is at the front while another is under way.
UPDATE delivery SET front = 0 WHERE front = 1 AND EXISTS (SELECT 1 FROM delivery AS other
    WHERE other.recipient = delivery.recipient AND other.line = delivery.line AND other.seq <> delivery.seq
      AND other.state IN ('requested', 'in-progress') AND (other.seq < delivery.seq OR other.state = 'in-progress'));

CREATE UNIQUE INDEX delivery_one_front ON delivery (recipient, line) WHERE front = 1;
CREATE UNIQUE INDEX delivery_one_in_progress ON delivery (recipient, line) WHERE state = 'in-progress';
