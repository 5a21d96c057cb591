-- Key accounts: who looks after one, what is planned, where they are to be met. Goals and touchpoints are lists that are
-- only ever read and written with their account.
CREATE TABLE key_account (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  level TEXT,
  plan TEXT,
  review_on TEXT,
  goals TEXT NOT NULL,
  touchpoints TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_by BLOB REFERENCES app_user (id),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX key_account_party_key ON key_account (party_id);
CREATE TABLE key_account_member (
  account_id BLOB NOT NULL REFERENCES key_account (id),
  position INTEGER NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  role TEXT NOT NULL,
  PRIMARY KEY (account_id, position)
) WITHOUT ROWID;
CREATE INDEX key_account_member_user_idx ON key_account_member (user_id, account_id);
