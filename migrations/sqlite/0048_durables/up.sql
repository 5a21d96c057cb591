-- What a buyer of durables is expected to be worth yet.
ALTER TABLE customer_metric ADD COLUMN durable TEXT;
ALTER TABLE customer_metric ADD COLUMN durable_value BIGINT;
CREATE INDEX customer_metric_durable_idx ON customer_metric (durable, unit_id, owner_id, durable_value) WHERE durable IS NOT NULL;
