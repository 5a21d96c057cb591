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
