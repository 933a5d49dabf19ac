-- A sender asks for what changed since it asked last.
CREATE INDEX delivery_changed ON delivery (sender, updated);
