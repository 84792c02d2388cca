-- +goose Up
-- A call notes more than who answered: that she comes or does not, and when to call again.
-- back_at is when it was taken back, 0 for never. What she was before the answer moved her,
-- and the version of her application after it, let it be taken back; version 0: it cannot be.
ALTER TABLE application_call RENAME TO application_call_before;
DROP INDEX application_call_of;
CREATE TABLE application_call (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id),
    answer         TEXT   NOT NULL CHECK (answer IN ('herself', 'other', 'wrong', 'comes', 'not_coming')),
    by_person      BYTEA,
    at             BIGINT NOT NULL,
    again_at       BIGINT NOT NULL DEFAULT 0,
    back_at        BIGINT NOT NULL DEFAULT 0,
    version        BIGINT NOT NULL DEFAULT 0,
    was_state      TEXT   NOT NULL DEFAULT '',
    was_place      BIGINT NOT NULL DEFAULT 0,
    was_expires    BIGINT NOT NULL DEFAULT 0,
    was_reconfirm  TEXT   NOT NULL DEFAULT '',
    was_facts      BIGINT NOT NULL DEFAULT 0
);
INSERT INTO application_call (id, application_id, answer, by_person, at)
    SELECT id, application_id, answer, by_person, at FROM application_call_before;
DROP TABLE application_call_before;
CREATE INDEX application_call_of ON application_call (application_id, at);

-- To whom the seat was offered that an answer has freed, as she was before; as long as the
-- answer can be taken back.
CREATE TABLE application_call_offer (
    call_id        BYTEA  NOT NULL REFERENCES application_call (id) ON DELETE CASCADE,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    version        BIGINT NOT NULL,
    place          BIGINT NOT NULL,
    facts          BIGINT NOT NULL,
    PRIMARY KEY (call_id, application_id)
);
CREATE INDEX application_call_offer_of ON application_call_offer (application_id);

-- +goose Down
DROP TABLE application_call_offer;
ALTER TABLE application_call RENAME TO application_call_before;
DROP INDEX application_call_of;
CREATE TABLE application_call (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id),
    answer         TEXT   NOT NULL CHECK (answer IN ('herself', 'other', 'wrong')),
    by_person      BYTEA,
    at             BIGINT NOT NULL
);
INSERT INTO application_call (id, application_id, answer, by_person, at)
    SELECT id, application_id, answer, by_person, at FROM application_call_before
    WHERE answer IN ('herself', 'other', 'wrong');
DROP TABLE application_call_before;
CREATE INDEX application_call_of ON application_call (application_id, at);
