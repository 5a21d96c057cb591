CREATE TABLE customer_pool (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  active boolean NOT NULL,
  silence_days bigint NOT NULL,
  warning_days bigint NOT NULL,
  claims_per_day bigint NOT NULL,
  most_in_hand bigint NOT NULL,
  protection_days bigint NOT NULL,
  return_days bigint NOT NULL,
  exempt_levels jsonb NOT NULL,
  contacts_hidden boolean NOT NULL,
  swept_on date,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT customer_pool_unit_key UNIQUE (unit_id)
);
CREATE TABLE pool_customer (
  party_id uuid PRIMARY KEY NOT NULL REFERENCES party (id),
  entered_at timestamptz,
  left_by uuid,
  reason text COLLATE "C",
  holder_id uuid,
  claimed_at timestamptz,
  protected_until date,
  warned_id uuid,
  warned_on date
);
CREATE INDEX pool_customer_holder_idx ON pool_customer (holder_id);
CREATE TABLE pool_move (
  id uuid PRIMARY KEY NOT NULL,
  pool_id uuid NOT NULL REFERENCES customer_pool (id),
  party_id uuid NOT NULL REFERENCES party (id),
  kind text COLLATE "C" NOT NULL,
  from_id uuid,
  to_id uuid,
  by_id uuid,
  note text COLLATE "C",
  on_day date NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX pool_move_pool_idx ON pool_move (pool_id, id);
CREATE INDEX pool_move_party_idx ON pool_move (party_id, id);
CREATE INDEX pool_move_to_idx ON pool_move (to_id, on_day);
