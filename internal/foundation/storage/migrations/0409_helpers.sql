-- +goose Up
-- A role may be held for some days: from a moment until another, 0 for since ever and for
-- good. Who helps at one activity holds hers for days alone.
ALTER TABLE role_grant ADD COLUMN begins_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE role_grant ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0
    CHECK (CASE WHEN role IN ('reviewer', 'rater', 'speaker', 'interpreter', 'translator', 'editor') OR ends_at <> 0 THEN ends_at > begins_at ELSE TRUE END);
CREATE INDEX role_grant_activity ON role_grant (activity_id);

-- +goose Down
DROP INDEX role_grant_activity;
ALTER TABLE role_grant DROP COLUMN ends_at;
ALTER TABLE role_grant DROP COLUMN begins_at;
