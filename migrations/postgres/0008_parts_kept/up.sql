-- What hangs on a party and is shown with it, as JSON: a list of customers reads no other table. NULL: to be read from
-- their tables, and kept by the background.
ALTER TABLE party ADD COLUMN parts TEXT;
CREATE INDEX party_unkept_idx ON party (id) WHERE parts IS NULL;
