-- Boards of cards: saved pivots, figures and lists, a person's own or shown to others.
CREATE TABLE dashboard (
  id BLOB PRIMARY KEY NOT NULL,
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  sharing TEXT NOT NULL,
  definition TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX dashboard_owner_idx ON dashboard (owner_id);
CREATE INDEX dashboard_shared_idx ON dashboard (sharing, unit_id);
