-- +goose Up
-- One tree for a row instead of two: a row of these lies in its key, and what belongs to
-- one person or application lies together, so that an application writes seven trees less.
CREATE TABLE contact_anew (
    id          BLOB    NOT NULL PRIMARY KEY,
    person_id   BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('email', 'phone', 'telegram')),
    state       TEXT    NOT NULL CHECK (state IN ('typed', 'proven', 'called', 'leaving')),
    value_index BLOB    NOT NULL,
    sealed      BLOB,
    made_at     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    proven_at   INTEGER NOT NULL DEFAULT 0,
    ends_at     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO contact_anew (id, person_id, kind, state, value_index, sealed, made_at, changed_at, proven_at, ends_at) SELECT id, person_id, kind, state, value_index, sealed, made_at, changed_at, proven_at, ends_at FROM contact;
DROP TABLE contact;
ALTER TABLE contact_anew RENAME TO contact;
CREATE UNIQUE INDEX contact_once ON contact (person_id, value_index);
CREATE INDEX contact_value ON contact (value_index);
CREATE UNIQUE INDEX contact_proven ON contact (person_id, kind) WHERE state = 'proven';
CREATE INDEX contact_leaving ON contact (ends_at) WHERE state = 'leaving';
CREATE TABLE session_anew (
    id             BLOB    NOT NULL PRIMARY KEY,
    token_hash     BLOB    NOT NULL,
    person_id      BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    origin         TEXT    NOT NULL CHECK (origin IN ('application', 'proven', 'passkey')),
    application_id BLOB,
    contact_id     BLOB,
    demo           INTEGER NOT NULL DEFAULT FALSE,
    device         BLOB,
    made_at        INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    proven_at      INTEGER NOT NULL,
    CHECK ((origin = 'application') = (application_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO session_anew (id, token_hash, person_id, origin, application_id, contact_id, demo, device, made_at, seen_at, ends_at, proven_at) SELECT id, token_hash, person_id, origin, application_id, contact_id, demo, device, made_at, seen_at, ends_at, proven_at FROM session;
DROP TABLE session;
ALTER TABLE session_anew RENAME TO session;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_application ON session (application_id) WHERE application_id IS NOT NULL;
CREATE TABLE application_move_anew (
    id             BLOB    NOT NULL,
    application_id BLOB    NOT NULL REFERENCES application (id),
    from_state     TEXT    NOT NULL,
    to_state       TEXT    NOT NULL,
    by_person      BLOB,
    why            TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    PRIMARY KEY (application_id, at, id)
) STRICT, WITHOUT ROWID;
INSERT INTO application_move_anew (id, application_id, from_state, to_state, by_person, why, at) SELECT id, application_id, from_state, to_state, by_person, why, at FROM application_move;
DROP TABLE application_move;
ALTER TABLE application_move_anew RENAME TO application_move;
CREATE TABLE consent_anew (
    id        BLOB    NOT NULL,
    person_id BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose   TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    lang      TEXT    NOT NULL,
    given     INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (person_id, purpose, id)
) STRICT, WITHOUT ROWID;
INSERT INTO consent_anew (id, person_id, purpose, version, lang, given, at) SELECT id, person_id, purpose, version, lang, given, at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_anew RENAME TO consent;
CREATE TABLE application_draft_anew (
    token_hash     BLOB    NOT NULL PRIMARY KEY,
    activity_id    BLOB    NOT NULL,
    box            BLOB,
    application_id BLOB,
    until_at       INTEGER NOT NULL,
    size           INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO application_draft_anew (token_hash, activity_id, box, application_id, until_at, size) SELECT token_hash, activity_id, box, application_id, until_at, size FROM application_draft;
DROP TABLE application_draft;
ALTER TABLE application_draft_anew RENAME TO application_draft;
CREATE INDEX application_draft_room ON application_draft (activity_id, size) WHERE size > 0;
-- Those that ended are found each day without reading the boxes, which may be large.
CREATE INDEX application_draft_until ON application_draft (until_at);

-- +goose Down
CREATE TABLE contact_anew (
    id          BLOB    NOT NULL PRIMARY KEY,
    person_id   BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('email', 'phone', 'telegram')),
    state       TEXT    NOT NULL CHECK (state IN ('typed', 'proven', 'called', 'leaving')),
    value_index BLOB    NOT NULL,
    sealed      BLOB,
    made_at     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    proven_at   INTEGER NOT NULL DEFAULT 0,
    ends_at     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO contact_anew (id, person_id, kind, state, value_index, sealed, made_at, changed_at, proven_at, ends_at) SELECT id, person_id, kind, state, value_index, sealed, made_at, changed_at, proven_at, ends_at FROM contact;
DROP TABLE contact;
ALTER TABLE contact_anew RENAME TO contact;
CREATE UNIQUE INDEX contact_once ON contact (person_id, value_index);
CREATE INDEX contact_value ON contact (value_index);
CREATE UNIQUE INDEX contact_proven ON contact (person_id, kind) WHERE state = 'proven';
CREATE INDEX contact_leaving ON contact (ends_at) WHERE state = 'leaving';
CREATE TABLE session_anew (
    id             BLOB    NOT NULL PRIMARY KEY,
    token_hash     BLOB    NOT NULL,
    person_id      BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    origin         TEXT    NOT NULL CHECK (origin IN ('application', 'proven', 'passkey')),
    application_id BLOB,
    contact_id     BLOB,
    demo           INTEGER NOT NULL DEFAULT FALSE,
    device         BLOB,
    made_at        INTEGER NOT NULL,
    seen_at        INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    proven_at      INTEGER NOT NULL,
    CHECK ((origin = 'application') = (application_id IS NOT NULL))
) STRICT;
INSERT INTO session_anew (id, token_hash, person_id, origin, application_id, contact_id, demo, device, made_at, seen_at, ends_at, proven_at) SELECT id, token_hash, person_id, origin, application_id, contact_id, demo, device, made_at, seen_at, ends_at, proven_at FROM session;
DROP TABLE session;
ALTER TABLE session_anew RENAME TO session;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_application ON session (application_id) WHERE application_id IS NOT NULL;
CREATE TABLE application_move_anew (
    id             BLOB    NOT NULL PRIMARY KEY,
    application_id BLOB    NOT NULL REFERENCES application (id),
    from_state     TEXT    NOT NULL,
    to_state       TEXT    NOT NULL,
    by_person      BLOB,
    why            TEXT    NOT NULL,
    at             INTEGER NOT NULL
) STRICT;
INSERT INTO application_move_anew (id, application_id, from_state, to_state, by_person, why, at) SELECT id, application_id, from_state, to_state, by_person, why, at FROM application_move;
DROP TABLE application_move;
ALTER TABLE application_move_anew RENAME TO application_move;
CREATE INDEX application_move_of ON application_move (application_id, at);
CREATE TABLE consent_anew (
    id        BLOB    NOT NULL PRIMARY KEY,
    person_id BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose   TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    lang      TEXT    NOT NULL,
    given     INTEGER NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
INSERT INTO consent_anew (id, person_id, purpose, version, lang, given, at) SELECT id, person_id, purpose, version, lang, given, at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_anew RENAME TO consent;
CREATE INDEX consent_person ON consent (person_id, purpose);
CREATE TABLE application_draft_anew (
    token_hash     BLOB    NOT NULL PRIMARY KEY,
    activity_id    BLOB    NOT NULL,
    box            BLOB,
    application_id BLOB,
    until_at       INTEGER NOT NULL,
    size           INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO application_draft_anew (token_hash, activity_id, box, application_id, until_at, size) SELECT token_hash, activity_id, box, application_id, until_at, size FROM application_draft;
DROP TABLE application_draft;
ALTER TABLE application_draft_anew RENAME TO application_draft;
CREATE INDEX application_draft_room ON application_draft (activity_id, size) WHERE size > 0;
