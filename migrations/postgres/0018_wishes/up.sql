CREATE TABLE wish (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  product_id uuid REFERENCES product (id),
  wanted text COLLATE "C" NOT NULL,
  choice text COLLATE "C",
  quantity bigint NOT NULL,
  needed_by date,
  status text COLLATE "C" NOT NULL,
  note text COLLATE "C",
  arrived_at timestamptz,
  told_at timestamptz,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX wish_party_idx ON wish (party_id, id);
CREATE INDEX wish_product_idx ON wish (product_id, status);
CREATE INDEX wish_status_idx ON wish (status, arrived_at);
