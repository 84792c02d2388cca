-- +goose Up
-- The plan of an activity's day: that there is one, and in which version.
CREATE TABLE run_plan (
    activity_id BYTEA  NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    changed_by  BYTEA,
    changed_at  BIGINT NOT NULL
);
-- Its steps. begins counts minutes from the start of the activity, so that the plan moves with it.
CREATE TABLE run_step (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL REFERENCES run_plan (activity_id) ON DELETE CASCADE,
    place       BIGINT NOT NULL,
    begins      BIGINT NOT NULL,
    minutes     BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 480),
    least       BIGINT NOT NULL CHECK (least BETWEEN 1 AND 480),
    title       TEXT   NOT NULL,
    room        TEXT   NOT NULL,
    note        TEXT   NOT NULL,
    lead_person BYTEA,
    materials   TEXT   NOT NULL
);
CREATE INDEX run_step_of ON run_step (activity_id, place);

-- What was pressed on the day, never changed: a step begun, paused, made longer. at is the
-- moment by the clock of who pressed, taken_at when the house took it.
CREATE TABLE run_mark (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL,
    nonce       TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    step        TEXT   NOT NULL,
    from_step   TEXT   NOT NULL,
    minutes     BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    device      TEXT   NOT NULL,
    by_person   BYTEA,
    taken_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX run_mark_once ON run_mark (activity_id, nonce);

-- +goose Down
DROP TABLE run_mark;
DROP TABLE run_step;
DROP TABLE run_plan;
