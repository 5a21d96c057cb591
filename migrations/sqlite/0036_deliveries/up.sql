-- What went out on an order; one that was cancelled stays and counts for nothing.
CREATE TABLE delivery (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL REFERENCES sales_order (id),
  on_date TEXT NOT NULL,
  carrier TEXT,
  tracking TEXT,
  note TEXT,
  cancelled_at BIGINT,
  created_by BLOB,
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX delivery_order_idx ON delivery (order_id);
CREATE TABLE delivery_line (
  delivery_id BLOB NOT NULL REFERENCES delivery (id),
  position INTEGER NOT NULL,
  quantity BIGINT NOT NULL,
  PRIMARY KEY (delivery_id, position)
) WITHOUT ROWID;
-- How much of a return had never gone out: it is not to be delivered any more.
ALTER TABLE order_return ADD COLUMN unsent BIGINT NOT NULL DEFAULT 0;
UPDATE order_return SET unsent = quantity WHERE quantity IS NOT NULL AND line_position IS NOT NULL
  AND order_id IN (SELECT id FROM sales_order WHERE status = 'confirmed');
