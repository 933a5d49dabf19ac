-- Who sent something about a child may hold more about it, and is asked when somebody reads through.
CREATE INDEX message_child ON message (child, sender);
