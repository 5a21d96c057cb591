CREATE TABLE webhook (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB NOT NULL REFERENCES app_user (id),
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  messages TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  -- Why it was switched off, when nobody did it by hand.
  stopped_for TEXT,
  -- Signatures are computed with it, so it is kept as it is.
  secret BLOB NOT NULL,
  previous_secret BLOB,
  previous_until BIGINT,
  failing_since BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX webhook_owner_idx ON webhook (owner_id);
CREATE TABLE webhook_delivery (
  id BLOB PRIMARY KEY NOT NULL,
  webhook_id BLOB NOT NULL REFERENCES webhook (id),
  -- The event it tells of; a ping tells of none.
  event_seq BIGINT,
  message TEXT NOT NULL,
  resource_id BLOB,
  -- What was sent last; empty before the first try.
  body TEXT,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  -- Failures since it was last asked for.
  failures INTEGER NOT NULL,
  next_at BIGINT,
  give_up_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX webhook_delivery_webhook_idx ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_next_idx ON webhook_delivery (webhook_id, next_at) WHERE next_at IS NOT NULL;
CREATE TABLE webhook_attempt (
  delivery_id BLOB NOT NULL REFERENCES webhook_delivery (id),
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  milliseconds BIGINT NOT NULL,
  -- The HTTP status, if there was an answer.
  status INTEGER,
  fault TEXT,
  answer TEXT,
  PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;
INSERT INTO event_follower (name, seq) SELECT 'webhooks', COALESCE(MAX(seq), 0) FROM event;
