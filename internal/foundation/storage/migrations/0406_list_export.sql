-- +goose Up
-- Long tables that staff have asked for, for a day. A part is sealed with the key of who
-- asked: before it is made it holds ids alone, then rows.
CREATE TABLE list_export (
    id        BYTEA  NOT NULL PRIMARY KEY,
    person_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    slot      BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    lang      TEXT   NOT NULL,
    columns   TEXT   NOT NULL,
    reach     TEXT   NOT NULL,
    ended     TEXT   NOT NULL DEFAULT '',
    made_at   BIGINT NOT NULL,
    moved_at  BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX list_export_slot ON list_export (person_id, slot);
CREATE INDEX list_export_ends ON list_export (ends_at);

CREATE TABLE list_export_part (
    export_id BYTEA  NOT NULL REFERENCES list_export (id) ON DELETE CASCADE,
    place     BIGINT NOT NULL,
    made      BIGINT NOT NULL DEFAULT 0,
    count     BIGINT NOT NULL,
    box       BYTEA  NOT NULL,
    PRIMARY KEY (export_id, place)
);

-- +goose Down
DROP TABLE list_export_part;
DROP TABLE list_export;
