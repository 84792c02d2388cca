-- +goose Up
-- Efforts that have been spent: hash is SHA-256 of the challenge, kept until
-- the challenge could not be used any more in any case.
CREATE TABLE effort_used (
    hash    BYTEA  NOT NULL PRIMARY KEY,
    ends_at BIGINT NOT NULL
);
CREATE INDEX effort_used_ends ON effort_used (ends_at);

-- The line of those who wait instead: next_at is when its next free turn is.
-- A row whose moment has passed says the same as no row.
CREATE TABLE effort_line (
    purpose TEXT   NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- A place in the line: holder is a keyed hash of the purpose and the browser's
-- secret, good from from_at until ends_at, once.
CREATE TABLE effort_place (
    holder  BYTEA  NOT NULL PRIMARY KEY,
    from_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX effort_place_ends ON effort_place (ends_at);

-- How many applied in the last minute is asked with each application.
CREATE INDEX application_made ON application (activity_id, made_at);

-- +goose Down
DROP INDEX application_made;
DROP TABLE effort_place;
DROP TABLE effort_line;
DROP TABLE effort_used;
