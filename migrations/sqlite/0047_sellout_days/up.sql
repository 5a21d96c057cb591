ALTER TABLE sellout_cell ADD COLUMN first_day TEXT NOT NULL DEFAULT '2000-01-01';
UPDATE sellout_cell SET first_day = CASE WHEN period LIKE '%W%'
  THEN DATE(SUBSTR(period, 1, 4) || '-01-04', 'weekday 0', '-6 days', '+' || ((CAST(SUBSTR(period, 7, 2) AS INTEGER) - 1) * 7) || ' days')
  ELSE period || '-01' END;
CREATE INDEX sellout_cell_day_idx ON sellout_cell (first_day);
ALTER TABLE sellout_change ADD COLUMN import_id BLOB;
CREATE INDEX sellout_change_import_idx ON sellout_change (import_id, id);
