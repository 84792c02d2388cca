-- +goose Up
-- Since when the words of a consent are asked for, in microseconds: 0 for those that were the
-- first of their purpose, or that were there before this was kept.
ALTER TABLE consent_wording ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE consent_wording DROP COLUMN since;
