-- +goose Up
-- A file that goes with one activity, or with a template and so with all its
-- copies. The bytes lie in the store of files under the name in "file".
CREATE TABLE material (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  REFERENCES activity (id),
    template_id BYTEA  REFERENCES template (id),
    place       BIGINT NOT NULL,
    audience    TEXT   NOT NULL CHECK (audience IN ('public', 'participants', 'staff')),
    language    TEXT   NOT NULL CHECK (language IN ('', 'ky', 'ru', 'en')),
    texts       TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    size        BIGINT NOT NULL CHECK (size > 0),
    digest      TEXT   NOT NULL,
    file        TEXT   NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    made_at     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    CONSTRAINT material_of_one CHECK ((activity_id IS NULL) <> (template_id IS NULL)),
    CONSTRAINT material_once_activity UNIQUE (activity_id, digest),
    CONSTRAINT material_once_template UNIQUE (template_id, digest),
    CONSTRAINT material_file UNIQUE (file)
);

-- +goose Down
DROP TABLE material;
