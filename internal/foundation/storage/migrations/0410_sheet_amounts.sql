-- +goose Up
-- What is paid to who takes part in an activity, in whole som: an amount for each day, and
-- fares there and back by the city that somebody comes from. version grows with each change.
CREATE TABLE sheet_amount (
    activity_id BYTEA  NOT NULL PRIMARY KEY REFERENCES activity (id) ON DELETE CASCADE,
    day_som     BIGINT NOT NULL CHECK (day_som BETWEEN 0 AND 1000000),
    version     BIGINT NOT NULL DEFAULT 1,
    changed_at  BIGINT NOT NULL
);
CREATE TABLE sheet_city_fare (
    activity_id BYTEA  NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
    city        TEXT   NOT NULL,
    som         BIGINT NOT NULL CHECK (som BETWEEN 0 AND 1000000),
    PRIMARY KEY (activity_id, city)
);

-- The fare of one person, in place of that of her city.
CREATE TABLE sheet_fare (
    activity_id BYTEA  NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
    person_id   BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    som         BIGINT NOT NULL CHECK (som BETWEEN 0 AND 1000000),
    PRIMARY KEY (activity_id, person_id)
);
CREATE INDEX sheet_fare_person ON sheet_fare (person_id);

-- +goose Down
DROP TABLE sheet_fare;
DROP TABLE sheet_city_fare;
DROP TABLE sheet_amount;
