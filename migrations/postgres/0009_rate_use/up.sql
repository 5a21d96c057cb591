-- What each node lately let through of a credential or address that asks much: so that limits count on all nodes.
CREATE TABLE rate_use (
  at timestamptz NOT NULL,
  node uuid NOT NULL,
  principal bigint NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY (at, node, principal)
);
