-- The address under which somebody's calendar reads their tasks; only its hash is known.
CREATE TABLE calendar_feed (
  user_id uuid PRIMARY KEY NOT NULL REFERENCES app_user (id),
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE UNIQUE INDEX calendar_feed_secret_idx ON calendar_feed (secret_hash);
