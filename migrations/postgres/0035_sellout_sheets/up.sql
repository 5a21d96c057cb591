CREATE TABLE sellout_sheet (
  id uuid PRIMARY KEY NOT NULL,
  period text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT sellout_sheet_period_key UNIQUE (period)
);
CREATE TABLE sellout_cell (
  id uuid PRIMARY KEY NOT NULL,
  period text COLLATE "C" NOT NULL,
  measure text COLLATE "C" NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  item text COLLATE "C" NOT NULL,
  product_id uuid REFERENCES product (id),
  number bigint,
  words text COLLATE "C",
  revision bigint NOT NULL,
  changed_by uuid,
  changed_at timestamptz NOT NULL,
  CONSTRAINT sellout_cell_key UNIQUE (period, measure, party_id, item)
);
CREATE INDEX sellout_cell_party_idx ON sellout_cell (party_id, period);
CREATE INDEX sellout_cell_product_idx ON sellout_cell (product_id);
CREATE TABLE sellout_change (
  id uuid PRIMARY KEY NOT NULL,
  period text COLLATE "C" NOT NULL,
  measure text COLLATE "C" NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  item text COLLATE "C" NOT NULL,
  number bigint,
  words text COLLATE "C",
  revision bigint NOT NULL,
  changed_by uuid,
  changed_at timestamptz NOT NULL
);
CREATE INDEX sellout_change_cell_idx ON sellout_change (party_id, period, measure, item, id);
