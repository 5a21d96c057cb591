-- What was billed of an order; one that was cancelled stays and counts for nothing.
CREATE TABLE bill (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  order_id uuid NOT NULL REFERENCES sales_order (id),
  code text COLLATE "C" NOT NULL,
  billed_on date NOT NULL,
  due_on date NOT NULL,
  amount bigint NOT NULL,
  credited bigint NOT NULL,
  paid bigint NOT NULL,
  note text COLLATE "C",
  cancelled_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL,
  CONSTRAINT bill_code_key UNIQUE (unit_id, code)
);
CREATE INDEX bill_order_idx ON bill (order_id);
CREATE INDEX bill_day_idx ON bill (billed_on, id);
CREATE INDEX bill_due_idx ON bill (due_on, id);
CREATE TABLE bill_line (
  bill_id uuid NOT NULL REFERENCES bill (id),
  position integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  tax_rate bigint NOT NULL,
  credited bigint NOT NULL,
  PRIMARY KEY (bill_id, position)
);
-- The bill that a payment names.
ALTER TABLE payment ADD COLUMN bill_id uuid REFERENCES bill (id);
