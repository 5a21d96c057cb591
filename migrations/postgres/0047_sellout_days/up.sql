ALTER TABLE sellout_cell ADD COLUMN first_day DATE NOT NULL DEFAULT DATE '2000-01-01';
UPDATE sellout_cell SET first_day = CASE WHEN period LIKE '%W%'
  THEN TO_DATE(period, 'IYYY-"W"IW')
  ELSE TO_DATE(period || '-01', 'YYYY-MM-DD') END;
CREATE INDEX sellout_cell_day_idx ON sellout_cell (first_day);
ALTER TABLE sellout_change ADD COLUMN import_id UUID;
CREATE INDEX sellout_change_import_idx ON sellout_change (import_id, id);
