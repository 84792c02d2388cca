-- +goose Up
-- The rules of a selection as they are edited. rules is JSON: seats, limit, quotas.
CREATE TABLE selection_rules (
    activity_id BYTEA  NOT NULL PRIMARY KEY,
    rules       TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    changed_by  BYTEA  REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX selection_rules_by ON selection_rules (changed_by);

-- The house's part of the seed of the draw with this number: sealed until it is drawn;
-- its fingerprint is shown from the first.
CREATE TABLE selection_seed (
    activity_id BYTEA  NOT NULL,
    number      BIGINT NOT NULL,
    secret      BYTEA  NOT NULL,
    fingerprint TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    CONSTRAINT selection_seed_once PRIMARY KEY (activity_id, number)
);

-- A draw that is being computed, and what came of it when nothing did.
CREATE TABLE selection_ask (
    activity_id BYTEA  NOT NULL PRIMARY KEY,
    id          BYTEA  NOT NULL,
    after       BIGINT NOT NULL,
    by_person   BYTEA  REFERENCES person (id) ON DELETE CASCADE,
    witness     TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    part        BIGINT NOT NULL DEFAULT 0,
    fault       TEXT   NOT NULL DEFAULT '',
    at          BIGINT NOT NULL
);
CREATE INDEX selection_ask_by ON selection_ask (by_person);

-- A draw, never changed: rules and seed in words, and in the box, sealed, what the rules
-- ask of each lot and its chance. Its number says which follows which: the last counts.
CREATE TABLE selection_draw (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL,
    number      BIGINT NOT NULL CHECK (number > 0),
    reason      TEXT   NOT NULL,
    rules       TEXT   NOT NULL,
    seed        TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    fixed_at    BIGINT NOT NULL,
    reached     TEXT   NOT NULL,
    lots        BIGINT NOT NULL,
    kept        BIGINT NOT NULL,
    digest      TEXT   NOT NULL,
    box         BYTEA  NOT NULL,
    at          BIGINT NOT NULL,
    by_person   BYTEA  REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT selection_draw_once UNIQUE (activity_id, number),
    CONSTRAINT selection_draw_reason CHECK (number = 1 OR reason <> '')
);
CREATE INDEX selection_draw_by ON selection_draw (by_person);

-- A lot of a draw: whose application it stands for, unless she was erased. place is the
-- order of the reserve, 0 for who was drawn or kept.
CREATE TABLE selection_lot (
    draw_id        BYTEA   NOT NULL REFERENCES selection_draw (id),
    number         BIGINT  NOT NULL,
    application_id BYTEA   REFERENCES application (id) ON DELETE SET NULL,
    kept           BOOLEAN NOT NULL,
    drawn          BOOLEAN NOT NULL,
    place          BIGINT  NOT NULL,
    CONSTRAINT selection_lot_once PRIMARY KEY (draw_id, number)
);
CREATE INDEX selection_lot_of ON selection_lot (application_id);

-- What was decided by hand: into the selection, out of it, or neither any more. reason is
-- sealed under the key of the person of the application; the last mark counts.
CREATE TABLE selection_mark (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    put            TEXT   NOT NULL CHECK (put IN ('in', 'out', 'free')),
    reason         BYTEA  NOT NULL,
    at             BIGINT NOT NULL,
    by_person      BYTEA  REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX selection_mark_of ON selection_mark (application_id, at);
CREATE INDEX selection_mark_by ON selection_mark (by_person);

-- A selection that is told to everybody once due_at has passed, and what became of it.
-- waiting is how many of those who were not chosen wait; the others are refused.
CREATE TABLE selection_step (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL,
    draw_id     BYTEA  REFERENCES selection_draw (id),
    waiting     BIGINT NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'done', 'taken_back', 'refused')),
    refused     TEXT   NOT NULL DEFAULT '',
    due_at      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    by_person   BYTEA  REFERENCES person (id) ON DELETE SET NULL
);
CREATE UNIQUE INDEX selection_step_open ON selection_step (activity_id) WHERE state = 'waiting';
CREATE INDEX selection_step_of ON selection_step (activity_id, at);
CREATE INDEX selection_step_draw ON selection_step (draw_id);
CREATE INDEX selection_step_by ON selection_step (by_person);

-- +goose Down
DROP TABLE selection_step;
DROP TABLE selection_mark;
DROP TABLE selection_lot;
DROP TABLE selection_draw;
DROP TABLE selection_ask;
DROP TABLE selection_seed;
DROP TABLE selection_rules;
