ALTER TABLE party_date ADD COLUMN year_known boolean NOT NULL DEFAULT true;
ALTER TABLE party_date ADD COLUMN lunar_year integer;
ALTER TABLE party_date ADD COLUMN leap_day text COLLATE "C";
ALTER TABLE party_date ADD COLUMN leap_month text COLLATE "C";
