-- +goose Up
-- Who wants to be told of the next activity in a city, once for each city; kind is empty for
-- any kind.
CREATE TABLE next_wish (
    person_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    city      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    made_at   BIGINT NOT NULL,
    CONSTRAINT next_wish_once PRIMARY KEY (person_id, city)
);
CREATE INDEX next_wish_in ON next_wish (city);

-- Of which activity somebody was told, once; at is 0 for those that were open already when
-- she asked.
CREATE TABLE next_told (
    person_id   BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    activity_id BYTEA  NOT NULL,
    at          BIGINT NOT NULL,
    CONSTRAINT next_told_once PRIMARY KEY (person_id, activity_id)
);
CREATE INDEX next_told_of ON next_told (activity_id);

-- +goose Down
DROP TABLE next_told;
DROP TABLE next_wish;
