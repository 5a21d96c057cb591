-- Boards of cards: saved pivots, figures and lists, a person's own or shown to others.
CREATE TABLE dashboard (
  id uuid PRIMARY KEY NOT NULL,
  owner_id uuid NOT NULL REFERENCES app_user (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  sharing text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX dashboard_owner_idx ON dashboard (owner_id);
CREATE INDEX dashboard_shared_idx ON dashboard (sharing, unit_id);
