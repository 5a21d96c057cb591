-- What is used up is offered again to who has it.
ALTER TABLE product ADD COLUMN consumable BOOLEAN NOT NULL DEFAULT FALSE;
-- How many customers the rule was learnt of: those who have both are a share of them.
ALTER TABLE association ADD COLUMN of_baskets BIGINT NOT NULL DEFAULT 0;
