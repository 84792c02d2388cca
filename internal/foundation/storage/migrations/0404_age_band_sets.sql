-- +goose Up
-- Which age bands hold from which day, '' being since ever: their codes, the youngest
-- first. A set that has begun stays as it is: facts of its days carry its bands. A house
-- that has its lists already goes on with the bands that it had; a new one writes them
-- when it begins.
CREATE TABLE age_band_set (
    day     TEXT   NOT NULL CHECK (day = '' OR length(day) = 10),
    bands   TEXT   NOT NULL CHECK (bands <> ''),
    made_at BIGINT NOT NULL,
    CONSTRAINT age_band_set_day PRIMARY KEY (day)
);
INSERT INTO age_band_set (day, bands, made_at)
SELECT '', '14-17 18-24 25-34 35-44 45-59 60+', 0
FROM list_mark;

-- +goose Down
DROP TABLE age_band_set;
