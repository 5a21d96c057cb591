CREATE TABLE company (
  id BLOB PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  locale TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  settings TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE server_secret (
  name TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE code_lease (
  scope TEXT PRIMARY KEY NOT NULL,
  next_number BIGINT NOT NULL
);
CREATE TABLE unit (
  id BLOB PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT unit_code_key UNIQUE (code)
) WITHOUT ROWID;
CREATE TABLE department (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  parent_id BLOB REFERENCES department (id),
  leader_id BLOB,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX department_unit_idx ON department (unit_id);
CREATE TABLE app_user (
  id BLOB PRIMARY KEY NOT NULL,
  department_id BLOB NOT NULL REFERENCES department (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  login TEXT NOT NULL,
  email TEXT,
  phone TEXT,
  locale TEXT NOT NULL,
  password_hash TEXT,
  preferences TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT app_user_login_key UNIQUE (login)
) WITHOUT ROWID;
CREATE INDEX app_user_department_idx ON app_user (department_id);
CREATE INDEX app_user_unit_idx ON app_user (unit_id, name_key);
CREATE TABLE role (
  id BLOB PRIMARY KEY NOT NULL,
  key TEXT,
  name TEXT NOT NULL,
  built_in BOOLEAN NOT NULL,
  permissions TEXT NOT NULL,
  scopes TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT role_name_key UNIQUE (name)
);
CREATE TABLE user_role (
  user_id BLOB NOT NULL REFERENCES app_user (id),
  role_id BLOB NOT NULL REFERENCES role (id),
  PRIMARY KEY (user_id, role_id)
) WITHOUT ROWID;
CREATE INDEX user_role_role_idx ON user_role (role_id);
CREATE TABLE user_invite (
  token_hash BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  expires_at BIGINT NOT NULL
);
CREATE TABLE session (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  client TEXT NOT NULL,
  device_name TEXT,
  address TEXT,
  user_agent TEXT,
  refresh_hash BLOB NOT NULL,
  previous_hash BLOB,
  rotated_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_reason TEXT
);
CREATE INDEX session_user_idx ON session (user_id);
CREATE INDEX session_refresh_idx ON session (refresh_hash);
CREATE INDEX session_previous_idx ON session (previous_hash);
CREATE TABLE sign_in_throttle (
  key TEXT PRIMARY KEY NOT NULL,
  failures INTEGER NOT NULL,
  blocked_until BIGINT NOT NULL,
  last_failure_at BIGINT NOT NULL
);
CREATE TABLE api_key (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  permissions TEXT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT api_key_prefix_key UNIQUE (prefix)
);
CREATE INDEX api_key_user_idx ON api_key (user_id);
CREATE TABLE event (
  id BLOB PRIMARY KEY NOT NULL,
  seq BIGINT,
  at BIGINT NOT NULL,
  actor_id BLOB,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  resource_id BLOB NOT NULL,
  party_id BLOB,
  unit_id BLOB,
  owner_id BLOB,
  unit_before BLOB,
  owner_before BLOB,
  before TEXT,
  after TEXT,
  request_id TEXT,
  address TEXT
);
CREATE INDEX event_party_idx ON event (party_id, at, id);
CREATE INDEX event_resource_idx ON event (resource_id, at, id);
CREATE INDEX event_at_idx ON event (at, id);
CREATE UNIQUE INDEX event_seq_key ON event (seq);
CREATE TABLE idempotency_key (
  principal BLOB NOT NULL,
  path TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  answer TEXT,
  created_at BIGINT NOT NULL,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (principal, path, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_key_created_idx ON idempotency_key (created_at);
CREATE TABLE job (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  input TEXT NOT NULL,
  checkpoint TEXT,
  done BIGINT NOT NULL,
  total BIGINT,
  result_url TEXT,
  error TEXT,
  dedupe_key TEXT,
  lane TEXT,
  run_at BIGINT NOT NULL,
  leased_until BIGINT,
  leased_by TEXT,
  attempts INTEGER NOT NULL,
  cancel_requested BOOLEAN NOT NULL,
  created_by BLOB,
  unit_id BLOB,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  CONSTRAINT job_dedupe_key UNIQUE (dedupe_key)
);
CREATE INDEX job_due_idx ON job (status, run_at);
CREATE INDEX job_creator_idx ON job (created_by, created_at);
CREATE TABLE dictionary_entry (
  id BLOB PRIMARY KEY NOT NULL,
  dictionary TEXT NOT NULL,
  key TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL,
  position INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT dictionary_entry_key UNIQUE (dictionary, key)
);
CREATE TABLE saved_view (
  id BLOB PRIMARY KEY NOT NULL,
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  resource TEXT NOT NULL,
  name TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  pinned BOOLEAN NOT NULL,
  definition TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX saved_view_owner_idx ON saved_view (owner_id, resource);
CREATE INDEX saved_view_shared_idx ON saved_view (unit_id, resource, shared);
