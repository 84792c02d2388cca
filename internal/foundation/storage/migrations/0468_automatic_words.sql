-- +goose Up
-- The words of a message in place of those of the house: JSON of subject and text by language,
-- and a mark of the text of the house in whose place each was written.
ALTER TABLE automatic_message ADD COLUMN words TEXT NOT NULL DEFAULT '{}';
ALTER TABLE automatic_default ADD COLUMN words TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE automatic_default DROP COLUMN words;
ALTER TABLE automatic_message DROP COLUMN words;
