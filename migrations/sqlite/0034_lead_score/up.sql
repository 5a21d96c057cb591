-- How leads of a unit are scored: from when on there are cases enough to learn of, how often, and points set by hand.
CREATE TABLE lead_scoring (
  unit_id BLOB PRIMARY KEY NOT NULL REFERENCES unit (id),
  settings TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_by BLOB REFERENCES app_user (id),
  updated_at BIGINT NOT NULL
);
-- Every time it was tried to learn: of how many cases, what came of it, or why nothing did.
CREATE TABLE lead_score_fit (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  settings TEXT NOT NULL,
  since BIGINT NOT NULL,
  won BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  refusal TEXT,
  card TEXT,
  auc REAL,
  auc_error REAL,
  held_out BIGINT,
  fitted_by BLOB REFERENCES app_user (id),
  fitted_at BIGINT NOT NULL
);
CREATE INDEX lead_score_fit_unit_idx ON lead_score_fit (unit_id, fitted_at);
-- Of what is open, as the scorecard in force says; what is closed keeps the score it had.
ALTER TABLE opportunity ADD COLUMN score BIGINT;
ALTER TABLE opportunity ADD COLUMN score_reasons TEXT;
INSERT INTO event_follower (name, seq) SELECT 'lead_scores', COALESCE(MAX(seq), 0) FROM event;
