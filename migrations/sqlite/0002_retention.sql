-- What is kept for a time only is found by its age: the content of dead letters, and the words of first answers.
-- An answer's words are gone when its body is empty; its hash and status stay, so that the message is still known.
CREATE INDEX delivery_dead ON delivery (updated) WHERE state = 'failed' AND payload IS NOT NULL;
CREATE INDEX message_answered ON message (accepted) WHERE length(body) > 0;
