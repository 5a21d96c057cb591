-- Key accounts: who looks after one, what is planned, where they are to be met. Goals and touchpoints are lists that are
-- only ever read and written with their account.
CREATE TABLE key_account (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  level text COLLATE "C",
  plan text COLLATE "C",
  review_on date,
  goals jsonb NOT NULL,
  touchpoints jsonb NOT NULL,
  version bigint NOT NULL,
  created_by uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX key_account_party_key ON key_account (party_id);
CREATE TABLE key_account_member (
  account_id uuid NOT NULL REFERENCES key_account (id),
  position integer NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  role text COLLATE "C" NOT NULL,
  PRIMARY KEY (account_id, position)
);
CREATE INDEX key_account_member_user_idx ON key_account_member (user_id, account_id);
