-- Who took what out of the house; outlives the job that wrote the file.
CREATE TABLE export_log (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  resource TEXT NOT NULL,
  format TEXT NOT NULL,
  request TEXT NOT NULL,
  fields TEXT NOT NULL,
  records BIGINT NOT NULL,
  at BIGINT NOT NULL,
  downloads BIGINT NOT NULL,
  downloaded_at BIGINT
) WITHOUT ROWID;
CREATE INDEX export_log_at_idx ON export_log (at, id);
CREATE INDEX export_log_unit_idx ON export_log (unit_id, at, id);
CREATE INDEX export_log_user_idx ON export_log (user_id, at, id);
-- Changes of accounts: asked for, approved, done.
CREATE TABLE account_request (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  user_id BLOB REFERENCES app_user (id),
  details TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by BLOB NOT NULL REFERENCES app_user (id),
  asked_at BIGINT NOT NULL,
  decided_by BLOB REFERENCES app_user (id),
  decided_at BIGINT,
  decision_note TEXT,
  done_by BLOB REFERENCES app_user (id),
  done_at BIGINT,
  version BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_request_unit_idx ON account_request (unit_id, asked_at, id);
CREATE INDEX account_request_user_idx ON account_request (user_id);
CREATE INDEX account_request_asker_idx ON account_request (asked_by, asked_at, id);
-- A frozen account lets nobody in and keeps all it owns.
ALTER TABLE app_user ADD COLUMN frozen_at BIGINT;
ALTER TABLE app_user ADD COLUMN frozen_by BLOB;
