-- +goose Up
-- An application that was let in at the door when no seat was left: it counts
-- beside the seats, not among them. Who decided so, when and why is in the move.
CREATE TABLE extra_seat (
    application_id BYTEA  NOT NULL PRIMARY KEY REFERENCES application (id),
    activity_id    BYTEA  NOT NULL,
    at             BIGINT NOT NULL
);
CREATE INDEX extra_seat_activity ON extra_seat (activity_id);

-- +goose Down
DROP TABLE extra_seat;
