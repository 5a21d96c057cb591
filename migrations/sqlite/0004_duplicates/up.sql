CREATE INDEX party_tax_id_idx ON party (tax_id) WHERE tax_id IS NOT NULL;
CREATE TABLE duplicate_pair (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  low_id BLOB NOT NULL REFERENCES party (id),
  high_id BLOB NOT NULL REFERENCES party (id),
  score BIGINT NOT NULL,
  status TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  decided_by BLOB,
  decided_at BIGINT,
  CONSTRAINT duplicate_pair_key UNIQUE (low_id, high_id)
) WITHOUT ROWID;
CREATE INDEX duplicate_pair_high_idx ON duplicate_pair (high_id);
CREATE INDEX duplicate_pair_unit_idx ON duplicate_pair (unit_id, status, score, id);
CREATE INDEX duplicate_pair_score_idx ON duplicate_pair (status, score, id);
CREATE TABLE event_follower (
  name TEXT PRIMARY KEY NOT NULL,
  seq BIGINT NOT NULL,
  place TEXT
);
INSERT INTO event_follower (name, seq) SELECT 'duplicates', COALESCE(MAX(seq), 0) FROM event;
CREATE TABLE party_merge (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  kept_id BLOB NOT NULL REFERENCES party (id),
  gone_id BLOB NOT NULL REFERENCES party (id),
  -- Where the gone one's history is read now: the kept one, or what that was merged into since.
  holder_id BLOB NOT NULL REFERENCES party (id),
  merged_by BLOB,
  merged_at BIGINT NOT NULL,
  undo_until BIGINT NOT NULL,
  undone_by BLOB,
  undone_at BIGINT,
  record TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX party_merge_kept_idx ON party_merge (kept_id);
CREATE INDEX party_merge_gone_idx ON party_merge (gone_id);
CREATE INDEX party_merge_holder_idx ON party_merge (holder_id);
CREATE INDEX party_merge_until_idx ON party_merge (undo_until);
CREATE TABLE party_merge_row (
  merge_id BLOB NOT NULL REFERENCES party_merge (id),
  reference TEXT NOT NULL,
  row_id BLOB NOT NULL,
  PRIMARY KEY (merge_id, reference, row_id)
) WITHOUT ROWID;
