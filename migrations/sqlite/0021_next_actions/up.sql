-- What people made of suggestions. Orders until `watched_until` count as bought after it.
CREATE TABLE next_action_outcome (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  until_on TEXT,
  reason TEXT,
  note TEXT,
  stake BIGINT NOT NULL,
  acted_by BLOB NOT NULL REFERENCES app_user (id),
  acted_on TEXT NOT NULL,
  watched_until TEXT NOT NULL,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX next_action_outcome_party_idx ON next_action_outcome (party_id, acted_on);
CREATE INDEX next_action_outcome_day_idx ON next_action_outcome (acted_on, id);
-- What customers of a unit who have one product have too; learnt by each evaluation.
CREATE TABLE association (
  unit_id BLOB NOT NULL REFERENCES unit (id),
  has_id BLOB NOT NULL,
  offer_id BLOB NOT NULL,
  baskets BIGINT NOT NULL,
  confidence DOUBLE NOT NULL,
  lift DOUBLE NOT NULL,
  PRIMARY KEY (unit_id, has_id, offer_id)
) WITHOUT ROWID;
