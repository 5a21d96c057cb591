-- What somebody is told, once for each cause; only they read it.
CREATE TABLE notice (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL,
  -- What it is told for: nobody is told of the same twice.
  cause TEXT NOT NULL,
  params TEXT NOT NULL,
  link TEXT,
  created_at BIGINT NOT NULL,
  read_at BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX notice_cause_key ON notice (user_id, cause);
CREATE INDEX notice_user_idx ON notice (user_id, id);
CREATE INDEX notice_unread_idx ON notice (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_created_idx ON notice (created_at);
-- The reminder that its owner was given: the moment it was set for.
ALTER TABLE task ADD COLUMN reminded_at BIGINT;
CREATE INDEX task_remind_idx ON task (remind_at) WHERE status = 'open' AND deleted_at IS NULL;
