-- Organisations that sell on, and what was learnt by the people who sell for them.
CREATE TABLE dealer (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  kind text COLLATE "C" NOT NULL,
  since date,
  ended_on date,
  territory text COLLATE "C",
  note text COLLATE "C",
  version bigint NOT NULL,
  created_by uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX dealer_party_key ON dealer (party_id);
CREATE TABLE training (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  course text COLLATE "C" NOT NULL,
  on_date date NOT NULL,
  passed boolean NOT NULL,
  score double precision,
  valid_until date,
  note text COLLATE "C",
  import_id uuid,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX training_party_idx ON training (party_id, on_date);
CREATE INDEX training_course_idx ON training (course, party_id);
CREATE INDEX training_import_idx ON training (import_id) WHERE import_id IS NOT NULL;
