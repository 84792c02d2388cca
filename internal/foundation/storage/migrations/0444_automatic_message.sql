-- +goose Up
-- What staff changed of a message that goes by itself, for one activity. days and minute (of
-- the day, in Bishkek) are -1 where they are as ever; own is JSON: a paragraph of their own.
CREATE TABLE automatic_message (
    activity_id BYTEA   NOT NULL,
    message     TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    is_off      BOOLEAN NOT NULL DEFAULT FALSE,
    days        BIGINT  NOT NULL DEFAULT -1,
    minute      BIGINT  NOT NULL DEFAULT -1,
    own         TEXT    NOT NULL DEFAULT '{}',
    changed_at  BIGINT  NOT NULL,
    by_person   BYTEA   REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT automatic_message_once PRIMARY KEY (activity_id, message)
);
CREATE INDEX automatic_message_by ON automatic_message (by_person);

-- The same for what is made of a template from an instant on. Nothing is written over, so that
-- an activity keeps what held when it was made.
CREATE TABLE automatic_default (
    template_id BYTEA   NOT NULL REFERENCES template (id) ON DELETE CASCADE,
    message     TEXT    NOT NULL,
    changed_at  BIGINT  NOT NULL,
    is_off      BOOLEAN NOT NULL DEFAULT FALSE,
    days        BIGINT  NOT NULL DEFAULT -1,
    minute      BIGINT  NOT NULL DEFAULT -1,
    own         TEXT    NOT NULL DEFAULT '{}',
    by_person   BYTEA   REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT automatic_default_once PRIMARY KEY (template_id, message, changed_at)
);
CREATE INDEX automatic_default_by ON automatic_default (by_person);

-- +goose Down
DROP TABLE automatic_default;
DROP TABLE automatic_message;
