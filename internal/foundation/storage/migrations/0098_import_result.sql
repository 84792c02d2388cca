-- +goose Up
-- What became of an import, until it is deleted with the rest: what concerns the file
-- as a whole in result, and of each piece of rows the numbers with the rows that were
-- not added. Both are sealed with the installation's key; the file itself goes when the
-- last piece is in. That a piece can be written only once keeps it from going in twice.
ALTER TABLE person_import ADD COLUMN result BYTEA;
ALTER TABLE person_import ADD COLUMN done_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE person_import_part (
    import_id BYTEA  NOT NULL REFERENCES person_import (id) ON DELETE CASCADE,
    at_row    BIGINT NOT NULL, -- of the file's rows, from 0
    sealed    BYTEA  NOT NULL,
    PRIMARY KEY (import_id, at_row)
);

-- Why the last run of a job failed, as one of a few words without anything of a person,
-- and the number under which the log has more.
ALTER TABLE job ADD COLUMN last_class TEXT NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN incident TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE job DROP COLUMN incident;
ALTER TABLE job DROP COLUMN last_class;
DROP TABLE person_import_part;
ALTER TABLE person_import DROP COLUMN done_at;
ALTER TABLE person_import DROP COLUMN result;
