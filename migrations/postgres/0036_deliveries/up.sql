-- What went out on an order; one that was cancelled stays and counts for nothing.
CREATE TABLE delivery (
  id uuid PRIMARY KEY NOT NULL,
  order_id uuid NOT NULL REFERENCES sales_order (id),
  on_date date NOT NULL,
  carrier text COLLATE "C",
  tracking text COLLATE "C",
  note text COLLATE "C",
  cancelled_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX delivery_order_idx ON delivery (order_id);
CREATE TABLE delivery_line (
  delivery_id uuid NOT NULL REFERENCES delivery (id),
  position integer NOT NULL,
  quantity bigint NOT NULL,
  PRIMARY KEY (delivery_id, position)
);
-- How much of a return had never gone out: it is not to be delivered any more.
ALTER TABLE order_return ADD COLUMN unsent bigint NOT NULL DEFAULT 0;
UPDATE order_return SET unsent = quantity WHERE quantity IS NOT NULL AND line_position IS NOT NULL
  AND order_id IN (SELECT id FROM sales_order WHERE status = 'confirmed');
