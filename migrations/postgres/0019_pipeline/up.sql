-- A company has any number of ways of selling; one without a unit is for every unit.
CREATE TABLE pipeline (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid REFERENCES unit (id),
  name text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE pipeline_stage (
  id uuid PRIMARY KEY NOT NULL,
  pipeline_id uuid NOT NULL REFERENCES pipeline (id),
  position bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  probability bigint NOT NULL,
  criteria jsonb NOT NULL,
  steps_asked text COLLATE "C" NOT NULL,
  -- Taken out of its pipeline; history still names it.
  retired boolean NOT NULL
);
CREATE INDEX pipeline_stage_pipeline_idx ON pipeline_stage (pipeline_id, position);
-- A form on the web, found by its token, that makes leads.
CREATE TABLE lead_form (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  pipeline_id uuid NOT NULL REFERENCES pipeline (id),
  token text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL,
  intro text COLLATE "C",
  consent_text text COLLATE "C",
  source text COLLATE "C",
  active boolean NOT NULL,
  leads bigint NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX lead_form_token_key ON lead_form (token);
CREATE INDEX lead_form_unit_idx ON lead_form (unit_id, id);
-- Leads and opportunities are one record from the first call to the end.
CREATE TABLE opportunity (
  id uuid PRIMARY KEY NOT NULL,
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  party_id uuid REFERENCES party (id),
  pipeline_id uuid NOT NULL REFERENCES pipeline (id),
  stage_id uuid NOT NULL REFERENCES pipeline_stage (id),
  form_id uuid REFERENCES lead_form (id),
  kind text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  -- Nothing means that nobody knows yet.
  amount bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  exchange_rate bigint NOT NULL,
  amount_base bigint NOT NULL,
  expected_close date,
  source text COLLATE "C",
  reason text COLLATE "C",
  competitor text COLLATE "C",
  remarks text COLLATE "C",
  lead_company text COLLATE "C",
  lead_person text COLLATE "C",
  lead_phone text COLLATE "C",
  lead_email text COLLATE "C",
  consent_text text COLLATE "C",
  plan_outcome text COLLATE "C",
  stage_since timestamptz NOT NULL,
  qualified_at timestamptz,
  closed_at timestamptz,
  version bigint NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
-- Lists by owner and stage, by stage, and the columns of the board, each by amount: one walk.
CREATE INDEX opportunity_unit_owner_idx ON opportunity (unit_id, owner_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_owner_idx ON opportunity (owner_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_unit_stage_idx ON opportunity (unit_id, stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_stage_idx ON opportunity (stage_id, amount_base, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_unit_idx ON opportunity (unit_id, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_party_idx ON opportunity (party_id, id);
CREATE TABLE opportunity_contact (
  id uuid PRIMARY KEY NOT NULL,
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  position bigint NOT NULL,
  party_id uuid NOT NULL REFERENCES party (id),
  role text COLLATE "C"
);
CREATE INDEX opportunity_contact_opportunity_idx ON opportunity_contact (opportunity_id, position);
CREATE INDEX opportunity_contact_party_idx ON opportunity_contact (party_id);
CREATE TABLE opportunity_competitor (
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  position bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (opportunity_id, position)
);
-- Needs, motives, resistances.
CREATE TABLE opportunity_note (
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  position bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  content text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  answer text COLLATE "C",
  PRIMARY KEY (opportunity_id, position)
);
-- The development plan.
CREATE TABLE opportunity_step (
  id uuid PRIMARY KEY NOT NULL,
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid REFERENCES app_user (id),
  position bigint NOT NULL,
  title text COLLATE "C" NOT NULL,
  due_on date,
  required boolean NOT NULL,
  status text COLLATE "C" NOT NULL,
  result text COLLATE "C",
  done_at timestamptz,
  done_by uuid
);
CREATE INDEX opportunity_step_opportunity_idx ON opportunity_step (opportunity_id, position);
CREATE INDEX opportunity_step_owner_idx ON opportunity_step (owner_id, unit_id, id);
-- Where an opportunity stood from when to when, with what amount: what it is worth on any day is a range of an index.
-- Unit and owner are those of now, as the walls between units are.
CREATE TABLE opportunity_stage_change (
  id uuid PRIMARY KEY NOT NULL,
  opportunity_id uuid NOT NULL REFERENCES opportunity (id),
  unit_id uuid NOT NULL REFERENCES unit (id),
  owner_id uuid,
  stage_id uuid NOT NULL REFERENCES pipeline_stage (id),
  from_stage_id uuid REFERENCES pipeline_stage (id),
  next_stage_id uuid REFERENCES pipeline_stage (id),
  -- When the stage was entered; a change of the amount alone begins a new row and leaves this.
  entered_at timestamptz NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  -- How long it stood in the stage, once it has left.
  stood_seconds bigint,
  amount_base bigint NOT NULL,
  probability bigint NOT NULL,
  weighted bigint NOT NULL,
  reason text COLLATE "C",
  competitor text COLLATE "C",
  remark text COLLATE "C",
  changed_by uuid
);
CREATE INDEX opportunity_stage_change_of_idx ON opportunity_stage_change (opportunity_id, valid_to);
CREATE INDEX opportunity_stage_change_stand_idx ON opportunity_stage_change
  (stage_id, valid_to, valid_from, unit_id, owner_id, entered_at, amount_base, weighted);
CREATE INDEX opportunity_stage_change_left_idx ON opportunity_stage_change
  (stage_id, valid_to, next_stage_id, unit_id, owner_id, stood_seconds);
