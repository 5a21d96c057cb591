-- What is known of a customer as of a day, and from where: credit grade, all they buy, staff, revenue, kinds of the
-- company's own. One of amount, number and words.
CREATE TABLE party_fact (
  id BLOB PRIMARY KEY NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  kind TEXT NOT NULL,
  as_of TEXT NOT NULL,
  amount BIGINT,
  number DOUBLE,
  words TEXT,
  source TEXT NOT NULL,
  note TEXT,
  import_id BLOB,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX party_fact_party_idx ON party_fact (party_id, kind, as_of);
CREATE INDEX party_fact_kind_idx ON party_fact (kind, party_id);
CREATE INDEX party_fact_source_idx ON party_fact (source);
CREATE INDEX party_fact_import_idx ON party_fact (import_id) WHERE import_id IS NOT NULL;
-- Our part of what a customer buys in a year.
ALTER TABLE customer_metric ADD COLUMN wallet_share DOUBLE;
