-- What was billed of an order; one that was cancelled stays and counts for nothing.
CREATE TABLE bill (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  order_id BLOB NOT NULL REFERENCES sales_order (id),
  code TEXT NOT NULL,
  billed_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  amount BIGINT NOT NULL,
  credited BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  note TEXT,
  cancelled_at BIGINT,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  CONSTRAINT bill_code_key UNIQUE (unit_id, code)
) WITHOUT ROWID;
CREATE INDEX bill_order_idx ON bill (order_id);
CREATE INDEX bill_day_idx ON bill (billed_on, id);
CREATE INDEX bill_due_idx ON bill (due_on, id);
CREATE TABLE bill_line (
  bill_id BLOB NOT NULL REFERENCES bill (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  amount BIGINT NOT NULL,
  tax_rate BIGINT NOT NULL,
  credited BIGINT NOT NULL,
  PRIMARY KEY (bill_id, position)
) WITHOUT ROWID;
-- The bill that a payment names.
ALTER TABLE payment ADD COLUMN bill_id BLOB REFERENCES bill (id);
