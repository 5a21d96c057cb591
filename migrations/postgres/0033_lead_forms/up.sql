-- Where new leads of a form begin; the first open stage of its pipeline when absent.
ALTER TABLE lead_form ADD COLUMN stage_id uuid REFERENCES pipeline_stage (id);
-- What is asked, in order, and the words that are agreed to: channel and purpose.
ALTER TABLE lead_form ADD COLUMN fields jsonb NOT NULL DEFAULT '[]';
ALTER TABLE lead_form ADD COLUMN purposes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE lead_form ADD COLUMN consent_required boolean NOT NULL DEFAULT FALSE;
ALTER TABLE lead_form ADD COLUMN thanks text COLLATE "C";
ALTER TABLE lead_form ADD COLUMN redirect_url text COLLATE "C";
-- Sites that may send it.
ALTER TABLE lead_form ADD COLUMN origins jsonb NOT NULL DEFAULT '[]';
-- What came again, and what no person sent.
ALTER TABLE lead_form ADD COLUMN repeated bigint NOT NULL DEFAULT 0;
ALTER TABLE lead_form ADD COLUMN trapped bigint NOT NULL DEFAULT 0;
ALTER TABLE lead_form ADD COLUMN last_at timestamptz;
-- Who takes the leads of a form in turn.
CREATE TABLE lead_form_person (
  form_id uuid NOT NULL REFERENCES lead_form (id),
  position bigint NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  PRIMARY KEY (form_id, position)
);
-- Every time a form was sent: the first makes the lead, the others point at it.
CREATE TABLE lead_submission (
  id uuid PRIMARY KEY NOT NULL,
  form_id uuid NOT NULL REFERENCES lead_form (id),
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  at timestamptz NOT NULL,
  repeated boolean NOT NULL,
  -- Tells who sends often without keeping addresses.
  address_hash bytea,
  attribution jsonb NOT NULL,
  purposes jsonb NOT NULL,
  consent_text text COLLATE "C"
);
CREATE INDEX lead_submission_form_idx ON lead_submission (form_id, at);
CREATE INDEX lead_submission_opportunity_idx ON lead_submission (opportunity_id, at);
