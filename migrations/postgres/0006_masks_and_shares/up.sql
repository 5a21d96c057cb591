ALTER TABLE role ADD COLUMN masks jsonb NOT NULL DEFAULT '[]';
CREATE TABLE share (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  user_id uuid REFERENCES app_user (id),
  department_id uuid REFERENCES department (id),
  may_edit boolean NOT NULL,
  ends_at timestamptz,
  created_by uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX share_party_idx ON share (party_id);
CREATE INDEX share_user_idx ON share (user_id, party_id) WHERE user_id IS NOT NULL;
CREATE INDEX share_department_idx ON share (department_id, party_id) WHERE department_id IS NOT NULL;
CREATE INDEX share_ends_idx ON share (ends_at) WHERE ends_at IS NOT NULL;
