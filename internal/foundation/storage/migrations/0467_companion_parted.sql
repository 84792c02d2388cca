-- +goose Up
-- Two who came only together and whom staff have parted: a row for the application of each,
-- with what the pair was, so that it can be put back. state is that of the application then.
-- reason is sealed under the key of her on whose page it was written, and stands in her row
-- alone. back_at is when it was taken back, told_at when it was told; 0 for never.
CREATE TABLE companion_parted (
    pair_id        BYTEA  NOT NULL,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    side           BIGINT NOT NULL CHECK (side IN (1, 2)),
    agreed_at      BIGINT NOT NULL,
    until_at       BIGINT NOT NULL,
    state          TEXT   NOT NULL,
    reason         BYTEA,
    by_person      BYTEA  REFERENCES person (id) ON DELETE SET NULL,
    at             BIGINT NOT NULL,
    back_at        BIGINT NOT NULL DEFAULT 0,
    told_at        BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT companion_parted_once PRIMARY KEY (pair_id, application_id)
);
CREATE INDEX companion_parted_of ON companion_parted (application_id, at);
CREATE INDEX companion_parted_by ON companion_parted (by_person);

-- +goose Down
DROP TABLE companion_parted;
