-- What is kept of one child's birth is found when its home becomes secret.
CREATE INDEX birth_child ON birth (child);
