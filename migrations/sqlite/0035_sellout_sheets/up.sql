CREATE TABLE sellout_sheet (
  id BLOB PRIMARY KEY NOT NULL,
  period TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT sellout_sheet_period_key UNIQUE (period)
) WITHOUT ROWID;
CREATE TABLE sellout_cell (
  id BLOB PRIMARY KEY NOT NULL,
  period TEXT NOT NULL,
  measure TEXT NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  item TEXT NOT NULL,
  product_id BLOB REFERENCES product (id),
  number BIGINT,
  words TEXT,
  revision BIGINT NOT NULL,
  changed_by BLOB,
  changed_at BIGINT NOT NULL,
  CONSTRAINT sellout_cell_key UNIQUE (period, measure, party_id, item)
) WITHOUT ROWID;
CREATE INDEX sellout_cell_party_idx ON sellout_cell (party_id, period);
CREATE INDEX sellout_cell_product_idx ON sellout_cell (product_id);
CREATE TABLE sellout_change (
  id BLOB PRIMARY KEY NOT NULL,
  period TEXT NOT NULL,
  measure TEXT NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  item TEXT NOT NULL,
  number BIGINT,
  words TEXT,
  revision BIGINT NOT NULL,
  changed_by BLOB,
  changed_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sellout_change_cell_idx ON sellout_change (party_id, period, measure, item, id);
