-- +goose Up
-- Who was erased is noted by a keyed name, which tells nothing without the secret.
-- Rows of before hold an id, 16 bytes; the next start writes its name instead.
ALTER TABLE person_erased RENAME COLUMN id TO name;

-- +goose Down
DELETE FROM person_erased WHERE length(name) <> 16;
ALTER TABLE person_erased RENAME COLUMN name TO id;
