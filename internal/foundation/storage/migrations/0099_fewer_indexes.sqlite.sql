-- +goose Up
-- Indexes that nothing reads by, or that hold only rows which nothing looks for: each
-- is written with every application.
DROP INDEX application_expiry;
DROP INDEX application_draft_until;
DROP INDEX application_draft_room;
DROP INDEX session_ends;
DROP INDEX session_application;
DROP INDEX person_merged;
CREATE INDEX application_draft_room ON application_draft (activity_id, size) WHERE size > 0;
CREATE INDEX session_application ON session (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

-- One tree for a row instead of two: these are found by their own keys alone.
CREATE TABLE person_name_part_anew (
    bucket    INTEGER NOT NULL,
    person_id BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (bucket, person_id)
) STRICT, WITHOUT ROWID;
INSERT INTO person_name_part_anew (bucket, person_id) SELECT bucket, person_id FROM person_name_part;
DROP TABLE person_name_part;
ALTER TABLE person_name_part_anew RENAME TO person_name_part;
CREATE INDEX person_name_part_person ON person_name_part (person_id);
CREATE TABLE contact_letter_anew (
    value_index BLOB    NOT NULL,
    slot        INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 2),
    at          INTEGER NOT NULL,
    PRIMARY KEY (value_index, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO contact_letter_anew (value_index, slot, at) SELECT value_index, slot, at FROM contact_letter;
DROP TABLE contact_letter;
ALTER TABLE contact_letter_anew RENAME TO contact_letter;
CREATE TABLE person_link_anew (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    person_id  BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose    TEXT    NOT NULL,
    ref        BLOB,
    once       INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0,
    contact_id BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO person_link_anew (token_hash, person_id, purpose, ref, once, ends_at, used_at, contact_id) SELECT token_hash, person_id, purpose, ref, once, ends_at, used_at, contact_id FROM person_link;
DROP TABLE person_link;
ALTER TABLE person_link_anew RENAME TO person_link;
CREATE INDEX person_link_person ON person_link (person_id);
CREATE TABLE audit_entry_anew (
    id        BLOB    NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,
    actor_id  BLOB,
    person_id BLOB,
    action    TEXT    NOT NULL,
    object_id BLOB,
    detail    TEXT    NOT NULL,
    once      BLOB
) STRICT, WITHOUT ROWID;
INSERT INTO audit_entry_anew (id, at, actor_id, person_id, action, object_id, detail, once) SELECT id, at, actor_id, person_id, action, object_id, detail, once FROM audit_entry;
DROP TABLE audit_entry;
ALTER TABLE audit_entry_anew RENAME TO audit_entry;
CREATE INDEX audit_person ON audit_entry (person_id, id);
CREATE INDEX audit_actor ON audit_entry (actor_id, id);
CREATE UNIQUE INDEX audit_once ON audit_entry (once) WHERE once IS NOT NULL;

-- +goose Down
CREATE TABLE person_name_part_anew (
    bucket    INTEGER NOT NULL,
    person_id BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (bucket, person_id)
) STRICT;
INSERT INTO person_name_part_anew (bucket, person_id) SELECT bucket, person_id FROM person_name_part;
DROP TABLE person_name_part;
ALTER TABLE person_name_part_anew RENAME TO person_name_part;
CREATE INDEX person_name_part_person ON person_name_part (person_id);
CREATE TABLE contact_letter_anew (
    value_index BLOB    NOT NULL,
    slot        INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 2),
    at          INTEGER NOT NULL,
    PRIMARY KEY (value_index, slot)
) STRICT;
INSERT INTO contact_letter_anew (value_index, slot, at) SELECT value_index, slot, at FROM contact_letter;
DROP TABLE contact_letter;
ALTER TABLE contact_letter_anew RENAME TO contact_letter;
CREATE TABLE person_link_anew (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    person_id  BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose    TEXT    NOT NULL,
    ref        BLOB,
    once       INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0,
    contact_id BLOB
) STRICT;
INSERT INTO person_link_anew (token_hash, person_id, purpose, ref, once, ends_at, used_at, contact_id) SELECT token_hash, person_id, purpose, ref, once, ends_at, used_at, contact_id FROM person_link;
DROP TABLE person_link;
ALTER TABLE person_link_anew RENAME TO person_link;
CREATE INDEX person_link_person ON person_link (person_id);
CREATE TABLE audit_entry_anew (
    id        BLOB    NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,
    actor_id  BLOB,
    person_id BLOB,
    action    TEXT    NOT NULL,
    object_id BLOB,
    detail    TEXT    NOT NULL,
    once      BLOB
) STRICT;
INSERT INTO audit_entry_anew (id, at, actor_id, person_id, action, object_id, detail, once) SELECT id, at, actor_id, person_id, action, object_id, detail, once FROM audit_entry;
DROP TABLE audit_entry;
ALTER TABLE audit_entry_anew RENAME TO audit_entry;
CREATE INDEX audit_person ON audit_entry (person_id, id);
CREATE INDEX audit_actor ON audit_entry (actor_id, id);
CREATE INDEX person_link_ends ON person_link (ends_at);
CREATE UNIQUE INDEX audit_once ON audit_entry (once);
DROP INDEX person_merged;
DROP INDEX session_application;
DROP INDEX application_draft_room;
CREATE INDEX person_merged ON person (merged_into);
CREATE INDEX session_application ON session (application_id);
CREATE INDEX session_ends ON session (ends_at);
CREATE INDEX application_draft_room ON application_draft (activity_id, size);
CREATE INDEX application_draft_until ON application_draft (until_at);
CREATE INDEX application_expiry ON application (state, expires_at);
