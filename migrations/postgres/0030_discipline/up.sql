-- Days on which somebody used the program: one row for a person and a business day.
CREATE TABLE use_day (
  user_id uuid NOT NULL REFERENCES app_user (id),
  on_day date NOT NULL,
  PRIMARY KEY (user_id, on_day)
);
CREATE INDEX use_day_day_idx ON use_day (on_day, user_id);
-- When somebody travels, and need not be here every day.
CREATE TABLE travel (
  id uuid PRIMARY KEY NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  note text COLLATE "C",
  created_by uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX travel_user_idx ON travel (user_id, starts_on);
CREATE INDEX travel_ends_idx ON travel (ends_on);
-- Weeks of which people were told how they kept to the rule.
CREATE TABLE discipline_week (
  week text COLLATE "C" PRIMARY KEY NOT NULL,
  told_at timestamptz NOT NULL
);
-- When a person last did something about it and noted that: spoke with the customer, finished a task or a step, moved it.
ALTER TABLE opportunity ADD COLUMN touched_at timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z';
CREATE INDEX opportunity_touched_idx ON opportunity (owner_id, kind, touched_at)
  WHERE status = 'open' AND deleted_at IS NULL;
UPDATE opportunity SET touched_at = (
  SELECT MAX(x.at) FROM (
    SELECT opportunity.created_at AS at
    UNION ALL SELECT MAX(h.entered_at) FROM opportunity_stage_change h
      WHERE h.opportunity_id = opportunity.id AND h.changed_by IS NOT NULL
    UNION ALL SELECT MAX(s.done_at) FROM opportunity_step s WHERE s.opportunity_id = opportunity.id
    UNION ALL SELECT MAX(i.at) FROM interaction i
      WHERE i.party_id = opportunity.party_id AND i.actor_id IS NOT NULL AND i.deleted_at IS NULL
    UNION ALL SELECT MAX(i.at) FROM opportunity_contact c JOIN interaction i ON i.party_id = c.party_id
      WHERE c.opportunity_id = opportunity.id AND i.actor_id IS NOT NULL AND i.deleted_at IS NULL
    UNION ALL SELECT MAX(t.done_at) FROM task_party p JOIN task t ON t.id = p.task_id
      WHERE p.party_id = opportunity.party_id AND t.status = 'done' AND t.deleted_at IS NULL
  ) x
);
