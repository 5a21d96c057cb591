-- Organisations that sell on, and what was learnt by the people who sell for them.
CREATE TABLE dealer (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  kind TEXT NOT NULL,
  since TEXT,
  ended_on TEXT,
  territory TEXT,
  note TEXT,
  version BIGINT NOT NULL,
  created_by BLOB REFERENCES app_user (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX dealer_party_key ON dealer (party_id);
CREATE TABLE training (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  course TEXT NOT NULL,
  on_date TEXT NOT NULL,
  passed BOOLEAN NOT NULL,
  score DOUBLE,
  valid_until TEXT,
  note TEXT,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX training_party_idx ON training (party_id, on_date);
CREATE INDEX training_course_idx ON training (course, party_id);
CREATE INDEX training_import_idx ON training (import_id) WHERE import_id IS NOT NULL;
