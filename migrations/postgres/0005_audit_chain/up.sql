CREATE TABLE event_seal (
  seq bigint PRIMARY KEY NOT NULL,
  salt bytea,
  detail_hash bytea NOT NULL,
  chain_hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL
);
CREATE TABLE chain_check (
  id integer PRIMARY KEY NOT NULL,
  verified_seq bigint NOT NULL,
  round_started_at timestamptz NOT NULL,
  verified_at timestamptz NOT NULL,
  broken_seq bigint,
  broken_why text COLLATE "C"
);
