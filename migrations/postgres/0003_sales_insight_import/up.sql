CREATE TABLE brand (
  id uuid PRIMARY KEY NOT NULL,
  name text COLLATE "C" NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT brand_name_key UNIQUE (name)
);
CREATE TABLE category (
  id uuid PRIMARY KEY NOT NULL,
  parent_id uuid REFERENCES category (id),
  name text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE product (
  id uuid PRIMARY KEY NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  brand_id uuid REFERENCES brand (id),
  category_id uuid REFERENCES category (id),
  unit_of_measure text COLLATE "C",
  price bigint,
  cost bigint,
  currency text COLLATE "C" NOT NULL,
  active boolean NOT NULL,
  import_id uuid,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT product_code_key UNIQUE (code)
);
CREATE INDEX product_name_idx ON product (name_key, id);
CREATE INDEX product_category_idx ON product (category_id);
CREATE INDEX product_brand_idx ON product (brand_id);
CREATE TABLE sales_order (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  party_id uuid NOT NULL REFERENCES party (id),
  code text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  ordered_on date NOT NULL,
  ordered_at timestamptz NOT NULL,
  channel text COLLATE "C",
  currency text COLLATE "C" NOT NULL,
  gross bigint NOT NULL,
  discount bigint NOT NULL,
  net bigint NOT NULL,
  net_base bigint NOT NULL,
  exchange_rate bigint NOT NULL DEFAULT 1000000,
  cost bigint,
  returned bigint NOT NULL,
  paid bigint NOT NULL,
  note text COLLATE "C",
  import_id uuid,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT sales_order_code_key UNIQUE (unit_id, code)
);
CREATE INDEX sales_order_party_idx ON sales_order (party_id, ordered_on);
CREATE INDEX sales_order_unit_idx ON sales_order (unit_id, ordered_on, id);
CREATE INDEX sales_order_owner_idx ON sales_order (owner_id, ordered_on, id);
CREATE INDEX sales_order_day_idx ON sales_order (ordered_on, id);
CREATE TABLE order_line (
  order_id uuid NOT NULL REFERENCES sales_order (id),
  position integer NOT NULL,
  product_id uuid REFERENCES product (id),
  product_code text COLLATE "C",
  name text COLLATE "C" NOT NULL,
  quantity bigint NOT NULL,
  price bigint NOT NULL,
  discount bigint NOT NULL,
  amount bigint NOT NULL,
  cost bigint,
  PRIMARY KEY (order_id, position)
);
CREATE INDEX order_line_product_idx ON order_line (product_id);
CREATE TABLE payment (
  id uuid PRIMARY KEY NOT NULL,
  order_id uuid NOT NULL REFERENCES sales_order (id),
  on_date date NOT NULL,
  amount bigint NOT NULL,
  method text COLLATE "C",
  created_at timestamptz NOT NULL
);
CREATE INDEX payment_order_idx ON payment (order_id);
CREATE TABLE order_return (
  id uuid PRIMARY KEY NOT NULL,
  order_id uuid NOT NULL REFERENCES sales_order (id),
  line_position integer,
  on_date date NOT NULL,
  quantity bigint,
  amount bigint NOT NULL,
  reason text COLLATE "C",
  created_at timestamptz NOT NULL
);
CREATE INDEX order_return_order_idx ON order_return (order_id);
CREATE TABLE customer_metric (
  party_id uuid PRIMARY KEY NOT NULL REFERENCES party (id),
  unit_id uuid NOT NULL,
  owner_id uuid,
  first_order_on date,
  last_order_on date,
  order_days bigint NOT NULL,
  orders bigint NOT NULL,
  gross bigint NOT NULL,
  net bigint NOT NULL,
  discount bigint NOT NULL,
  returns bigint NOT NULL,
  cost bigint NOT NULL,
  costs_unknown bigint NOT NULL,
  open_balance bigint NOT NULL,
  products bigint NOT NULL,
  categories bigint NOT NULL,
  mean_gap_days double precision,
  median_gap_days double precision,
  last_contact_at timestamptz,
  contacts_30 bigint NOT NULL DEFAULT 0,
  contacts_90 bigint NOT NULL DEFAULT 0,
  contacts_365 bigint NOT NULL DEFAULT 0,
  rfm_r integer,
  rfm_f integer,
  rfm_m integer,
  abc text COLLATE "C",
  value_score double precision,
  value_class text COLLATE "C",
  value_parts jsonb,
  stage text COLLATE "C"
);
CREATE INDEX customer_metric_last_order_idx ON customer_metric (unit_id, last_order_on);
CREATE INDEX customer_metric_net_idx ON customer_metric (unit_id, net);
-- Unit and owner stand beside the figures, so that "mine, by sales" walks one index.
CREATE INDEX customer_metric_owner_net_idx ON customer_metric (owner_id, net);
CREATE INDEX customer_metric_all_net_idx ON customer_metric (net);
CREATE INDEX customer_metric_recency_idx ON customer_metric (last_order_on DESC NULLS LAST, net, unit_id, owner_id);
CREATE INDEX customer_metric_class_idx ON customer_metric (unit_id, value_class, stage, abc, rfm_r, rfm_f, rfm_m, net);
CREATE TABLE evaluation (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  as_of date NOT NULL,
  settings jsonb NOT NULL,
  customers bigint NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX evaluation_unit_idx ON evaluation (unit_id, started_at);
CREATE TABLE segment (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid NOT NULL REFERENCES app_user (id),
  name text COLLATE "C" NOT NULL,
  description text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  condition jsonb,
  shared boolean NOT NULL,
  count bigint,
  counted_at timestamptz,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX segment_unit_idx ON segment (unit_id, name);
CREATE TABLE segment_member (
  segment_id uuid NOT NULL REFERENCES segment (id),
  party_id uuid NOT NULL REFERENCES party (id),
  added_at timestamptz NOT NULL,
  PRIMARY KEY (segment_id, party_id)
);
CREATE INDEX segment_member_party_idx ON segment_member (party_id);
CREATE TABLE data_import (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL,
  created_by uuid NOT NULL,
  resource text COLLATE "C" NOT NULL,
  file_name text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  format jsonb NOT NULL,
  source_columns jsonb NOT NULL,
  mapping jsonb NOT NULL,
  counts jsonb NOT NULL,
  checkpoint jsonb,
  job_id uuid,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX data_import_unit_idx ON data_import (unit_id, created_at);
CREATE TABLE import_row (
  import_id uuid NOT NULL REFERENCES data_import (id),
  row_no bigint NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  resource_id uuid,
  row_key text COLLATE "C",
  changes jsonb,
  errors jsonb,
  before jsonb,
  PRIMARY KEY (import_id, row_no)
);
CREATE INDEX import_row_outcome_idx ON import_row (import_id, outcome, row_no);
CREATE TABLE import_mapping (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  resource text COLLATE "C" NOT NULL,
  mapping jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT import_mapping_name_key UNIQUE (unit_id, resource, name)
);
