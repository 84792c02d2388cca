-- +goose Up
-- Messages that staff sent again together, for as long as it can be taken back, and what
-- was before. No words, no names.
CREATE TABLE message_again (
    id    BYTEA  NOT NULL PRIMARY KEY,
    by_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    at    BIGINT NOT NULL
);
CREATE INDEX message_again_by ON message_again (by_id, at);

CREATE TABLE message_again_part (
    again_id   BYTEA  NOT NULL REFERENCES message_again (id) ON DELETE CASCADE,
    message_id BYTEA  NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    state      TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    attempts   BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    PRIMARY KEY (again_id, message_id)
);
CREATE INDEX message_again_part_message ON message_again_part (message_id);

-- +goose Down
DROP TABLE message_again_part;
DROP TABLE message_again;
