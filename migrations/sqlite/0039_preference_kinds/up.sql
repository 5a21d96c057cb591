-- Which file brought a preference: taking the file back takes it too.
ALTER TABLE party_preference ADD COLUMN import_id BLOB;
-- Customers by the kinds of what they like; which kinds are in use.
CREATE INDEX party_preference_key_idx ON party_preference (key, party_id);
