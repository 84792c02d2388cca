-- +goose Up
-- Who saw or changed whose personal data; only ever added to. Holds no data itself.
CREATE TABLE audit_entry (
    id        BYTEA  NOT NULL PRIMARY KEY,
    at        BIGINT NOT NULL,
    actor_id  BYTEA,
    person_id BYTEA,
    action    TEXT   NOT NULL,
    object_id BYTEA,
    detail    TEXT   NOT NULL
);
CREATE INDEX audit_person ON audit_entry (person_id, id);
CREATE INDEX audit_actor ON audit_entry (actor_id, id);

-- +goose Down
DROP TABLE audit_entry;
