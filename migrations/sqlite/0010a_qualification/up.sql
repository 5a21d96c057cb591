-- A party that waits for its qualification has no code yet.
ALTER TABLE party ALTER COLUMN code DROP NOT NULL;
ALTER TABLE party ADD COLUMN qualification TEXT;
CREATE TABLE qualification_template (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB REFERENCES unit (id),
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  required BOOLEAN NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX qualification_template_unit_idx ON qualification_template (unit_id);
CREATE TABLE qualification (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  template_id BLOB NOT NULL REFERENCES qualification_template (id),
  definition TEXT NOT NULL,
  status TEXT NOT NULL,
  answers TEXT NOT NULL,
  rounds TEXT NOT NULL,
  stage BIGINT NOT NULL,
  started_by BLOB NOT NULL REFERENCES app_user (id),
  started_at BIGINT NOT NULL,
  proposed_at BIGINT,
  decided_at BIGINT,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX qualification_party_idx ON qualification (party_id, id);
CREATE INDEX qualification_status_idx ON qualification (status, proposed_at, id);
CREATE INDEX qualification_template_idx ON qualification (template_id);
