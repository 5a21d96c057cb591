-- What people attach, kept in pieces: the id is the SHA-256 of the bytes, so the same file is kept once.
CREATE TABLE stored_file (
  id BLOB PRIMARY KEY NOT NULL,
  size BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  thumbnail BLOB,
  touched_at BIGINT NOT NULL
);
CREATE TABLE stored_file_piece (
  file_id BLOB NOT NULL REFERENCES stored_file (id),
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (file_id, position)
);
CREATE TABLE attachment (
  id BLOB PRIMARY KEY NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  file_id BLOB NOT NULL REFERENCES stored_file (id),
  name TEXT NOT NULL,
  kind TEXT,
  version BIGINT NOT NULL,
  created_by BLOB NOT NULL REFERENCES app_user (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE INDEX attachment_subject_idx ON attachment (subject_id, id);
CREATE INDEX attachment_file_idx ON attachment (file_id);
CREATE INDEX attachment_deleted_idx ON attachment (deleted_at) WHERE deleted_at IS NOT NULL;
