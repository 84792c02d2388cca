-- +goose Up
-- Work that must happen after a change; written in the same transaction.
CREATE TABLE job (
    id         BYTEA  NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    dedupe     TEXT,
    payload    TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    run_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    leased_by  TEXT   NOT NULL DEFAULT '',
    lease_ends BIGINT NOT NULL DEFAULT 0,
    last_error TEXT   NOT NULL DEFAULT '',
    made_at    BIGINT NOT NULL,
    done_at    BIGINT NOT NULL DEFAULT 0,
    UNIQUE (kind, dedupe)
);
CREATE INDEX job_due ON job (state, run_at);

-- +goose Down
DROP TABLE job;
