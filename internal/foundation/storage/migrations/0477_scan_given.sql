-- +goose Up
-- That a scan was brought by another phone, or in a file, for the device that had made it.
ALTER TABLE scan ADD COLUMN given BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE scan DROP COLUMN given;
