-- +goose Up
-- A message that staff write to some of those who applied to an activity. chosen is JSON:
-- whom; texts is JSON: what, in three languages. planned_at is 0 while it is a draft.
CREATE TABLE mailing (
    id          BYTEA   NOT NULL PRIMARY KEY,
    activity_id BYTEA   NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'waiting', 'going', 'done', 'taken_back', 'stopped')),
    version     BIGINT  NOT NULL,
    chosen      TEXT    NOT NULL,
    texts       TEXT    NOT NULL,
    stopped     TEXT    NOT NULL DEFAULT '',
    repeats     BYTEA   REFERENCES mailing (id),
    made_at     BIGINT  NOT NULL,
    planned_at  BIGINT  NOT NULL DEFAULT 0,
    due_at      BIGINT  NOT NULL DEFAULT 0,
    by_person   BYTEA   REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX mailing_of ON mailing (activity_id, made_at);
CREATE INDEX mailing_by ON mailing (by_person);

-- To those who failed it is sent again once, unless that was taken back.
CREATE UNIQUE INDEX mailing_repeated_once ON mailing (repeats) WHERE state <> 'taken_back';

-- Whom a mailing was to when it was decided, in the order in which they get it, and what
-- came of it. What became of the message is told by the message.
CREATE TABLE mailing_recipient (
    mailing_id     BYTEA  NOT NULL REFERENCES mailing (id) ON DELETE CASCADE,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    place          BIGINT NOT NULL,
    state          TEXT   NOT NULL CHECK (state IN ('chosen', 'made', 'unreachable', 'left_out')),
    reason         TEXT   NOT NULL DEFAULT '',
    CONSTRAINT mailing_recipient_once PRIMARY KEY (mailing_id, application_id)
);
CREATE INDEX mailing_recipient_of ON mailing_recipient (application_id);

-- How many messages somebody sent herself to try, in which hour since 1970.
CREATE TABLE mailing_tried (
    by_person BYTEA  NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    hour      BIGINT NOT NULL,
    count     BIGINT NOT NULL
);

-- +goose Down
DROP TABLE mailing_tried;
DROP TABLE mailing_recipient;
DROP TABLE mailing;
