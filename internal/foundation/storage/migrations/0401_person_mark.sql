-- +goose Up
-- When a record was last written, so that the directory of names in memory finds what is
-- new: on SQLite one more than the greatest, on PostgreSQL the number of the transaction.
-- Without one it is older than any reader. A backup holds none, since it means nothing elsewhere.
ALTER TABLE person ADD COLUMN mark BIGINT;
CREATE INDEX person_mark ON person (mark);

-- +goose Down
DROP INDEX person_mark;
ALTER TABLE person DROP COLUMN mark;
