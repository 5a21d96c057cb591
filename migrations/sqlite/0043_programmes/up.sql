-- What bill-paying programmes were found to be, beside the models of other purchases.
ALTER TABLE lifetime_model ADD COLUMN programmes TEXT;
-- Where a customer's lifetime value comes from, and what is expected of the bills they pay.
ALTER TABLE customer_metric ADD COLUMN lifetime_basis TEXT;
ALTER TABLE customer_metric ADD COLUMN programme TEXT;
ALTER TABLE customer_metric ADD COLUMN programme_paid BIGINT;
ALTER TABLE customer_metric ADD COLUMN programme_remaining DOUBLE;
ALTER TABLE customer_metric ADD COLUMN programme_value BIGINT;
ALTER TABLE customer_metric ADD COLUMN residual_value BIGINT;
