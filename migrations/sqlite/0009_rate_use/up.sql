-- What each node lately let through of a credential or address that asks much: so that limits count on all nodes.
CREATE TABLE rate_use (
  at BIGINT NOT NULL,
  node BLOB NOT NULL,
  principal BIGINT NOT NULL,
  used BIGINT NOT NULL,
  PRIMARY KEY (at, node, principal)
) WITHOUT ROWID;
