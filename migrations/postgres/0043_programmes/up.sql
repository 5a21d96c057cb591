-- What bill-paying programmes were found to be, beside the models of other purchases.
ALTER TABLE lifetime_model ADD COLUMN programmes jsonb;
-- Where a customer's lifetime value comes from, and what is expected of the bills they pay.
ALTER TABLE customer_metric ADD COLUMN lifetime_basis text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN programme text COLLATE "C";
ALTER TABLE customer_metric ADD COLUMN programme_paid bigint;
ALTER TABLE customer_metric ADD COLUMN programme_remaining double precision;
ALTER TABLE customer_metric ADD COLUMN programme_value bigint;
ALTER TABLE customer_metric ADD COLUMN residual_value bigint;
