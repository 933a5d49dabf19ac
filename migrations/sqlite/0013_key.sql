-- By what a master key is known again: a digest that it alone can make. Whoever starts with another key is told so.
ALTER TABLE pulse ADD COLUMN key TEXT;
