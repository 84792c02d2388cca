-- +goose Up
-- By what the applications to an activity are scored. criteria and shown are JSON: what is
-- asked, and which answers reviewers read. frozen_at is when the first score was given, 0 until
-- then; from then on nothing of it changes (0432).
CREATE TABLE review_rubric (
    activity_id BYTEA  NOT NULL PRIMARY KEY,
    criteria    TEXT   NOT NULL,
    shown       TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    frozen_at   BIGINT NOT NULL DEFAULT 0,
    changed_at  BIGINT NOT NULL,
    changed_by  BYTEA  REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX review_rubric_by ON review_rubric (changed_by);

-- What a reviewer gave an application, once: points in JSON by criterion, and the reason sealed
-- under the key of the person of the application. known: the reviewer knows her and gives
-- nothing. version grows with every change.
CREATE TABLE review_score (
    id             BYTEA   NOT NULL PRIMARY KEY,
    application_id BYTEA   NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    reviewer       BYTEA   REFERENCES person (id) ON DELETE SET NULL,
    points         TEXT    NOT NULL,
    reason         BYTEA,
    known          BOOLEAN NOT NULL,
    version        BIGINT  NOT NULL,
    at             BIGINT  NOT NULL,
    changed_at     BIGINT  NOT NULL,
    CONSTRAINT review_score_said CHECK (known OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX review_score_once ON review_score (application_id, reviewer);
CREATE INDEX review_score_by ON review_score (reviewer);

-- What a score was before it was changed.
CREATE TABLE review_score_past (
    score_id BYTEA   NOT NULL REFERENCES review_score (id) ON DELETE CASCADE,
    version  BIGINT  NOT NULL,
    points   TEXT    NOT NULL,
    reason   BYTEA,
    known    BOOLEAN NOT NULL,
    at       BIGINT  NOT NULL,
    PRIMARY KEY (score_id, version)
);

-- Who of those who select has looked at the scores of others, and so gives none any more.
CREATE TABLE review_opened (
    activity_id BYTEA  NOT NULL,
    person_id   BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    PRIMARY KEY (activity_id, person_id)
);
CREATE INDEX review_opened_by ON review_opened (person_id);

-- +goose Down
DROP TABLE review_opened;
DROP TABLE review_score_past;
DROP TABLE review_score;
DROP TABLE review_rubric;
