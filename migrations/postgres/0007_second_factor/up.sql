CREATE TABLE second_factor (
  user_id uuid PRIMARY KEY NOT NULL REFERENCES app_user (id),
  secret bytea NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE recovery_code (
  user_id uuid NOT NULL REFERENCES app_user (id),
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);
