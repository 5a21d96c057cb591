ALTER TABLE role ADD COLUMN masks TEXT NOT NULL DEFAULT '[]';
CREATE TABLE share (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  user_id BLOB REFERENCES app_user (id),
  department_id BLOB REFERENCES department (id),
  may_edit BOOLEAN NOT NULL,
  ends_at BIGINT,
  created_by BLOB NOT NULL REFERENCES app_user (id),
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX share_party_idx ON share (party_id);
CREATE INDEX share_user_idx ON share (user_id, party_id) WHERE user_id IS NOT NULL;
CREATE INDEX share_department_idx ON share (department_id, party_id) WHERE department_id IS NOT NULL;
CREATE INDEX share_ends_idx ON share (ends_at) WHERE ends_at IS NOT NULL;
