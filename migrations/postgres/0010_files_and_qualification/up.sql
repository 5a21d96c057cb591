-- What people attach, kept in pieces: the id is the SHA-256 of the bytes, so the same file is kept once.
CREATE TABLE stored_file (
  id bytea PRIMARY KEY NOT NULL,
  size bigint NOT NULL,
  media_type text COLLATE "C" NOT NULL,
  thumbnail bytea,
  touched_at timestamptz NOT NULL
);
CREATE TABLE stored_file_piece (
  file_id bytea NOT NULL REFERENCES stored_file (id),
  position integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (file_id, position)
);
CREATE TABLE attachment (
  id uuid PRIMARY KEY NOT NULL,
  subject_type text COLLATE "C" NOT NULL,
  subject_id uuid NOT NULL,
  file_id bytea NOT NULL REFERENCES stored_file (id),
  name text COLLATE "C" NOT NULL,
  kind text COLLATE "C",
  version bigint NOT NULL,
  created_by uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX attachment_subject_idx ON attachment (subject_id, id);
CREATE INDEX attachment_file_idx ON attachment (file_id);
CREATE INDEX attachment_deleted_idx ON attachment (deleted_at) WHERE deleted_at IS NOT NULL;
