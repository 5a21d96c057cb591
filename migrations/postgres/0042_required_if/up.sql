-- Under what a custom field is required: the field that decides, and its values.
ALTER TABLE custom_field ADD COLUMN required_if jsonb;
