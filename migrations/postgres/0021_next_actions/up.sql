-- What people made of suggestions. Orders until `watched_until` count as bought after it.
CREATE TABLE next_action_outcome (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  rule text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  until_on date,
  reason text COLLATE "C",
  note text COLLATE "C",
  stake bigint NOT NULL,
  acted_by uuid NOT NULL REFERENCES app_user (id),
  acted_on date NOT NULL,
  watched_until date NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX next_action_outcome_party_idx ON next_action_outcome (party_id, acted_on);
CREATE INDEX next_action_outcome_day_idx ON next_action_outcome (acted_on, id);
-- What customers of a unit who have one product have too; learnt by each evaluation.
CREATE TABLE association (
  unit_id uuid NOT NULL REFERENCES unit (id),
  has_id uuid NOT NULL,
  offer_id uuid NOT NULL,
  baskets bigint NOT NULL,
  confidence double precision NOT NULL,
  lift double precision NOT NULL,
  PRIMARY KEY (unit_id, has_id, offer_id)
);
