CREATE TABLE customer_pool (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  silence_days BIGINT NOT NULL,
  warning_days BIGINT NOT NULL,
  claims_per_day BIGINT NOT NULL,
  most_in_hand BIGINT NOT NULL,
  protection_days BIGINT NOT NULL,
  return_days BIGINT NOT NULL,
  exempt_levels TEXT NOT NULL,
  contacts_hidden BOOLEAN NOT NULL,
  swept_on TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT customer_pool_unit_key UNIQUE (unit_id)
) WITHOUT ROWID;
CREATE TABLE pool_customer (
  party_id BLOB PRIMARY KEY NOT NULL REFERENCES party (id),
  entered_at BIGINT,
  left_by BLOB,
  reason TEXT,
  holder_id BLOB,
  claimed_at BIGINT,
  protected_until TEXT,
  warned_id BLOB,
  warned_on TEXT
) WITHOUT ROWID;
CREATE INDEX pool_customer_holder_idx ON pool_customer (holder_id);
CREATE TABLE pool_move (
  id BLOB PRIMARY KEY NOT NULL,
  pool_id BLOB NOT NULL REFERENCES customer_pool (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  kind TEXT NOT NULL,
  from_id BLOB,
  to_id BLOB,
  by_id BLOB,
  note TEXT,
  on_day TEXT NOT NULL,
  at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX pool_move_pool_idx ON pool_move (pool_id, id);
CREATE INDEX pool_move_party_idx ON pool_move (party_id, id);
CREATE INDEX pool_move_to_idx ON pool_move (to_id, on_day);
