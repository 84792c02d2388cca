-- +goose Up
-- What a programme file said of a template or an activity when it was last
-- brought in: by it an import tells what was changed on screen since.
CREATE TABLE imported (
    subject_id BYTEA NOT NULL PRIMARY KEY,
    document   TEXT  NOT NULL
);

-- +goose Down
DROP TABLE imported;
