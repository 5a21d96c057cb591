-- Who took what out of the house; outlives the job that wrote the file.
CREATE TABLE export_log (
  id uuid PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  resource text COLLATE "C" NOT NULL,
  format text COLLATE "C" NOT NULL,
  request jsonb NOT NULL,
  fields jsonb NOT NULL,
  records bigint NOT NULL,
  at timestamptz NOT NULL,
  downloads bigint NOT NULL,
  downloaded_at timestamptz
);
CREATE INDEX export_log_at_idx ON export_log (at, id);
CREATE INDEX export_log_unit_idx ON export_log (unit_id, at, id);
CREATE INDEX export_log_user_idx ON export_log (user_id, at, id);
-- Changes of accounts: asked for, approved, done.
CREATE TABLE account_request (
  id uuid PRIMARY KEY NOT NULL,
  kind text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  user_id uuid REFERENCES app_user (id),
  details jsonb NOT NULL,
  reason text COLLATE "C" NOT NULL,
  asked_by uuid NOT NULL REFERENCES app_user (id),
  asked_at timestamptz NOT NULL,
  decided_by uuid REFERENCES app_user (id),
  decided_at timestamptz,
  decision_note text COLLATE "C",
  done_by uuid REFERENCES app_user (id),
  done_at timestamptz,
  version bigint NOT NULL
);
CREATE INDEX account_request_unit_idx ON account_request (unit_id, asked_at, id);
CREATE INDEX account_request_user_idx ON account_request (user_id);
CREATE INDEX account_request_asker_idx ON account_request (asked_by, asked_at, id);
-- A frozen account lets nobody in and keeps all it owns.
ALTER TABLE app_user ADD COLUMN frozen_at timestamptz;
ALTER TABLE app_user ADD COLUMN frozen_by uuid;
