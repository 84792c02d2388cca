-- +goose Up
-- What a form asked at a time. A version is written once and never changed: an answer
-- points to the one that was answered, and is shown with its words.
CREATE TABLE application_form_version (
    id        BYTEA  NOT NULL PRIMARY KEY,
    form_id   BYTEA  NOT NULL REFERENCES application_form (id),
    questions TEXT   NOT NULL,
    made_at   BIGINT NOT NULL
);
CREATE INDEX application_form_version_of ON application_form_version (form_id, made_at);
INSERT INTO application_form_version (id, form_id, questions, made_at)
    SELECT id, id, questions, changed_at
    FROM application_form;

-- version_id is what the form asks now.
ALTER TABLE application_form ADD COLUMN version_id BYTEA;
UPDATE application_form SET version_id = id;
ALTER TABLE application_form DROP COLUMN questions;

-- form_version_id is empty for the usual form. Of before, only the latest words are known.
ALTER TABLE application ADD COLUMN form_version_id BYTEA;
UPDATE application SET form_version_id = COALESCE(
        (SELECT f.version_id FROM application_form f WHERE f.activity_id = application.activity_id),
        (SELECT f.version_id FROM application_form f JOIN activity a ON a.template_id = f.template_id WHERE a.id = application.activity_id))
    WHERE form_version > 0;
ALTER TABLE application DROP COLUMN form_version;

-- +goose Down
ALTER TABLE application ADD COLUMN form_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application DROP COLUMN form_version_id;
ALTER TABLE application_form ADD COLUMN questions TEXT NOT NULL DEFAULT '[]';
UPDATE application_form SET questions = COALESCE((SELECT v.questions FROM application_form_version v WHERE v.id = application_form.version_id), '[]');
ALTER TABLE application_form DROP COLUMN version_id;
DROP TABLE application_form_version;
