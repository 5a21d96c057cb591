CREATE TABLE brand (
  id BLOB PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT brand_name_key UNIQUE (name)
);
CREATE TABLE category (
  id BLOB PRIMARY KEY NOT NULL,
  parent_id BLOB REFERENCES category (id),
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE product (
  id BLOB PRIMARY KEY NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  brand_id BLOB REFERENCES brand (id),
  category_id BLOB REFERENCES category (id),
  unit_of_measure TEXT,
  price BIGINT,
  cost BIGINT,
  currency TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CONSTRAINT product_code_key UNIQUE (code)
) WITHOUT ROWID;
CREATE INDEX product_name_idx ON product (name_key, id);
CREATE INDEX product_category_idx ON product (category_id);
CREATE INDEX product_brand_idx ON product (brand_id);
CREATE TABLE sales_order (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  code TEXT NOT NULL,
  status TEXT NOT NULL,
  ordered_on TEXT NOT NULL,
  ordered_at BIGINT NOT NULL,
  channel TEXT,
  currency TEXT NOT NULL,
  gross BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  net BIGINT NOT NULL,
  net_base BIGINT NOT NULL,
  exchange_rate BIGINT NOT NULL DEFAULT 1000000,
  cost BIGINT,
  returned BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  note TEXT,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CONSTRAINT sales_order_code_key UNIQUE (unit_id, code)
) WITHOUT ROWID;
CREATE INDEX sales_order_party_idx ON sales_order (party_id, ordered_on);
CREATE INDEX sales_order_unit_idx ON sales_order (unit_id, ordered_on, id);
CREATE INDEX sales_order_owner_idx ON sales_order (owner_id, ordered_on, id);
CREATE INDEX sales_order_day_idx ON sales_order (ordered_on, id);
CREATE TABLE order_line (
  order_id BLOB NOT NULL REFERENCES sales_order (id),
  position INTEGER NOT NULL,
  product_id BLOB REFERENCES product (id),
  product_code TEXT,
  name TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  price BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  cost BIGINT,
  PRIMARY KEY (order_id, position)
) WITHOUT ROWID;
CREATE INDEX order_line_product_idx ON order_line (product_id);
CREATE TABLE payment (
  id BLOB NOT NULL,
  order_id BLOB NOT NULL REFERENCES sales_order (id),
  on_date TEXT NOT NULL,
  amount BIGINT NOT NULL,
  method TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (order_id, id)
) WITHOUT ROWID;
CREATE TABLE order_return (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL REFERENCES sales_order (id),
  line_position INTEGER,
  on_date TEXT NOT NULL,
  quantity BIGINT,
  amount BIGINT NOT NULL,
  reason TEXT,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX order_return_order_idx ON order_return (order_id);
CREATE TABLE customer_metric (
  party_id BLOB PRIMARY KEY NOT NULL REFERENCES party (id),
  unit_id BLOB NOT NULL,
  owner_id BLOB,
  first_order_on TEXT,
  last_order_on TEXT,
  order_days BIGINT NOT NULL,
  orders BIGINT NOT NULL,
  gross BIGINT NOT NULL,
  net BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  returns BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  costs_unknown BIGINT NOT NULL,
  open_balance BIGINT NOT NULL,
  products BIGINT NOT NULL,
  categories BIGINT NOT NULL,
  mean_gap_days DOUBLE,
  median_gap_days DOUBLE,
  last_contact_at BIGINT,
  contacts_30 BIGINT NOT NULL DEFAULT 0,
  contacts_90 BIGINT NOT NULL DEFAULT 0,
  contacts_365 BIGINT NOT NULL DEFAULT 0,
  rfm_r INTEGER,
  rfm_f INTEGER,
  rfm_m INTEGER,
  abc TEXT,
  value_score DOUBLE,
  value_class TEXT,
  value_parts TEXT,
  stage TEXT
) WITHOUT ROWID;
CREATE INDEX customer_metric_last_order_idx ON customer_metric (unit_id, last_order_on);
CREATE INDEX customer_metric_net_idx ON customer_metric (unit_id, net);
-- Unit and owner stand beside the figures, so that "mine, by sales" walks one index.
CREATE INDEX customer_metric_owner_net_idx ON customer_metric (owner_id, net);
CREATE INDEX customer_metric_all_net_idx ON customer_metric (net);
CREATE INDEX customer_metric_recency_idx ON customer_metric (last_order_on, net, unit_id, owner_id);
CREATE INDEX customer_metric_class_idx ON customer_metric (unit_id, value_class, stage, abc, rfm_r, rfm_f, rfm_m, net);
CREATE TABLE evaluation (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  as_of TEXT NOT NULL,
  settings TEXT NOT NULL,
  customers BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX evaluation_unit_idx ON evaluation (unit_id, started_at);
CREATE TABLE segment (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  name TEXT NOT NULL,
  description TEXT,
  kind TEXT NOT NULL,
  condition TEXT,
  shared BOOLEAN NOT NULL,
  count BIGINT,
  counted_at BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX segment_unit_idx ON segment (unit_id, name);
CREATE TABLE segment_member (
  segment_id BLOB NOT NULL REFERENCES segment (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  added_at BIGINT NOT NULL,
  PRIMARY KEY (segment_id, party_id)
) WITHOUT ROWID;
CREATE INDEX segment_member_party_idx ON segment_member (party_id);
CREATE TABLE data_import (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL,
  created_by BLOB NOT NULL,
  resource TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  status TEXT NOT NULL,
  format TEXT NOT NULL,
  source_columns TEXT NOT NULL,
  mapping TEXT NOT NULL,
  counts TEXT NOT NULL,
  checkpoint TEXT,
  job_id BLOB,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX data_import_unit_idx ON data_import (unit_id, created_at);
CREATE TABLE import_row (
  import_id BLOB NOT NULL REFERENCES data_import (id),
  row_no BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  resource_id BLOB,
  row_key TEXT,
  changes TEXT,
  errors TEXT,
  before TEXT,
  PRIMARY KEY (import_id, row_no)
) WITHOUT ROWID;
CREATE INDEX import_row_outcome_idx ON import_row (import_id, outcome, row_no);
CREATE TABLE import_mapping (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL,
  owner_id BLOB NOT NULL,
  name TEXT NOT NULL,
  resource TEXT NOT NULL,
  mapping TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT import_mapping_name_key UNIQUE (unit_id, resource, name)
);
