-- A company has any number of ways of selling; one without a unit is for every unit.
CREATE TABLE pipeline (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB REFERENCES unit (id),
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE TABLE pipeline_stage (
  id BLOB PRIMARY KEY NOT NULL,
  pipeline_id BLOB NOT NULL REFERENCES pipeline (id),
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  probability BIGINT NOT NULL,
  criteria TEXT NOT NULL,
  steps_asked TEXT NOT NULL,
  -- Taken out of its pipeline; history still names it.
  retired BOOLEAN NOT NULL
);
CREATE INDEX pipeline_stage_pipeline_idx ON pipeline_stage (pipeline_id, position);
-- A form on the web, found by its token, that makes leads.
CREATE TABLE lead_form (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  pipeline_id BLOB NOT NULL REFERENCES pipeline (id),
  token TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  intro TEXT,
  consent_text TEXT,
  source TEXT,
  active BOOLEAN NOT NULL,
  leads BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lead_form_token_key ON lead_form (token);
CREATE INDEX lead_form_unit_idx ON lead_form (unit_id, id);
-- Leads and opportunities are one record from the first call to the end.
CREATE TABLE opportunity (
  id BLOB PRIMARY KEY NOT NULL,
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  party_id BLOB REFERENCES party (id),
  pipeline_id BLOB NOT NULL REFERENCES pipeline (id),
  stage_id BLOB NOT NULL REFERENCES pipeline_stage (id),
  form_id BLOB REFERENCES lead_form (id),
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  -- Nothing means that nobody knows yet.
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  exchange_rate BIGINT NOT NULL,
  amount_base BIGINT NOT NULL,
  expected_close TEXT,
  source TEXT,
  reason TEXT,
  competitor TEXT,
  remarks TEXT,
  lead_company TEXT,
  lead_person TEXT,
  lead_phone TEXT,
  lead_email TEXT,
  consent_text TEXT,
  plan_outcome TEXT,
  stage_since BIGINT NOT NULL,
  qualified_at BIGINT,
  closed_at BIGINT,
  version BIGINT NOT NULL,
  created_by BLOB,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT
) WITHOUT ROWID;
-- Lists by owner and stage, by stage, and the columns of the board, each by amount: one walk.
CREATE INDEX opportunity_unit_owner_idx ON opportunity (unit_id, owner_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_owner_idx ON opportunity (owner_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_unit_stage_idx ON opportunity (unit_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_stage_idx ON opportunity (stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_unit_idx ON opportunity (unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_party_idx ON opportunity (party_id, id);
CREATE TABLE opportunity_contact (
  id BLOB PRIMARY KEY NOT NULL,
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  position BIGINT NOT NULL,
  party_id BLOB NOT NULL REFERENCES party (id),
  role TEXT
);
CREATE INDEX opportunity_contact_opportunity_idx ON opportunity_contact (opportunity_id, position);
CREATE INDEX opportunity_contact_party_idx ON opportunity_contact (party_id);
CREATE TABLE opportunity_competitor (
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (opportunity_id, position)
);
-- Needs, motives, resistances.
CREATE TABLE opportunity_note (
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  status TEXT NOT NULL,
  answer TEXT,
  PRIMARY KEY (opportunity_id, position)
);
-- The development plan.
CREATE TABLE opportunity_step (
  id BLOB PRIMARY KEY NOT NULL,
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB REFERENCES app_user (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  due_on TEXT,
  required BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  result TEXT,
  done_at BIGINT,
  done_by BLOB
);
CREATE INDEX opportunity_step_opportunity_idx ON opportunity_step (opportunity_id, position);
CREATE INDEX opportunity_step_owner_idx ON opportunity_step (owner_id, unit_id, id);
-- Where an opportunity stood from when to when, with what amount: what it is worth on any day is a range of an index.
-- Unit and owner are those of now, as the walls between units are.
CREATE TABLE opportunity_stage_change (
  id BLOB PRIMARY KEY NOT NULL,
  opportunity_id BLOB NOT NULL REFERENCES opportunity (id),
  unit_id BLOB NOT NULL REFERENCES unit (id),
  owner_id BLOB,
  stage_id BLOB NOT NULL REFERENCES pipeline_stage (id),
  from_stage_id BLOB REFERENCES pipeline_stage (id),
  next_stage_id BLOB REFERENCES pipeline_stage (id),
  -- When the stage was entered; a change of the amount alone begins a new row and leaves this.
  entered_at BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NOT NULL,
  -- How long it stood in the stage, once it has left.
  stood_seconds BIGINT,
  amount_base BIGINT NOT NULL,
  probability BIGINT NOT NULL,
  weighted BIGINT NOT NULL,
  reason TEXT,
  competitor TEXT,
  remark TEXT,
  changed_by BLOB
) WITHOUT ROWID;
CREATE INDEX opportunity_stage_change_of_idx ON opportunity_stage_change (opportunity_id, valid_to);
CREATE INDEX opportunity_stage_change_stand_idx ON opportunity_stage_change
  (stage_id, valid_to, valid_from, unit_id, owner_id, entered_at, amount_base, weighted);
CREATE INDEX opportunity_stage_change_left_idx ON opportunity_stage_change
  (stage_id, valid_to, next_stage_id, unit_id, owner_id, stood_seconds);
