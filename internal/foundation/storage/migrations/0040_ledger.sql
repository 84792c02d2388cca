-- +goose Up
-- Participation facts. subject is a random number that only people can link to a person.
CREATE TABLE fact (
    id           BYTEA  NOT NULL PRIMARY KEY,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    activity_id  BYTEA,
    subject      BYTEA,
    value        BIGINT NOT NULL DEFAULT 0,
    sex          TEXT   NOT NULL DEFAULT '',
    age_band     TEXT   NOT NULL DEFAULT '',
    city         TEXT   NOT NULL DEFAULT '',
    person_group TEXT   NOT NULL DEFAULT '',
    level        TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX fact_kind ON fact (kind, at);
CREATE INDEX fact_activity ON fact (activity_id, kind);
CREATE INDEX fact_subject ON fact (subject);

-- +goose Down
DROP TABLE fact;
