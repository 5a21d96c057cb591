CREATE TABLE asset (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  party_id uuid NOT NULL REFERENCES party (id),
  product_id uuid REFERENCES product (id),
  name text COLLATE "C" NOT NULL,
  serial text COLLATE "C",
  serial_key text COLLATE "C",
  bought_on date,
  bought_at text COLLATE "C",
  order_id uuid REFERENCES sales_order (id),
  order_line integer,
  warranty_end date,
  status text COLLATE "C" NOT NULL,
  note text COLLATE "C",
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT asset_serial_key UNIQUE (unit_id, serial_key)
);
CREATE INDEX asset_party_idx ON asset (party_id, id);
CREATE INDEX asset_product_idx ON asset (product_id);
CREATE INDEX asset_order_idx ON asset (order_id);
CREATE INDEX asset_warranty_idx ON asset (warranty_end);
