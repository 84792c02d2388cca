-- +goose Up
-- Indexes that nothing reads by, or that hold only rows which nothing looks for: each
-- is written with every application.
DROP INDEX application_expiry;
DROP INDEX application_draft_until;
DROP INDEX application_draft_room;
DROP INDEX person_link_ends;
DROP INDEX session_ends;
DROP INDEX session_application;
DROP INDEX person_merged;
DROP INDEX audit_once;
CREATE INDEX application_draft_room ON application_draft (activity_id, size) WHERE size > 0;
CREATE INDEX session_application ON session (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
CREATE UNIQUE INDEX audit_once ON audit_entry (once) WHERE once IS NOT NULL;

-- +goose Down
DROP INDEX audit_once;
DROP INDEX person_merged;
DROP INDEX session_application;
DROP INDEX application_draft_room;
CREATE INDEX person_merged ON person (merged_into);
CREATE INDEX session_application ON session (application_id);
CREATE INDEX session_ends ON session (ends_at);
CREATE INDEX person_link_ends ON person_link (ends_at);
CREATE INDEX application_draft_room ON application_draft (activity_id, size);
CREATE INDEX application_draft_until ON application_draft (until_at);
CREATE INDEX application_expiry ON application (state, expires_at);
CREATE UNIQUE INDEX audit_once ON audit_entry (once);
