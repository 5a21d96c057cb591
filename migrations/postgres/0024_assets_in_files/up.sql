ALTER TABLE asset ADD COLUMN import_id uuid;
-- Where it is written that somebody is not to be contacted.
ALTER TABLE suppression ADD COLUMN proof text COLLATE "C";
