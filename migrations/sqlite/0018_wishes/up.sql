CREATE TABLE wish (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  product_id BLOB REFERENCES product (id),
  wanted TEXT NOT NULL,
  choice TEXT,
  quantity BIGINT NOT NULL,
  needed_by TEXT,
  status TEXT NOT NULL,
  note TEXT,
  arrived_at BIGINT,
  told_at BIGINT,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
) WITHOUT ROWID;
CREATE INDEX wish_party_idx ON wish (party_id, id);
CREATE INDEX wish_product_idx ON wish (product_id, status);
CREATE INDEX wish_status_idx ON wish (status, arrived_at);
