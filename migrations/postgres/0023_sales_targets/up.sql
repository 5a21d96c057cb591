CREATE TABLE sales_target (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  year bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  user_id uuid REFERENCES app_user (id),
  product_id uuid REFERENCES product (id),
  party_id uuid REFERENCES party (id),
  amount bigint NOT NULL,
  split text COLLATE "C" NOT NULL,
  months jsonb NOT NULL,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX sales_target_year_idx ON sales_target (year, unit_id, kind);
CREATE INDEX sales_target_user_idx ON sales_target (user_id, year);
CREATE INDEX sales_target_product_idx ON sales_target (product_id, year);
CREATE INDEX sales_target_party_idx ON sales_target (party_id, year);
