-- Opportunities come by file: which import brought them, for taking it back.
ALTER TABLE opportunity ADD COLUMN import_id uuid;
CREATE INDEX opportunity_import_idx ON opportunity (import_id) WHERE import_id IS NOT NULL;
