CREATE TABLE party (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  code text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  name_key_set boolean NOT NULL,
  status text COLLATE "C" NOT NULL,
  gender text COLLATE "C",
  birthday date,
  tax_id text COLLATE "C",
  industry text COLLATE "C",
  source text COLLATE "C",
  level text COLLATE "C",
  buying_style text COLLATE "C",
  internal boolean NOT NULL,
  note text COLLATE "C",
  import_id uuid,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT party_code_key UNIQUE (unit_id, code)
);
-- Lists are of the living: with the deletion in the index, a page is found there alone.
CREATE INDEX party_unit_idx ON party (unit_id, id, deleted_at);
CREATE INDEX party_owner_idx ON party (owner_id, id, deleted_at);
CREATE INDEX party_name_idx ON party (name_key, id, deleted_at);
CREATE INDEX party_unit_name_idx ON party (unit_id, name_key, id, deleted_at);
CREATE INDEX party_owner_name_idx ON party (owner_id, name_key, id, deleted_at);
CREATE TABLE party_phone (
  party_id uuid NOT NULL REFERENCES party (id),
  position integer NOT NULL,
  number text COLLATE "C" NOT NULL,
  label text COLLATE "C",
  is_primary boolean NOT NULL,
  PRIMARY KEY (party_id, position)
);
CREATE INDEX party_phone_number_idx ON party_phone (number);
CREATE TABLE party_email (
  party_id uuid NOT NULL REFERENCES party (id),
  position integer NOT NULL,
  address text COLLATE "C" NOT NULL,
  label text COLLATE "C",
  is_primary boolean NOT NULL,
  PRIMARY KEY (party_id, position)
);
CREATE INDEX party_email_address_idx ON party_email (address);
CREATE TABLE party_address (
  party_id uuid NOT NULL REFERENCES party (id),
  position integer NOT NULL,
  country text COLLATE "C",
  province text COLLATE "C",
  city text COLLATE "C",
  district text COLLATE "C",
  street text COLLATE "C",
  postcode text COLLATE "C",
  label text COLLATE "C",
  is_primary boolean NOT NULL,
  PRIMARY KEY (party_id, position)
);
CREATE INDEX party_address_city_idx ON party_address (city);
CREATE TABLE party_date (
  party_id uuid NOT NULL REFERENCES party (id),
  position integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  label text COLLATE "C",
  person text COLLATE "C",
  on_date date,
  lunar_month integer,
  lunar_day integer,
  lunar_leap boolean NOT NULL,
  yearly boolean NOT NULL,
  next_on date,
  PRIMARY KEY (party_id, position)
);
CREATE INDEX party_date_next_idx ON party_date (next_on);
CREATE TABLE party_preference (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  key text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  source text COLLATE "C",
  confirmed_on date,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX party_preference_party_idx ON party_preference (party_id);
CREATE TABLE party_relation (
  id uuid PRIMARY KEY NOT NULL,
  from_id uuid NOT NULL REFERENCES party (id),
  to_id uuid NOT NULL REFERENCES party (id),
  role text COLLATE "C" NOT NULL,
  is_primary boolean NOT NULL,
  valid_from date,
  valid_to date,
  note text COLLATE "C",
  import_id uuid,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX party_relation_from_idx ON party_relation (from_id);
CREATE INDEX party_relation_to_idx ON party_relation (to_id);
CREATE TABLE tag (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  color text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT tag_name_key UNIQUE (unit_id, name)
);
CREATE TABLE party_tag (
  tag_id uuid NOT NULL REFERENCES tag (id),
  party_id uuid NOT NULL REFERENCES party (id),
  PRIMARY KEY (tag_id, party_id)
);
CREATE INDEX party_tag_party_idx ON party_tag (party_id);
CREATE TABLE custom_field (
  id uuid PRIMARY KEY NOT NULL,
  resource text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  label_zh text COLLATE "C" NOT NULL,
  label_en text COLLATE "C" NOT NULL,
  field_type text COLLATE "C" NOT NULL,
  choices jsonb NOT NULL,
  required boolean NOT NULL,
  is_unique boolean NOT NULL,
  position integer NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT custom_field_key UNIQUE (resource, key)
);
CREATE TABLE custom_value (
  field_id uuid NOT NULL REFERENCES custom_field (id),
  resource_id uuid NOT NULL,
  position integer NOT NULL,
  text_value text COLLATE "C",
  number_value double precision,
  int_value bigint,
  date_value date,
  unique_key text COLLATE "C",
  PRIMARY KEY (resource_id, field_id, position)
);
CREATE INDEX custom_value_text_idx ON custom_value (field_id, text_value);
CREATE INDEX custom_value_number_idx ON custom_value (field_id, number_value);
CREATE INDEX custom_value_int_idx ON custom_value (field_id, int_value);
CREATE INDEX custom_value_date_idx ON custom_value (field_id, date_value);
CREATE UNIQUE INDEX custom_value_unique_key ON custom_value (unique_key);
CREATE TABLE interaction (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  unit_id uuid NOT NULL,
  actor_id uuid,
  kind text COLLATE "C" NOT NULL,
  direction text COLLATE "C",
  body text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX interaction_party_idx ON interaction (party_id, at, id);
CREATE INDEX interaction_actor_idx ON interaction (actor_id, at);
CREATE TABLE party_search (
  party_id uuid PRIMARY KEY NOT NULL,
  tokens tsvector NOT NULL
);
CREATE INDEX party_search_tokens_idx ON party_search USING gin (tokens) WITH (fastupdate = on, gin_pending_list_limit = 256);
CREATE TABLE search_pending (
  party_id uuid PRIMARY KEY NOT NULL,
  queued_at timestamptz NOT NULL
);
-- An import queues all its customers at one instant: without the id, each step would sort all of them.
CREATE INDEX search_pending_queued_idx ON search_pending (queued_at, party_id);
