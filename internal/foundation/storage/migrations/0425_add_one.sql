-- +goose Up
-- Whom staff typed in by one form: a form that was sent adds one person, however often it
-- is sent. Of who was erased since nothing is left but that the form was used.
CREATE TABLE person_added (
    by_id     BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    form_id   BYTEA  NOT NULL,
    person_id BYTEA  REFERENCES person (id) ON DELETE SET NULL,
    made_at   BIGINT NOT NULL,
    PRIMARY KEY (by_id, form_id)
);
CREATE INDEX person_added_person ON person_added (person_id);
CREATE INDEX person_added_made ON person_added (made_at);

-- A consent that staff wrote down: who did, by which way she said it and on which day in
-- Bishkek. Empty where she gave it herself.
ALTER TABLE consent ADD COLUMN noted_by BYTEA REFERENCES person (id) ON DELETE SET NULL;
ALTER TABLE consent ADD COLUMN said_how TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN said_on TEXT NOT NULL DEFAULT '';
CREATE INDEX consent_noted_by ON consent (noted_by);

-- +goose Down
DROP INDEX consent_noted_by;
ALTER TABLE consent DROP COLUMN said_on;
ALTER TABLE consent DROP COLUMN said_how;
ALTER TABLE consent DROP COLUMN noted_by;
DROP TABLE person_added;
