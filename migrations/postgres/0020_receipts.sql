-- Receipts in one state are found however many others a partner has, newest first: within one partner and state, rows are in the order of
-- `seq`. What only repeated another index goes: it cost every message its pages.
DROP INDEX delivery_sender;
CREATE INDEX delivery_sent ON delivery (sender, state, seq);

DROP INDEX delivery_recipient;
DROP INDEX delivery_load;
CREATE INDEX delivery_load ON delivery (recipient, state, seq) WHERE state IN ('requested', 'in-progress', 'failed');
CREATE INDEX delivery_taken ON delivery (recipient, state, seq) WHERE state IN ('completed', 'rejected', 'cancelled');

-- What an operator looks for among everybody's.
CREATE INDEX delivery_seldom ON delivery (state, seq) WHERE state IN ('failed', 'rejected', 'cancelled');

-- Of one child there are few rows; `delivery_told` finds them.
DROP INDEX delivery_held;
DROP INDEX delivery_waiting;
