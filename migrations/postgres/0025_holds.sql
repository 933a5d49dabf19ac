-- Of the items that a delivery tells, those that its recipient holds, or may hold because an attempt ended in the dark: what was taken and
-- not recalled. One message may be recalled in parts.
ALTER TABLE delivery ADD COLUMN holds TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- What was taken before, and what may have been taken by an attempt of which nobody heard again.
UPDATE delivery SET holds = items
WHERE recalled IS NULL AND items <> '[]'
  AND (state = 'completed' OR (state IN ('requested', 'in-progress') AND attempts > 0));
