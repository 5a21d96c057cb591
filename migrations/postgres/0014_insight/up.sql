ALTER TABLE customer_metric ADD COLUMN expected_purchases double precision;
ALTER TABLE customer_metric ADD COLUMN alive double precision;
ALTER TABLE customer_metric ADD COLUMN no_purchase double precision;
ALTER TABLE customer_metric ADD COLUMN horizon_days bigint;
ALTER TABLE customer_metric ADD COLUMN lifetime_value bigint;
ALTER TABLE customer_metric ADD COLUMN past_value bigint;
ALTER TABLE customer_metric ADD COLUMN lifecycle text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN lifecycle_since date;
ALTER TABLE customer_metric ADD COLUMN lifecycle_reason text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN loyalty_class text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN matrix text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN situation text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN risk double precision;
ALTER TABLE customer_metric ADD COLUMN warned_on date;
CREATE INDEX customer_metric_life_idx ON customer_metric (unit_id, lifecycle, loyalty_class, matrix, situation, net);
CREATE INDEX customer_metric_lifetime_idx ON customer_metric (unit_id, lifetime_value);
-- What was fitted for a unit: parameters, how well they are known, how they did on what came after.
CREATE TABLE lifetime_model (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  as_of date NOT NULL,
  model jsonb NOT NULL,
  quality jsonb,
  settings jsonb NOT NULL,
  customers bigint NOT NULL,
  fitted_at timestamptz NOT NULL
);
CREATE INDEX lifetime_model_unit_idx ON lifetime_model (unit_id, fitted_at);
CREATE TABLE class_change (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  kind text COLLATE "C" NOT NULL,
  before text COLLATE "C",
  after text COLLATE "C",
  reason text COLLATE "C",
  on_date date NOT NULL
);
CREATE INDEX class_change_party_idx ON class_change (party_id, id);
-- Amounts are minor units of the company's currency.
CREATE TABLE churn_warning (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  raised_on date NOT NULL,
  risk double precision NOT NULL,
  judge text COLLATE "C" NOT NULL,
  reasons jsonb NOT NULL,
  stake bigint NOT NULL,
  yearly bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  measures text COLLATE "C",
  outcome_reason text COLLATE "C",
  outcome_note text COLLATE "C",
  handled_by uuid REFERENCES app_user (id),
  closed_on date,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX churn_warning_party_idx ON churn_warning (party_id, status);
CREATE INDEX churn_warning_open_idx ON churn_warning (status, stake);
