-- +goose Up
-- Why somebody looked: what the key of the reason ends with, and what was said besides,
-- sealed with the key of the person whose data it is. Empty where no reason is asked for.
ALTER TABLE audit_entry ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN words BYTEA;

-- +goose Down
ALTER TABLE audit_entry DROP COLUMN words;
ALTER TABLE audit_entry DROP COLUMN reason;
