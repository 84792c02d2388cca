-- +goose Up
-- A place at a door that a substitute takes over: that of a phone (of_phone) or of a member of
-- the team (of_person). device_id is the phone of the substitute, a row of door_device; leads
-- that it may run the day too. The link serves until until_at. taken_at is when the substitute
-- took over, 0 before; ended_at when the link was taken back or was too old, or when the place
-- was given back. Of one place one handing over goes on at a time.
CREATE TABLE door_handover (
    device_id   BYTEA   NOT NULL PRIMARY KEY,
    activity_id BYTEA   NOT NULL,
    of_phone    BYTEA,
    of_person   BYTEA,
    leads       BOOLEAN NOT NULL,
    until_at    BIGINT  NOT NULL,
    taken_at    BIGINT  NOT NULL DEFAULT 0,
    ended_at    BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX door_handover_phone ON door_handover (of_phone) WHERE ended_at = 0;
CREATE UNIQUE INDEX door_handover_person ON door_handover (activity_id, of_person) WHERE ended_at = 0;

-- +goose Down
DROP TABLE door_handover;
