CREATE TABLE consent (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  channel text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL,
  given boolean NOT NULL,
  at timestamptz NOT NULL,
  source text COLLATE "C",
  proof text COLLATE "C",
  import_id uuid,
  merge_id uuid REFERENCES party_merge (id),
  recorded_by uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX consent_party_idx ON consent (party_id, channel, purpose, at);
CREATE INDEX consent_merge_idx ON consent (merge_id) WHERE merge_id IS NOT NULL;
-- What stands of them: the latest word of each channel and purpose.
CREATE TABLE party_consent (
  party_id uuid NOT NULL REFERENCES party (id),
  channel text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL,
  given boolean NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (party_id, channel, purpose)
);
CREATE TABLE suppression (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  kind text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  note text COLLATE "C",
  created_by uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  CONSTRAINT suppression_address_key UNIQUE (unit_id, kind, address)
);
