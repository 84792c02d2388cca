-- +goose Up
-- When an applicant changed her answers herself, in microseconds; 0 for never.
ALTER TABLE application ADD COLUMN answers_changed_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE application DROP COLUMN answers_changed_at;
