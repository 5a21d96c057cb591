CREATE TABLE journey (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  event TEXT NOT NULL,
  -- What the event is about: a category, a class and what it became, a kind of date.
  about TEXT NOT NULL,
  steps TEXT NOT NULL,
  lead_days BIGINT NOT NULL,
  again BOOLEAN NOT NULL,
  active BOOLEAN NOT NULL,
  -- What happened before starts nothing.
  active_on TEXT,
  revision BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
) WITHOUT ROWID;
CREATE INDEX journey_unit_idx ON journey (unit_id, id);
CREATE TABLE journey_run (
  id BLOB PRIMARY KEY NOT NULL,
  journey_id BLOB NOT NULL REFERENCES journey (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  started_on TEXT NOT NULL,
  event TEXT NOT NULL,
  -- The steps as they were when it began; a change of the template leaves them.
  steps TEXT NOT NULL,
  lead_days BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  -- The next day on which the night's work has something to do.
  wakes_on TEXT,
  started_by BLOB,
  ended_at BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT journey_run_start_key UNIQUE (journey_id, party_id, started_on)
) WITHOUT ROWID;
CREATE INDEX journey_run_party_idx ON journey_run (party_id, id);
CREATE INDEX journey_run_wakes_idx ON journey_run (status, wakes_on);
CREATE TABLE journey_station (
  id BLOB PRIMARY KEY NOT NULL,
  run_id BLOB NOT NULL REFERENCES journey_run (id),
  step TEXT NOT NULL,
  due_on TEXT NOT NULL,
  status TEXT NOT NULL,
  task_id BLOB REFERENCES task (id),
  note TEXT,
  ended_on TEXT,
  ended_at BIGINT,
  ended_by BLOB,
  created_at BIGINT NOT NULL,
  CONSTRAINT journey_station_date_key UNIQUE (run_id, step, due_on)
) WITHOUT ROWID;
CREATE INDEX journey_station_task_idx ON journey_station (task_id);
CREATE INDEX journey_station_due_idx ON journey_station (status, due_on);
INSERT INTO event_follower (name, seq) SELECT 'journeys', COALESCE(MAX(seq), 0) FROM event;
