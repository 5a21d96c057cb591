CREATE TABLE journey (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  name_zh text COLLATE "C" NOT NULL,
  name_en text COLLATE "C" NOT NULL,
  event text COLLATE "C" NOT NULL,
  -- What the event is about: a category, a class and what it became, a kind of date.
  about jsonb NOT NULL,
  steps jsonb NOT NULL,
  lead_days bigint NOT NULL,
  again boolean NOT NULL,
  active boolean NOT NULL,
  -- What happened before starts nothing.
  active_on date,
  revision bigint NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX journey_unit_idx ON journey (unit_id, id);
CREATE TABLE journey_run (
  id uuid PRIMARY KEY NOT NULL,
  journey_id uuid NOT NULL REFERENCES journey (id),
  party_id uuid NOT NULL REFERENCES party (id),
  started_on date NOT NULL,
  event text COLLATE "C" NOT NULL,
  -- The steps as they were when it began; a change of the template leaves them.
  steps jsonb NOT NULL,
  lead_days bigint NOT NULL,
  revision bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  reason text COLLATE "C",
  -- The next day on which the night's work has something to do.
  wakes_on date,
  started_by uuid,
  ended_at timestamptz,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT journey_run_start_key UNIQUE (journey_id, party_id, started_on)
);
CREATE INDEX journey_run_party_idx ON journey_run (party_id, id);
CREATE INDEX journey_run_wakes_idx ON journey_run (status, wakes_on);
CREATE TABLE journey_station (
  id uuid PRIMARY KEY NOT NULL,
  run_id uuid NOT NULL REFERENCES journey_run (id),
  step text COLLATE "C" NOT NULL,
  due_on date NOT NULL,
  status text COLLATE "C" NOT NULL,
  task_id uuid REFERENCES task (id),
  note text COLLATE "C",
  ended_on date,
  ended_at timestamptz,
  ended_by uuid,
  created_at timestamptz NOT NULL,
  CONSTRAINT journey_station_date_key UNIQUE (run_id, step, due_on)
);
CREATE INDEX journey_station_task_idx ON journey_station (task_id);
CREATE INDEX journey_station_due_idx ON journey_station (status, due_on);
INSERT INTO event_follower (name, seq) SELECT 'journeys', COALESCE(MAX(seq), 0) FROM event;
