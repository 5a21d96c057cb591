CREATE TABLE second_factor (
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES app_user (id),
  secret BLOB NOT NULL,
  confirmed_at BIGINT,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE recovery_code (
  user_id BLOB NOT NULL REFERENCES app_user (id),
  code_hash BLOB NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (user_id, code_hash)
) WITHOUT ROWID;
