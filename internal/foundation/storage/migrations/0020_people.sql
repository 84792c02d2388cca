-- +goose Up
-- The only table of personal data. sealed is everything about the person under
-- her own data key; the indexes are keyed HMACs, to find without reading.
CREATE TABLE person (
    id               BYTEA   NOT NULL PRIMARY KEY,
    data_key         BYTEA   NOT NULL,
    sealed           BYTEA   NOT NULL,
    subject_index    BYTEA   NOT NULL,
    email_index      BYTEA,
    phone_index      BYTEA,
    phone_name_index BYTEA,
    telegram_index   BYTEA,
    name_index       BYTEA   NOT NULL,
    merged_into      BYTEA,
    demo             BOOLEAN NOT NULL,
    made_at          BIGINT  NOT NULL,
    changed_at       BIGINT  NOT NULL
);
CREATE UNIQUE INDEX person_email ON person (email_index);
CREATE UNIQUE INDEX person_phone_name ON person (phone_name_index);
CREATE UNIQUE INDEX person_telegram ON person (telegram_index);
CREATE INDEX person_subject ON person (subject_index);
CREATE INDEX person_phone ON person (phone_index);
CREATE INDEX person_name ON person (name_index);
CREATE INDEX person_merged ON person (merged_into);

-- Search by name: the bucket (0 to 4095) of the keyed HMAC of the first three
-- letters of each word. Rows that share a bucket are opened and compared.
CREATE TABLE person_name_part (
    bucket    BIGINT NOT NULL,
    person_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (bucket, person_id)
);
CREATE INDEX person_name_part_person ON person_name_part (person_id);

-- Each yes and no, never changed; the newest of a purpose counts.
CREATE TABLE consent (
    id        BYTEA   NOT NULL PRIMARY KEY,
    person_id BYTEA   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose   TEXT    NOT NULL,
    version   TEXT    NOT NULL,
    lang      TEXT    NOT NULL,
    given     BOOLEAN NOT NULL,
    at        BIGINT  NOT NULL
);
CREATE INDEX consent_person ON consent (person_id, purpose);

-- Links in messages. Only the hash of the token is kept.
CREATE TABLE person_link (
    token_hash BYTEA   NOT NULL PRIMARY KEY,
    person_id  BYTEA   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose    TEXT    NOT NULL,
    ref        BYTEA,
    once       BOOLEAN NOT NULL,
    ends_at    BIGINT  NOT NULL,
    used_at    BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX person_link_person ON person_link (person_id);
CREATE INDEX person_link_ends ON person_link (ends_at);

-- Who is signed in where. device is the name the person gave it, sealed.
CREATE TABLE session (
    id         BYTEA  NOT NULL PRIMARY KEY,
    token_hash BYTEA  NOT NULL,
    person_id  BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    signed_by  TEXT   NOT NULL CHECK (signed_by IN ('application', 'code', 'passkey', 'demo')),
    device     BYTEA,
    made_at    BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_ends ON session (ends_at);

-- Who may do what, where. scope repeats the three columns as text, so that one
-- grant cannot be given twice (NULLs are all different to a unique index).
CREATE TABLE role_grant (
    id           BYTEA  NOT NULL PRIMARY KEY,
    person_id    BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role         TEXT   NOT NULL,
    programme_id BYTEA,
    city         TEXT   NOT NULL,
    activity_id  BYTEA,
    scope        TEXT   NOT NULL,
    given_by     BYTEA,
    given_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX role_grant_once ON role_grant (person_id, role, scope);

-- +goose Down
DROP TABLE role_grant;
DROP TABLE session;
DROP TABLE person_link;
DROP TABLE consent;
DROP TABLE person_name_part;
DROP TABLE person;
