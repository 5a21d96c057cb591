-- How leads of a unit are scored: from when on there are cases enough to learn of, how often, and points set by hand.
CREATE TABLE lead_scoring (
  unit_id uuid PRIMARY KEY NOT NULL REFERENCES unit (id),
  settings jsonb NOT NULL,
  version bigint NOT NULL,
  updated_by uuid REFERENCES app_user (id),
  updated_at timestamptz NOT NULL
);
-- Every time it was tried to learn: of how many cases, what came of it, or why nothing did.
CREATE TABLE lead_score_fit (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  settings jsonb NOT NULL,
  since timestamptz NOT NULL,
  won bigint NOT NULL,
  lost bigint NOT NULL,
  refusal text COLLATE "C",
  card jsonb,
  auc double precision,
  auc_error double precision,
  held_out bigint,
  fitted_by uuid REFERENCES app_user (id),
  fitted_at timestamptz NOT NULL
);
CREATE INDEX lead_score_fit_unit_idx ON lead_score_fit (unit_id, fitted_at);
-- Of what is open, as the scorecard in force says; what is closed keeps the score it had.
ALTER TABLE opportunity ADD COLUMN score bigint;
ALTER TABLE opportunity ADD COLUMN score_reasons jsonb;
INSERT INTO event_follower (name, seq) SELECT 'lead_scores', COALESCE(MAX(seq), 0) FROM event;
