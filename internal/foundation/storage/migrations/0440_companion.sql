-- +goose Up
-- Whether applicants may come only together with somebody.
ALTER TABLE seminar ADD COLUMN companions BOOLEAN NOT NULL DEFAULT FALSE;

-- Two applications that stand or fall together, or one that has given a link and waits for
-- the other. until_at is in microseconds: until then the link can be used and both can say
-- yes.
CREATE TABLE companion_pair (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL,
    until_at    BIGINT NOT NULL
);

-- Side 1 gave the link, side 2 used it; agreed_at is when she said yes, 0 for not yet. It
-- is a pair once both have.
CREATE TABLE companion (
    application_id BYTEA    NOT NULL PRIMARY KEY REFERENCES application (id),
    pair_id        BYTEA    NOT NULL REFERENCES companion_pair (id) ON DELETE CASCADE,
    side           BIGINT   NOT NULL CHECK (side IN (1, 2)),
    agreed_at      BIGINT   NOT NULL DEFAULT 0,
    CONSTRAINT companion_side UNIQUE (pair_id, side)
);

-- Who has a seat and is asked whether she comes alone, and until when it is kept for her.
CREATE TABLE companion_question (
    application_id BYTEA  NOT NULL PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    until_at       BIGINT NOT NULL
);

-- +goose Down
DROP TABLE companion_question;
DROP TABLE companion;
DROP TABLE companion_pair;
ALTER TABLE seminar DROP COLUMN companions;
