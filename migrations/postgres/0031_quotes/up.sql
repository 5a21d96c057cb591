-- Every version of an offer is a row; versions share the code.
CREATE TABLE quote (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  party_id uuid NOT NULL REFERENCES party (id),
  opportunity_id uuid REFERENCES opportunity (id),
  code text COLLATE "C" NOT NULL,
  revision bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  quoted_on date NOT NULL,
  valid_until date NOT NULL,
  currency text COLLATE "C" NOT NULL,
  exchange_rate bigint NOT NULL,
  gross bigint NOT NULL,
  discount bigint NOT NULL,
  net bigint NOT NULL,
  net_base bigint NOT NULL,
  note text COLLATE "C",
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT quote_code_key UNIQUE (unit_id, code, revision)
);
CREATE INDEX quote_party_idx ON quote (party_id, quoted_on);
CREATE INDEX quote_unit_idx ON quote (unit_id, quoted_on, id);
CREATE INDEX quote_owner_idx ON quote (owner_id, quoted_on, id);
CREATE INDEX quote_day_idx ON quote (quoted_on, id);
CREATE INDEX quote_opportunity_idx ON quote (opportunity_id);
CREATE TABLE quote_line (
  quote_id uuid NOT NULL REFERENCES quote (id),
  position integer NOT NULL,
  product_id uuid REFERENCES product (id),
  product_code text COLLATE "C",
  name text COLLATE "C" NOT NULL,
  quantity bigint NOT NULL,
  price bigint NOT NULL,
  discount bigint NOT NULL,
  amount bigint NOT NULL,
  cost bigint,
  tax_rate bigint NOT NULL,
  promised_on date,
  options jsonb,
  PRIMARY KEY (quote_id, position)
);
CREATE INDEX quote_line_product_idx ON quote_line (product_id);
-- Hundredths of a percent, contained in the amount.
ALTER TABLE order_line ADD COLUMN tax_rate bigint NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN promised_on date;
ALTER TABLE order_line ADD COLUMN options jsonb;
CREATE INDEX order_line_promised_idx ON order_line (promised_on, order_id) WHERE promised_on IS NOT NULL;
ALTER TABLE sales_order ADD COLUMN quote_id uuid REFERENCES quote (id);
ALTER TABLE sales_order ADD COLUMN opportunity_id uuid REFERENCES opportunity (id);
CREATE INDEX sales_order_quote_idx ON sales_order (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX sales_order_opportunity_idx ON sales_order (opportunity_id) WHERE opportunity_id IS NOT NULL;
-- What can be chosen of a product: names with choices, and what each adds to the price.
ALTER TABLE product ADD COLUMN options jsonb;
