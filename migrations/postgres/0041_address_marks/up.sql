-- Whether a phone or an e-mail is known to reach somebody, since when, and who says so.
ALTER TABLE party_phone ADD COLUMN mark TEXT;
ALTER TABLE party_phone ADD COLUMN mark_reason TEXT;
ALTER TABLE party_phone ADD COLUMN marked_at timestamptz;
ALTER TABLE party_phone ADD COLUMN marked_by uuid REFERENCES app_user (id);
ALTER TABLE party_email ADD COLUMN mark TEXT;
ALTER TABLE party_email ADD COLUMN mark_reason TEXT;
ALTER TABLE party_email ADD COLUMN marked_at timestamptz;
ALTER TABLE party_email ADD COLUMN marked_by uuid REFERENCES app_user (id);
