-- What was spent to win and keep a customer, in minor units of the company's currency.
CREATE TABLE cost (
  id uuid PRIMARY KEY NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  kind text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  booked_on date NOT NULL,
  note text COLLATE "C",
  booked_by uuid REFERENCES app_user (id),
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX cost_party_idx ON cost (party_id, booked_on);
