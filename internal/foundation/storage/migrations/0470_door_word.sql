-- +goose Up
-- How many times the word of a desk was made anew: the word is derived from the secret of the
-- house, the activity and this number. No row is the first word.
CREATE TABLE door_word (
    activity_id BYTEA  NOT NULL PRIMARY KEY,
    turn        BIGINT NOT NULL
);

-- +goose Down
DROP TABLE door_word;
