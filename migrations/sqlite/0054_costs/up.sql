-- What was spent to win and keep a customer, in minor units of the company's currency.
CREATE TABLE cost (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  kind TEXT NOT NULL,
  amount BIGINT NOT NULL,
  booked_on TEXT NOT NULL,
  note TEXT,
  booked_by BLOB REFERENCES app_user (id),
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX cost_party_idx ON cost (party_id, booked_on);
