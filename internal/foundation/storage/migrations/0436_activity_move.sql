-- +goose Up
-- That a published activity was moved to another day, hour or place: what stood there and
-- what stands there now, until the day after which nobody asks. Those whom it concerns are
-- told after a wait; changes within the wait are one move. Nothing of a person is kept here.
CREATE TABLE activity_move (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
    was         TEXT   NOT NULL,
    became      TEXT   NOT NULL,
    began_at    BIGINT NOT NULL,
    moved_at    BIGINT NOT NULL,
    tell_at     BIGINT NOT NULL,
    told_at     BIGINT NOT NULL DEFAULT 0,
    CHECK (moved_at >= began_at AND tell_at >= moved_at)
);
-- One move of an activity waits to be told.
CREATE UNIQUE INDEX activity_move_waits ON activity_move (activity_id) WHERE told_at = 0;
CREATE INDEX activity_move_of ON activity_move (activity_id, moved_at);

-- +goose Down
DROP TABLE activity_move;
