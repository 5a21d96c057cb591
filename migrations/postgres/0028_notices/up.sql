-- What somebody is told, once for each cause; only they read it.
CREATE TABLE notice (
  id uuid PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  kind text COLLATE "C" NOT NULL,
  -- What it is told for: nobody is told of the same twice.
  cause text COLLATE "C" NOT NULL,
  params jsonb NOT NULL,
  link text COLLATE "C",
  created_at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE UNIQUE INDEX notice_cause_key ON notice (user_id, cause);
CREATE INDEX notice_user_idx ON notice (user_id, id);
CREATE INDEX notice_unread_idx ON notice (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_created_idx ON notice (created_at);
-- The reminder that its owner was given: the moment it was set for.
ALTER TABLE task ADD COLUMN reminded_at timestamptz;
CREATE INDEX task_remind_idx ON task (remind_at) WHERE status = 'open' AND deleted_at IS NULL;
