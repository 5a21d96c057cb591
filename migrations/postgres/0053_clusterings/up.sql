-- Groups that a person had customers divided into. `found` holds the centres, from which lists are filled; who is in which
-- group is kept in those lists alone.
CREATE TABLE clustering (
  id uuid PRIMARY KEY NOT NULL,
  owner_id uuid NOT NULL REFERENCES app_user (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  asked jsonb NOT NULL,
  found jsonb,
  kept jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX clustering_owner_idx ON clustering (owner_id);
