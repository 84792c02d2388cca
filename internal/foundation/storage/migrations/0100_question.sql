-- +goose Up
-- A question of the bank. ref is what the program that it came from calls it, with the folder
-- that it lay in there; came tells the question apart as the file had it. Both are empty of a
-- question that was written here, and no two have the same.
CREATE TABLE question (
    id         BYTEA  NOT NULL PRIMARY KEY,
    ref        TEXT   NOT NULL,
    came       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    retired_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX question_ref_once ON question (ref) WHERE ref <> '';
CREATE UNIQUE INDEX question_came_once ON question (came) WHERE came <> '';

-- A version of a question: answers to two of them are never counted together. trace is its
-- wording of now, answered that in which it was first answered; empty while nobody did.
CREATE TABLE question_version (
    id          BYTEA   NOT NULL PRIMARY KEY,
    question_id BYTEA   NOT NULL REFERENCES question (id),
    number      INTEGER NOT NULL CHECK (number > 0),
    trace       TEXT    NOT NULL,
    answered    TEXT    NOT NULL,
    made_at     BIGINT  NOT NULL,
    CONSTRAINT question_version_once UNIQUE (question_id, number)
);

-- What a version said, each wording once. One that was answered stays.
CREATE TABLE question_wording (
    version_id BYTEA  NOT NULL REFERENCES question_version (id),
    trace      TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    CONSTRAINT question_wording_once PRIMARY KEY (version_id, trace)
);

-- +goose Down
DROP TABLE question_wording;
DROP TABLE question_version;
DROP TABLE question;
