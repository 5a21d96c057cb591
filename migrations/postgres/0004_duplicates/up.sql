CREATE INDEX party_tax_id_idx ON party (tax_id) WHERE tax_id IS NOT NULL;
CREATE TABLE duplicate_pair (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  low_id uuid NOT NULL REFERENCES party (id),
  high_id uuid NOT NULL REFERENCES party (id),
  score bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  found_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  CONSTRAINT duplicate_pair_key UNIQUE (low_id, high_id)
);
CREATE INDEX duplicate_pair_high_idx ON duplicate_pair (high_id);
CREATE INDEX duplicate_pair_unit_idx ON duplicate_pair (unit_id, status, score, id);
CREATE INDEX duplicate_pair_score_idx ON duplicate_pair (status, score, id);
CREATE TABLE event_follower (
  name text COLLATE "C" PRIMARY KEY NOT NULL,
  seq bigint NOT NULL,
  place jsonb
);
INSERT INTO event_follower (name, seq) SELECT 'duplicates', COALESCE(MAX(seq), 0) FROM event;
CREATE TABLE party_merge (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  kept_id uuid NOT NULL REFERENCES party (id),
  gone_id uuid NOT NULL REFERENCES party (id),
  -- Where the gone one's history is read now: the kept one, or what that was merged into since.
  holder_id uuid NOT NULL REFERENCES party (id),
  merged_by uuid,
  merged_at timestamptz NOT NULL,
  undo_until timestamptz NOT NULL,
  undone_by uuid,
  undone_at timestamptz,
  record jsonb,
  version bigint NOT NULL
);
CREATE INDEX party_merge_kept_idx ON party_merge (kept_id);
CREATE INDEX party_merge_gone_idx ON party_merge (gone_id);
CREATE INDEX party_merge_holder_idx ON party_merge (holder_id);
CREATE INDEX party_merge_until_idx ON party_merge (undo_until);
CREATE TABLE party_merge_row (
  merge_id uuid NOT NULL REFERENCES party_merge (id),
  reference text COLLATE "C" NOT NULL,
  row_id uuid NOT NULL,
  PRIMARY KEY (merge_id, reference, row_id)
);
