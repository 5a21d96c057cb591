CREATE TABLE company (
  id uuid PRIMARY KEY NOT NULL,
  name text COLLATE "C" NOT NULL,
  locale text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  settings jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE server_secret (
  name text COLLATE "C" PRIMARY KEY NOT NULL,
  value bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE code_lease (
  scope text COLLATE "C" PRIMARY KEY NOT NULL,
  next_number bigint NOT NULL
);
CREATE TABLE unit (
  id uuid PRIMARY KEY NOT NULL,
  name text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT unit_code_key UNIQUE (code)
);
CREATE TABLE department (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  parent_id uuid REFERENCES department (id),
  leader_id uuid,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX department_unit_idx ON department (unit_id);
CREATE TABLE app_user (
  id uuid PRIMARY KEY NOT NULL,
  department_id uuid NOT NULL REFERENCES department (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  login text COLLATE "C" NOT NULL,
  email text COLLATE "C",
  phone text COLLATE "C",
  locale text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C",
  preferences jsonb NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT app_user_login_key UNIQUE (login)
);
CREATE INDEX app_user_department_idx ON app_user (department_id);
CREATE INDEX app_user_unit_idx ON app_user (unit_id, name_key);
CREATE TABLE role (
  id uuid PRIMARY KEY NOT NULL,
  key text COLLATE "C",
  name text COLLATE "C" NOT NULL,
  built_in boolean NOT NULL,
  permissions jsonb NOT NULL,
  scopes jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT role_name_key UNIQUE (name)
);
CREATE TABLE user_role (
  user_id uuid NOT NULL REFERENCES app_user (id),
  role_id uuid NOT NULL REFERENCES role (id),
  PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_role_role_idx ON user_role (role_id);
CREATE TABLE user_invite (
  token_hash bytea PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  expires_at timestamptz NOT NULL
);
CREATE TABLE session (
  id uuid PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  client text COLLATE "C" NOT NULL,
  device_name text COLLATE "C",
  address text COLLATE "C",
  user_agent text COLLATE "C",
  refresh_hash bytea NOT NULL,
  previous_hash bytea,
  rotated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text COLLATE "C"
);
CREATE INDEX session_user_idx ON session (user_id);
CREATE INDEX session_refresh_idx ON session (refresh_hash);
CREATE INDEX session_previous_idx ON session (previous_hash);
CREATE TABLE sign_in_throttle (
  key text COLLATE "C" PRIMARY KEY NOT NULL,
  failures integer NOT NULL,
  blocked_until timestamptz NOT NULL,
  last_failure_at timestamptz NOT NULL
);
CREATE TABLE api_key (
  id uuid PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  name text COLLATE "C" NOT NULL,
  prefix text COLLATE "C" NOT NULL,
  secret_hash bytea NOT NULL,
  permissions jsonb NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT api_key_prefix_key UNIQUE (prefix)
);
CREATE INDEX api_key_user_idx ON api_key (user_id);
CREATE TABLE event (
  id uuid PRIMARY KEY NOT NULL,
  seq bigint,
  at timestamptz NOT NULL,
  actor_id uuid,
  action text COLLATE "C" NOT NULL,
  resource text COLLATE "C" NOT NULL,
  resource_id uuid NOT NULL,
  party_id uuid,
  unit_id uuid,
  owner_id uuid,
  unit_before uuid,
  owner_before uuid,
  before jsonb,
  after jsonb,
  request_id text COLLATE "C",
  address text COLLATE "C"
);
CREATE INDEX event_party_idx ON event (party_id, at, id);
CREATE INDEX event_resource_idx ON event (resource_id, at, id);
CREATE INDEX event_at_idx ON event (at, id);
CREATE UNIQUE INDEX event_seq_key ON event (seq);
CREATE TABLE idempotency_key (
  principal uuid NOT NULL,
  path text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  body_hash bytea NOT NULL,
  answer text COLLATE "C",
  created_at timestamptz NOT NULL,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (principal, path, key)
);
CREATE INDEX idempotency_key_created_idx ON idempotency_key (created_at);
CREATE TABLE job (
  id uuid PRIMARY KEY NOT NULL,
  kind text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  input jsonb NOT NULL,
  checkpoint jsonb,
  done bigint NOT NULL,
  total bigint,
  result_url text COLLATE "C",
  error jsonb,
  dedupe_key text COLLATE "C",
  lane text COLLATE "C",
  run_at timestamptz NOT NULL,
  leased_until timestamptz,
  leased_by text COLLATE "C",
  attempts integer NOT NULL,
  cancel_requested boolean NOT NULL,
  created_by uuid,
  unit_id uuid,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  CONSTRAINT job_dedupe_key UNIQUE (dedupe_key)
);
CREATE INDEX job_due_idx ON job (status, run_at);
CREATE INDEX job_creator_idx ON job (created_by, created_at);
CREATE TABLE dictionary_entry (
  id uuid PRIMARY KEY NOT NULL,
  dictionary text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  label_zh text COLLATE "C" NOT NULL,
  label_en text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT dictionary_entry_key UNIQUE (dictionary, key)
);
CREATE TABLE saved_view (
  id uuid PRIMARY KEY NOT NULL,
  owner_id uuid NOT NULL REFERENCES app_user (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  resource text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  shared boolean NOT NULL,
  pinned boolean NOT NULL,
  definition jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX saved_view_owner_idx ON saved_view (owner_id, resource);
CREATE INDEX saved_view_shared_idx ON saved_view (unit_id, resource, shared);
