-- +goose Up
-- Pages that show many people note each of them once a day for each reader:
-- once is a hash of reader, person, day and action; empty for all other entries.
ALTER TABLE audit_entry ADD COLUMN once BYTEA;
CREATE UNIQUE INDEX audit_once ON audit_entry (once);

-- +goose Down
DROP INDEX audit_once;
ALTER TABLE audit_entry DROP COLUMN once;
