-- +goose Up
-- One row for each message to a person. sealed holds its arguments and its
-- link under the person's key; state tells how far its delivery is. A secret
-- message, a sign-in code, always has neutral words and is emptied when it has
-- left. After ends_at, when that is not zero, it is no longer worth sending.
CREATE TABLE message (
    id          BYTEA  NOT NULL PRIMARY KEY,
    person_id   BYTEA  NOT NULL,
    kind        TEXT   NOT NULL,
    activity_id BYTEA,
    dedupe      TEXT,
    sealed      BYTEA,
    secret      BOOLEAN NOT NULL DEFAULT FALSE,
    channel     TEXT   NOT NULL DEFAULT '' CHECK (channel IN ('', 'mail', 'telegram')),
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'skipped', 'unsure', 'cancelled')),
    reason      TEXT   NOT NULL DEFAULT '',
    attempts    BIGINT NOT NULL DEFAULT 0,
    made_at     BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL DEFAULT 0,
    moved_at    BIGINT NOT NULL,
    CONSTRAINT message_dedupe UNIQUE (dedupe)
);
CREATE INDEX message_person ON message (person_id, made_at);
CREATE INDEX message_state ON message (state, moved_at);
CREATE INDEX message_activity ON message (activity_id, state);

-- One row for each try to deliver a message. outcome is empty while it runs,
-- and stays empty when the process ended in the middle.
CREATE TABLE message_attempt (
    id         BYTEA  NOT NULL PRIMARY KEY,
    message_id BYTEA  NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    channel    TEXT   NOT NULL,
    began_at   BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL DEFAULT 0,
    outcome    TEXT   NOT NULL DEFAULT '' CHECK (outcome IN ('', 'sent', 'refused', 'later', 'unsure')),
    reason     TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX message_attempt_message ON message_attempt (message_id, began_at);

-- +goose Down
DROP TABLE message_attempt;
DROP TABLE message;
