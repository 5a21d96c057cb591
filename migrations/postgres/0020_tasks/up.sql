CREATE TABLE task (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid NOT NULL REFERENCES app_user (id),
  title text COLLATE "C" NOT NULL,
  remarks text COLLATE "C",
  status text COLLATE "C" NOT NULL,
  priority bigint NOT NULL,
  due_on date,
  due_time text COLLATE "C",
  due_at timestamptz,
  remind_minutes bigint,
  remind_at timestamptz,
  checklist jsonb NOT NULL,
  outcome text COLLATE "C",
  recurrence text COLLATE "C",
  starts_on date,
  occurs_on date,
  next_id uuid,
  done_at timestamptz,
  done_by uuid,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX task_owner_idx ON task (owner_id, status, due_at, id);
CREATE INDEX task_unit_idx ON task (unit_id, status, due_at, id);
-- Whom a task is about, the first named first.
CREATE TABLE task_party (
  id uuid PRIMARY KEY NOT NULL,
  task_id uuid NOT NULL REFERENCES task (id),
  party_id uuid NOT NULL REFERENCES party (id),
  position bigint NOT NULL
);
CREATE INDEX task_party_task_idx ON task_party (task_id, position);
CREATE INDEX task_party_party_idx ON task_party (party_id, task_id);
