-- +goose Up
-- Two records that somebody decided are one person's, until it is done; and what was not
-- done then, with the reason, until a new decision or a month has passed. contacts are ids
-- of those that come along, roles are the roles of both as they were.
CREATE TABLE merge_plan (
    id       BYTEA  NOT NULL PRIMARY KEY,
    from_id  BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    into_id  BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    by_id    BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    contacts TEXT   NOT NULL,
    roles    TEXT   NOT NULL,
    due_at   BIGINT NOT NULL,
    refused  TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX merge_plan_from ON merge_plan (from_id);
CREATE UNIQUE INDEX merge_plan_into ON merge_plan (into_id);
CREATE INDEX merge_plan_by ON merge_plan (by_id);

-- +goose Down
DROP TABLE merge_plan;
