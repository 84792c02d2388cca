-- +goose Up
-- What a step tells to which application, as it was shown when the step was planned. place
-- is the order in which they are told, and of those who wait their order. Whoever is not
-- here stays as she is when the step is done.
CREATE TABLE selection_planned (
    step_id        BYTEA  NOT NULL REFERENCES selection_step (id) ON DELETE CASCADE,
    application_id BYTEA  NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    to_state       TEXT   NOT NULL CHECK (to_state IN ('invited', 'waitlisted', 'declined')),
    place          BIGINT NOT NULL,
    PRIMARY KEY (step_id, application_id)
);
CREATE INDEX selection_planned_of ON selection_planned (application_id);

-- A step that waits now does not know whom it was shown for: it is planned anew.
UPDATE selection_step SET state = 'taken_back' WHERE state = 'waiting';

-- +goose Down
DROP TABLE selection_planned;
