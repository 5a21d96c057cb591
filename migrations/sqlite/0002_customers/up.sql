CREATE TABLE party (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  code TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_key_set BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  gender TEXT,
  birthday TEXT,
  tax_id TEXT,
  industry TEXT,
  source TEXT,
  level TEXT,
  buying_style TEXT,
  internal BOOLEAN NOT NULL,
  note TEXT,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  CONSTRAINT party_code_key UNIQUE (unit_id, code)
) WITHOUT ROWID;
-- Lists are of the living: with the deletion in the index, a page is found there alone.
CREATE INDEX party_unit_idx ON party (unit_id, id, deleted_at);
CREATE INDEX party_owner_idx ON party (owner_id, id, deleted_at);
CREATE INDEX party_name_idx ON party (name_key, id, deleted_at);
CREATE INDEX party_unit_name_idx ON party (unit_id, name_key, id, deleted_at);
CREATE INDEX party_owner_name_idx ON party (owner_id, name_key, id, deleted_at);
CREATE TABLE party_phone (
  party_id BLOB NOT NULL REFERENCES party (id),
  position INTEGER NOT NULL,
  number TEXT NOT NULL,
  label TEXT,
  is_primary BOOLEAN NOT NULL,
  PRIMARY KEY (party_id, position)
) WITHOUT ROWID;
CREATE INDEX party_phone_number_idx ON party_phone (number);
CREATE TABLE party_email (
  party_id BLOB NOT NULL REFERENCES party (id),
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  label TEXT,
  is_primary BOOLEAN NOT NULL,
  PRIMARY KEY (party_id, position)
) WITHOUT ROWID;
CREATE INDEX party_email_address_idx ON party_email (address);
CREATE TABLE party_address (
  party_id BLOB NOT NULL REFERENCES party (id),
  position INTEGER NOT NULL,
  country TEXT,
  province TEXT,
  city TEXT,
  district TEXT,
  street TEXT,
  postcode TEXT,
  label TEXT,
  is_primary BOOLEAN NOT NULL,
  PRIMARY KEY (party_id, position)
) WITHOUT ROWID;
CREATE INDEX party_address_city_idx ON party_address (city);
CREATE TABLE party_date (
  party_id BLOB NOT NULL REFERENCES party (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  label TEXT,
  person TEXT,
  on_date TEXT,
  lunar_month INTEGER,
  lunar_day INTEGER,
  lunar_leap BOOLEAN NOT NULL,
  yearly BOOLEAN NOT NULL,
  next_on TEXT,
  PRIMARY KEY (party_id, position)
) WITHOUT ROWID;
CREATE INDEX party_date_next_idx ON party_date (next_on);
CREATE TABLE party_preference (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  source TEXT,
  confirmed_on TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX party_preference_party_idx ON party_preference (party_id);
CREATE TABLE party_relation (
  id BLOB PRIMARY KEY NOT NULL,
  from_id BLOB NOT NULL REFERENCES party (id),
  to_id BLOB NOT NULL REFERENCES party (id),
  role TEXT NOT NULL,
  is_primary BOOLEAN NOT NULL,
  valid_from TEXT,
  valid_to TEXT,
  note TEXT,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX party_relation_from_idx ON party_relation (from_id);
CREATE INDEX party_relation_to_idx ON party_relation (to_id);
CREATE TABLE tag (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  color TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT tag_name_key UNIQUE (unit_id, name)
) WITHOUT ROWID;
CREATE TABLE party_tag (
  tag_id BLOB NOT NULL REFERENCES tag (id),
  party_id BLOB NOT NULL REFERENCES party (id),
  PRIMARY KEY (tag_id, party_id)
) WITHOUT ROWID;
CREATE INDEX party_tag_party_idx ON party_tag (party_id);
CREATE TABLE custom_field (
  id BLOB PRIMARY KEY NOT NULL,
  resource TEXT NOT NULL,
  key TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL,
  field_type TEXT NOT NULL,
  choices TEXT NOT NULL,
  required BOOLEAN NOT NULL,
  is_unique BOOLEAN NOT NULL,
  position INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT custom_field_key UNIQUE (resource, key)
);
CREATE TABLE custom_value (
  field_id BLOB NOT NULL REFERENCES custom_field (id),
  resource_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  text_value TEXT,
  number_value DOUBLE,
  int_value BIGINT,
  date_value TEXT,
  unique_key TEXT,
  PRIMARY KEY (resource_id, field_id, position)
) WITHOUT ROWID;
CREATE INDEX custom_value_text_idx ON custom_value (field_id, text_value);
CREATE INDEX custom_value_number_idx ON custom_value (field_id, number_value);
CREATE INDEX custom_value_int_idx ON custom_value (field_id, int_value);
CREATE INDEX custom_value_date_idx ON custom_value (field_id, date_value);
CREATE UNIQUE INDEX custom_value_unique_key ON custom_value (unique_key);
CREATE TABLE interaction (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  unit_id BLOB NOT NULL,
  actor_id BLOB,
  kind TEXT NOT NULL,
  direction TEXT,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX interaction_party_idx ON interaction (party_id, at, id);
CREATE INDEX interaction_actor_idx ON interaction (actor_id, at);
CREATE TABLE party_search (
  doc_id INTEGER PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE party_search_index USING fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");
CREATE TABLE search_pending (
  party_id BLOB PRIMARY KEY NOT NULL,
  queued_at BIGINT NOT NULL
) WITHOUT ROWID;
-- An import queues all its customers at one instant: without the id, each step would sort all of them.
CREATE INDEX search_pending_queued_idx ON search_pending (queued_at, party_id);
