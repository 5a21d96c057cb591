CREATE TABLE event_seal (
  seq BIGINT PRIMARY KEY NOT NULL,
  salt BLOB,
  detail_hash BLOB NOT NULL,
  chain_hash BLOB NOT NULL,
  sealed_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE chain_check (
  id INTEGER PRIMARY KEY NOT NULL,
  verified_seq BIGINT NOT NULL,
  round_started_at BIGINT NOT NULL,
  verified_at BIGINT NOT NULL,
  broken_seq BIGINT,
  broken_why TEXT
);
