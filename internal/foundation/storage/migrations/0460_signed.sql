-- +goose Up
-- On which days a signed sheet says that somebody was there.
CREATE TABLE attendance_signed (
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    day            TEXT   NOT NULL,
    noted_at       BIGINT NOT NULL,
    PRIMARY KEY (application_id, day)
);

-- A signed sheet of one day is keyed in twice; each reading is one person's.
CREATE TABLE signed_reading (
    id          BYTEA   NOT NULL PRIMARY KEY,
    activity_id BYTEA   NOT NULL,
    day         TEXT    NOT NULL,
    place       BIGINT  NOT NULL CHECK (place BETWEEN 1 AND 2),
    reader      BYTEA,
    alone       BOOLEAN NOT NULL DEFAULT FALSE,
    below       BIGINT  NOT NULL DEFAULT 0 CHECK (below BETWEEN 0 AND 500),
    begun_at    BIGINT  NOT NULL,
    done_at     BIGINT  NOT NULL DEFAULT 0,
    version     BIGINT  NOT NULL,
    CONSTRAINT signed_reading_once UNIQUE (activity_id, day, place)
);
CREATE TABLE signed_mark (
    reading_id     BYTEA NOT NULL REFERENCES signed_reading (id) ON DELETE CASCADE,
    application_id BYTEA NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    PRIMARY KEY (reading_id, application_id)
);
CREATE INDEX signed_mark_of ON signed_mark (application_id);

-- What a day's sheet came to: one row while it stands, and what was decided where the readings differ.
CREATE TABLE signed_day (
    activity_id BYTEA  NOT NULL,
    day         TEXT   NOT NULL,
    taken_at    BIGINT NOT NULL,
    taken_by    BYTEA,
    signed      BIGINT NOT NULL,
    below       BIGINT NOT NULL,
    missing     BIGINT NOT NULL,
    PRIMARY KEY (activity_id, day)
);
CREATE TABLE signed_decision (
    activity_id    BYTEA   NOT NULL,
    day            TEXT    NOT NULL,
    application_id BYTEA   NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    signed         BOOLEAN NOT NULL,
    decided_at     BIGINT  NOT NULL,
    decided_by     BYTEA,
    PRIMARY KEY (activity_id, day, application_id)
);
CREATE INDEX signed_decision_of ON signed_decision (application_id);

-- +goose Down
DROP TABLE signed_decision;
DROP TABLE signed_day;
DROP TABLE signed_mark;
DROP TABLE signed_reading;
DROP TABLE attendance_signed;
