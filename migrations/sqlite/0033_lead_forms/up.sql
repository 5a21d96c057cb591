-- Where new leads of a form begin; the first open stage of its pipeline when absent.
ALTER TABLE lead_form ADD COLUMN stage_id BLOB REFERENCES pipeline_stage (id);
-- What is asked, in order, and the words that are agreed to: channel and purpose.
ALTER TABLE lead_form ADD COLUMN fields TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lead_form ADD COLUMN purposes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lead_form ADD COLUMN consent_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE lead_form ADD COLUMN thanks TEXT;
ALTER TABLE lead_form ADD COLUMN redirect_url TEXT;
-- Sites that may send it.
ALTER TABLE lead_form ADD COLUMN origins TEXT NOT NULL DEFAULT '[]';
-- What came again, and what no person sent.
ALTER TABLE lead_form ADD COLUMN repeated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lead_form ADD COLUMN trapped BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lead_form ADD COLUMN last_at BIGINT;
-- Who takes the leads of a form in turn.
CREATE TABLE lead_form_person (
  form_id BLOB NOT NULL REFERENCES lead_form (id),
  position BIGINT NOT NULL,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  PRIMARY KEY (form_id, position)
);
-- Every time a form was sent: the first makes the lead, the others point at it.
CREATE TABLE lead_submission (
  id BLOB PRIMARY KEY NOT NULL,
  form_id BLOB NOT NULL REFERENCES lead_form (id),
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  at BIGINT NOT NULL,
  repeated BOOLEAN NOT NULL,
  -- Tells who sends often without keeping addresses.
  address_hash BLOB,
  attribution TEXT NOT NULL,
  purposes TEXT NOT NULL,
  consent_text TEXT
);
CREATE INDEX lead_submission_form_idx ON lead_submission (form_id, at);
CREATE INDEX lead_submission_opportunity_idx ON lead_submission (opportunity_id, at);
