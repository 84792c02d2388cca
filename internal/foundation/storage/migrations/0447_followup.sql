-- +goose Up
-- What is asked of who has said yes, at one activity: whether, until how many days before the
-- start, whether staff need it, and for how many days after the end answers are kept.
CREATE TABLE followup (
    activity_id BYTEA   NOT NULL PRIMARY KEY,
    asks        BOOLEAN NOT NULL,
    days_before BIGINT  NOT NULL CHECK (days_before BETWEEN 0 AND 60),
    needed      BOOLEAN NOT NULL,
    forget_days BIGINT  NOT NULL CHECK (forget_days BETWEEN 1 AND 180),
    version     BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL
);

-- The questions, of an activity or of all that share a template; versions never change.
CREATE TABLE followup_form (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA,
    template_id BYTEA,
    version_id  BYTEA,
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    CONSTRAINT followup_form_activity UNIQUE (activity_id),
    CONSTRAINT followup_form_template UNIQUE (template_id)
);
CREATE TABLE followup_form_version (
    id        BYTEA  NOT NULL PRIMARY KEY,
    form_id   BYTEA  NOT NULL REFERENCES followup_form (id),
    questions TEXT   NOT NULL,
    made_at   BIGINT NOT NULL
);
CREATE INDEX followup_form_version_of ON followup_form_version (form_id, made_at);

-- What somebody with a seat answered, sealed under her key; version 0 and no answers while she
-- was only asked. The row is deleted once the days of the activity have passed.
CREATE TABLE followup_answer (
    application_id  BYTEA  NOT NULL PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    person_id       BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    form_version_id BYTEA,
    answers         BYTEA,
    version         BIGINT NOT NULL,
    answered_at     BIGINT NOT NULL DEFAULT 0,
    changed_at      BIGINT NOT NULL DEFAULT 0,
    asked_at        BIGINT NOT NULL DEFAULT 0,
    again_at        BIGINT NOT NULL DEFAULT 0,
    CHECK (answered_at = 0 OR answers IS NOT NULL)
);
CREATE INDEX followup_answer_by ON followup_answer (person_id);

-- +goose Down
DROP TABLE followup_answer;
DROP TABLE followup_form_version;
DROP TABLE followup_form;
DROP TABLE followup;
