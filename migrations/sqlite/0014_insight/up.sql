ALTER TABLE customer_metric ADD COLUMN expected_purchases DOUBLE;
ALTER TABLE customer_metric ADD COLUMN alive DOUBLE;
ALTER TABLE customer_metric ADD COLUMN no_purchase DOUBLE;
ALTER TABLE customer_metric ADD COLUMN horizon_days BIGINT;
ALTER TABLE customer_metric ADD COLUMN lifetime_value BIGINT;
ALTER TABLE customer_metric ADD COLUMN past_value BIGINT;
ALTER TABLE customer_metric ADD COLUMN lifecycle TEXT;
ALTER TABLE customer_metric ADD COLUMN lifecycle_since TEXT;
ALTER TABLE customer_metric ADD COLUMN lifecycle_reason TEXT;
ALTER TABLE customer_metric ADD COLUMN loyalty_class TEXT;
ALTER TABLE customer_metric ADD COLUMN matrix TEXT;
ALTER TABLE customer_metric ADD COLUMN situation TEXT;
ALTER TABLE customer_metric ADD COLUMN risk DOUBLE;
ALTER TABLE customer_metric ADD COLUMN warned_on TEXT;
CREATE INDEX customer_metric_life_idx ON customer_metric (unit_id, lifecycle, loyalty_class, matrix, situation, net);
CREATE INDEX customer_metric_lifetime_idx ON customer_metric (unit_id, lifetime_value);
-- What was fitted for a unit: parameters, how well they are known, how they did on what came after.
CREATE TABLE lifetime_model (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  as_of TEXT NOT NULL,
  model TEXT NOT NULL,
  quality TEXT,
  settings TEXT NOT NULL,
  customers BIGINT NOT NULL,
  fitted_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX lifetime_model_unit_idx ON lifetime_model (unit_id, fitted_at);
CREATE TABLE class_change (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  kind TEXT NOT NULL,
  before TEXT,
  after TEXT,
  reason TEXT,
  on_date TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX class_change_party_idx ON class_change (party_id, id);
-- Amounts are minor units of the company's currency.
CREATE TABLE churn_warning (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  raised_on TEXT NOT NULL,
  risk DOUBLE NOT NULL,
  judge TEXT NOT NULL,
  reasons TEXT NOT NULL,
  stake BIGINT NOT NULL,
  yearly BIGINT NOT NULL,
  status TEXT NOT NULL,
  measures TEXT,
  outcome_reason TEXT,
  outcome_note TEXT,
  handled_by BLOB REFERENCES app_user (id),
  closed_on TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX churn_warning_party_idx ON churn_warning (party_id, status);
CREATE INDEX churn_warning_open_idx ON churn_warning (status, stake);
