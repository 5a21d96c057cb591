-- A party that waits for its qualification has no code yet.
ALTER TABLE party ALTER COLUMN code DROP NOT NULL;
ALTER TABLE party ADD COLUMN qualification text COLLATE "C";
CREATE TABLE qualification_template (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  required boolean NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX qualification_template_unit_idx ON qualification_template (unit_id);
CREATE TABLE qualification (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  template_id uuid NOT NULL REFERENCES qualification_template (id),
  definition jsonb NOT NULL,
  status text COLLATE "C" NOT NULL,
  answers jsonb NOT NULL,
  rounds jsonb NOT NULL,
  stage bigint NOT NULL,
  started_by uuid NOT NULL REFERENCES app_user (id),
  started_at timestamptz NOT NULL,
  proposed_at timestamptz,
  decided_at timestamptz,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX qualification_party_idx ON qualification (party_id, id);
CREATE INDEX qualification_status_idx ON qualification (status, proposed_at, id);
CREATE INDEX qualification_template_idx ON qualification (template_id);
