-- +goose Up
-- The last check of a phone before the day of an activity: at is when it was made, missing are
-- the names of what was not ready, with spaces between them, empty for a phone that is. device
-- is what its scans come from; by_person whose device it is, NULL for an enrolled phone. Of one
-- device at an activity one check stands.
CREATE TABLE door_ready (
    activity_id BYTEA  NOT NULL,
    device      TEXT   NOT NULL,
    by_person   BYTEA,
    missing     TEXT   NOT NULL,
    at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX door_ready_device ON door_ready (activity_id, device);
CREATE INDEX door_ready_person ON door_ready (by_person);

-- +goose Down
DROP TABLE door_ready;
