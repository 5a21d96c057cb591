-- Groups that a person had customers divided into. `found` holds the centres, from which lists are filled; who is in which
-- group is kept in those lists alone.
CREATE TABLE clustering (
  id BLOB PRIMARY KEY NOT NULL,
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  asked TEXT NOT NULL,
  found TEXT,
  kept TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX clustering_owner_idx ON clustering (owner_id);
