CREATE TABLE asset (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  product_id BLOB REFERENCES product (id),
  name TEXT NOT NULL,
  serial TEXT,
  serial_key TEXT,
  bought_on TEXT,
  bought_at TEXT,
  order_id BLOB REFERENCES sales_order (id),
  order_line INTEGER,
  warranty_end TEXT,
  status TEXT NOT NULL,
  note TEXT,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CONSTRAINT asset_serial_key UNIQUE (unit_id, serial_key)
) WITHOUT ROWID;
CREATE INDEX asset_party_idx ON asset (party_id, id);
CREATE INDEX asset_product_idx ON asset (product_id);
CREATE INDEX asset_order_idx ON asset (order_id);
CREATE INDEX asset_warranty_idx ON asset (warranty_end);
