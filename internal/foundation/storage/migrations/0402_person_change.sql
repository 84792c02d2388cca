-- +goose Up
-- What staff changed of many people at once, for as long as it can be taken back. What a
-- record said before and says since is sealed with the key of its person.
CREATE TABLE person_change (
    id       BYTEA  NOT NULL PRIMARY KEY,
    by_id    BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    field    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    taken_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_change_by ON person_change (by_id, at);

CREATE TABLE person_change_part (
    change_id BYTEA NOT NULL REFERENCES person_change (id) ON DELETE CASCADE,
    person_id BYTEA NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    sealed    BYTEA NOT NULL,
    PRIMARY KEY (change_id, person_id)
);
CREATE INDEX person_change_part_person ON person_change_part (person_id);

-- +goose Down
DROP TABLE person_change_part;
DROP TABLE person_change;
