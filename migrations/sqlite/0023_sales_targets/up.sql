CREATE TABLE sales_target (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  year BIGINT NOT NULL,
  kind TEXT NOT NULL,
  user_id BLOB REFERENCES app_user (id),
  product_id BLOB REFERENCES product (id),
  party_id BLOB REFERENCES party (id),
  amount BIGINT NOT NULL,
  split TEXT NOT NULL,
  months TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sales_target_year_idx ON sales_target (year, unit_id, kind);
CREATE INDEX sales_target_user_idx ON sales_target (user_id, year);
CREATE INDEX sales_target_product_idx ON sales_target (product_id, year);
CREATE INDEX sales_target_party_idx ON sales_target (party_id, year);
