-- +goose Up
-- As in the file for PostgreSQL; a CHECK is changed here by writing the table anew.
CREATE TABLE session_anew (
    id         BLOB    NOT NULL PRIMARY KEY,
    token_hash BLOB    NOT NULL,
    person_id  BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    signed_by  TEXT    NOT NULL CHECK (signed_by IN ('application', 'code', 'passkey', 'demo', 'oidc')),
    device     BLOB,
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    proven_at  INTEGER NOT NULL
) STRICT;
INSERT INTO session_anew (id, token_hash, person_id, signed_by, device, made_at, seen_at, ends_at, proven_at)
    SELECT id, token_hash, person_id, signed_by, device, made_at, seen_at, ends_at, made_at FROM session;
DROP TABLE session;
ALTER TABLE session_anew RENAME TO session;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_ends ON session (ends_at);

CREATE TABLE oidc_link (
    account_index BLOB    NOT NULL PRIMARY KEY,
    issuer_index  BLOB    NOT NULL,
    person_id     BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    made_at       INTEGER NOT NULL,
    used_at       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX oidc_link_one ON oidc_link (person_id, issuer_index);

CREATE TABLE oidc_answered (
    state_hash BLOB    NOT NULL PRIMARY KEY,
    ends_at    INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE oidc_answered;
DROP TABLE oidc_link;
DELETE FROM session WHERE signed_by = 'oidc';
CREATE TABLE session_before (
    id         BLOB    NOT NULL PRIMARY KEY,
    token_hash BLOB    NOT NULL,
    person_id  BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    signed_by  TEXT    NOT NULL CHECK (signed_by IN ('application', 'code', 'passkey', 'demo')),
    device     BLOB,
    made_at    INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
INSERT INTO session_before (id, token_hash, person_id, signed_by, device, made_at, seen_at, ends_at)
    SELECT id, token_hash, person_id, signed_by, device, made_at, seen_at, ends_at FROM session;
DROP TABLE session;
ALTER TABLE session_before RENAME TO session;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_ends ON session (ends_at);
