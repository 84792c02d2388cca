-- +goose Up
-- The lists of the house: cities, groups, age bands and levels. An entry is named and
-- closed, never taken away, since its code stands in records, activities and facts. What
-- it is called, from which day, and where it lies is JSON. The house fills both tables
-- once, when it first opens a database without a mark.
CREATE TABLE list_entry (
    list       TEXT    NOT NULL CHECK (list IN ('city', 'group', 'age_band', 'level')),
    code       TEXT    NOT NULL,
    place      BIGINT  NOT NULL,
    closed     BOOLEAN NOT NULL DEFAULT FALSE,
    document   TEXT    NOT NULL,
    version    BIGINT  NOT NULL DEFAULT 1,
    made_at    BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    CONSTRAINT list_entry_code PRIMARY KEY (list, code)
);

-- One row, which each change counts up first: changes come one after the other, and
-- whoever has read the lists sees by the number whether they are still the same.
CREATE TABLE list_mark (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    mark BIGINT NOT NULL
);

-- +goose Down
DROP TABLE list_mark;
DROP TABLE list_entry;
