-- The address under which somebody's calendar reads their tasks; only its hash is known.
CREATE TABLE calendar_feed (
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES app_user (id),
  secret_hash BLOB NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX calendar_feed_secret_idx ON calendar_feed (secret_hash);
