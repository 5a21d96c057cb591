CREATE TABLE webhook (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid NOT NULL REFERENCES app_user (id),
  name text COLLATE "C" NOT NULL,
  url text COLLATE "C" NOT NULL,
  messages jsonb NOT NULL,
  active boolean NOT NULL,
  -- Why it was switched off, when nobody did it by hand.
  stopped_for text COLLATE "C",
  -- Signatures are computed with it, so it is kept as it is.
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_until timestamptz,
  failing_since timestamptz,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX webhook_owner_idx ON webhook (owner_id);
CREATE TABLE webhook_delivery (
  id uuid PRIMARY KEY NOT NULL,
  webhook_id uuid NOT NULL REFERENCES webhook (id),
  -- The event it tells of; a ping tells of none.
  event_seq bigint,
  message text COLLATE "C" NOT NULL,
  resource_id uuid,
  -- What was sent last; empty before the first try.
  body text COLLATE "C",
  status text COLLATE "C" NOT NULL,
  attempts integer NOT NULL,
  -- Failures since it was last asked for.
  failures integer NOT NULL,
  next_at timestamptz,
  give_up_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX webhook_delivery_webhook_idx ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_next_idx ON webhook_delivery (webhook_id, next_at) WHERE next_at IS NOT NULL;
CREATE TABLE webhook_attempt (
  delivery_id uuid NOT NULL REFERENCES webhook_delivery (id),
  number integer NOT NULL,
  at timestamptz NOT NULL,
  milliseconds bigint NOT NULL,
  -- The HTTP status, if there was an answer.
  status integer,
  fault text COLLATE "C",
  answer text COLLATE "C",
  PRIMARY KEY (delivery_id, number)
);
INSERT INTO event_follower (name, seq) SELECT 'webhooks', COALESCE(MAX(seq), 0) FROM event;
