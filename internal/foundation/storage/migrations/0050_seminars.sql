-- +goose Up
-- Seats of one activity, and how they are given out. taken counts the
-- applications whose state holds a seat; it never passes capacity.
CREATE TABLE seminar (
    activity_id       BYTEA   NOT NULL PRIMARY KEY,
    capacity          BIGINT  NOT NULL,
    taken             BIGINT  NOT NULL DEFAULT 0,
    first_come        BOOLEAN NOT NULL DEFAULT FALSE,
    late_waiting      BOOLEAN NOT NULL DEFAULT TRUE,
    invitation_hours  BIGINT  NOT NULL DEFAULT 72,
    offer_hours       BIGINT  NOT NULL DEFAULT 24,
    reconfirm_days    BIGINT  NOT NULL DEFAULT 2,
    reconfirm_release BOOLEAN NOT NULL DEFAULT FALSE,
    targets           TEXT    NOT NULL DEFAULT '{}',
    made_at           BIGINT  NOT NULL,
    CONSTRAINT seminar_seats CHECK (taken >= 0 AND taken <= capacity)
);

-- A form, for one activity or for all that share a template.
CREATE TABLE application_form (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA,
    template_id BYTEA,
    questions   TEXT   NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    changed_at  BIGINT NOT NULL,
    CONSTRAINT application_form_activity UNIQUE (activity_id),
    CONSTRAINT application_form_template UNIQUE (template_id)
);

-- One person's application to one activity. answers is sealed under her key;
-- place orders the waiting list.
CREATE TABLE application (
    id            BYTEA  NOT NULL PRIMARY KEY,
    activity_id   BYTEA  NOT NULL,
    person_id     BYTEA  NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('applied', 'shortlisted', 'invited', 'confirmed', 'attended', 'no_show', 'waitlisted', 'declined', 'withdrawn')),
    place         BIGINT NOT NULL DEFAULT 0,
    expires_at    BIGINT NOT NULL DEFAULT 0,
    reconfirm     TEXT   NOT NULL DEFAULT '' CHECK (reconfirm IN ('', 'asked', 'yes')),
    answers       BYTEA,
    form_version  BIGINT NOT NULL DEFAULT 0,
    facts         BIGINT NOT NULL DEFAULT 0,
    version       BIGINT NOT NULL DEFAULT 1,
    made_at       BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    CONSTRAINT application_once UNIQUE (activity_id, person_id)
);
CREATE INDEX application_state ON application (activity_id, state, place, id);
CREATE INDEX application_person ON application (person_id);
CREATE INDEX application_expiry ON application (state, expires_at);

-- Every move of an application: who, when, why. by_person is empty when the
-- house itself moved it. why is a text key, or the words of the organiser.
CREATE TABLE application_move (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id),
    from_state     TEXT   NOT NULL,
    to_state       TEXT   NOT NULL,
    by_person      BYTEA,
    why            TEXT   NOT NULL,
    at             BIGINT NOT NULL
);
CREATE INDEX application_move_of ON application_move (application_id, at);

-- A half-filled application. token_hash is of the secret in the person's
-- cookie, box is sealed under a key made from the same secret: without the
-- cookie nobody can read it. Once it is handed in, box is empty and
-- application_id tells which application came of it, so that a second tap finds
-- the first; fresh says that the person was new, made by this very form.
CREATE TABLE application_draft (
    token_hash     BYTEA   NOT NULL PRIMARY KEY,
    activity_id    BYTEA   NOT NULL,
    box            BYTEA,
    application_id BYTEA,
    fresh          BOOLEAN NOT NULL DEFAULT FALSE,
    until_at       BIGINT  NOT NULL
);
CREATE INDEX application_draft_until ON application_draft (until_at);

-- +goose Down
DROP TABLE application_draft;
DROP TABLE application_move;
DROP TABLE application;
DROP TABLE application_form;
DROP TABLE seminar;
