CREATE TABLE task (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  title TEXT NOT NULL,
  remarks TEXT,
  status TEXT NOT NULL,
  priority BIGINT NOT NULL,
  due_on TEXT,
  due_time TEXT,
  due_at BIGINT,
  remind_minutes BIGINT,
  remind_at BIGINT,
  checklist TEXT NOT NULL,
  outcome TEXT,
  recurrence TEXT,
  starts_on TEXT,
  occurs_on TEXT,
  next_id BLOB,
  done_at BIGINT,
  done_by BLOB,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
) WITHOUT ROWID;
CREATE INDEX task_owner_idx ON task (owner_id, status, due_at, id);
CREATE INDEX task_unit_idx ON task (unit_id, status, due_at, id);
-- Whom a task is about, the first named first.
CREATE TABLE task_party (
  id BLOB PRIMARY KEY NOT NULL,
  task_id BLOB NOT NULL REFERENCES task (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  position BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX task_party_task_idx ON task_party (task_id, position);
CREATE INDEX task_party_party_idx ON task_party (party_id, task_id);
