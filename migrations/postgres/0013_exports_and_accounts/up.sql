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
