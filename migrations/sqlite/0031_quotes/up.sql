-- Every version of an offer is a row; versions share the code.
CREATE TABLE quote (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  opportunity_id BLOB REFERENCES opportunity (id),
  code TEXT NOT NULL,
  revision BIGINT NOT NULL,
  status TEXT NOT NULL,
  quoted_on TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  currency TEXT NOT NULL,
  exchange_rate BIGINT NOT NULL,
  gross BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  net BIGINT NOT NULL,
  net_base BIGINT NOT NULL,
  note TEXT,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CONSTRAINT quote_code_key UNIQUE (unit_id, code, revision)
) WITHOUT ROWID;
CREATE INDEX quote_party_idx ON quote (party_id, quoted_on);
CREATE INDEX quote_unit_idx ON quote (unit_id, quoted_on, id);
CREATE INDEX quote_owner_idx ON quote (owner_id, quoted_on, id);
CREATE INDEX quote_day_idx ON quote (quoted_on, id);
CREATE INDEX quote_opportunity_idx ON quote (opportunity_id);
CREATE TABLE quote_line (
  quote_id BLOB NOT NULL REFERENCES quote (id),
  position INTEGER NOT NULL,
  product_id BLOB REFERENCES product (id),
  product_code TEXT,
  name TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  price BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  cost BIGINT,
  tax_rate BIGINT NOT NULL,
  promised_on TEXT,
  options TEXT,
  PRIMARY KEY (quote_id, position)
) WITHOUT ROWID;
CREATE INDEX quote_line_product_idx ON quote_line (product_id);
-- Hundredths of a percent, contained in the amount.
ALTER TABLE order_line ADD COLUMN tax_rate BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN promised_on TEXT;
ALTER TABLE order_line ADD COLUMN options TEXT;
CREATE INDEX order_line_promised_idx ON order_line (promised_on, order_id) WHERE promised_on IS NOT NULL;
ALTER TABLE sales_order ADD COLUMN quote_id BLOB REFERENCES quote (id);
ALTER TABLE sales_order ADD COLUMN opportunity_id BLOB REFERENCES opportunity (id);
CREATE INDEX sales_order_quote_idx ON sales_order (quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX sales_order_opportunity_idx ON sales_order (opportunity_id) WHERE opportunity_id IS NOT NULL;
-- What can be chosen of a product: names with choices, and what each adds to the price.
ALTER TABLE product ADD COLUMN options TEXT;
