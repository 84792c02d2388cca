-- +goose Up
-- What staff note on an application. words are sealed under the key of its person.
CREATE TABLE application_note (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    words          BYTEA  NOT NULL,
    at             BIGINT NOT NULL,
    by_person      BYTEA  REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX application_note_of ON application_note (application_id, at);
CREATE INDEX application_note_by ON application_note (by_person);

-- The tags that staff put on an application: a list in JSON, sealed under the key of its
-- person. An application without tags has no row.
CREATE TABLE application_tags (
    application_id BYTEA NOT NULL PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    tags           BYTEA NOT NULL
);

-- +goose Down
DROP TABLE application_tags;
DROP TABLE application_note;
