-- +goose Up
-- Where an application stood before somebody came: what an undo at the door gives back. A row
-- is there as long as the application is attended. place is the order on the waiting list,
-- expires_at in microseconds.
CREATE TABLE came_from (
    application_id BYTEA  NOT NULL PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    state          TEXT   NOT NULL CHECK (state IN ('applied', 'shortlisted', 'invited', 'confirmed', 'no_show', 'waitlisted', 'declined', 'withdrawn')),
    place          BIGINT NOT NULL DEFAULT 0,
    expires_at     BIGINT NOT NULL DEFAULT 0,
    reconfirm      TEXT   NOT NULL DEFAULT ''
);

-- +goose Down
DROP TABLE came_from;
