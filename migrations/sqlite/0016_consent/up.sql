CREATE TABLE consent (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  given BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  source TEXT,
  proof TEXT,
  import_id BLOB,
  merge_id BLOB REFERENCES party_merge (id),
  recorded_by BLOB NOT NULL REFERENCES app_user (id),
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX consent_party_idx ON consent (party_id, channel, purpose, at);
CREATE INDEX consent_merge_idx ON consent (merge_id) WHERE merge_id IS NOT NULL;
-- What stands of them: the latest word of each channel and purpose.
CREATE TABLE party_consent (
  party_id BLOB NOT NULL REFERENCES party (id),
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  given BOOLEAN NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (party_id, channel, purpose)
) WITHOUT ROWID;
CREATE TABLE suppression (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  note TEXT,
  created_by BLOB NOT NULL REFERENCES app_user (id),
  created_at BIGINT NOT NULL,
  CONSTRAINT suppression_address_key UNIQUE (unit_id, kind, address)
) WITHOUT ROWID;
