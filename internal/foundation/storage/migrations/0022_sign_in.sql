-- +goose Up
-- Codes and links to sign in: good once, for ten minutes, in the browser that asked.
-- A row is made also for an address that nobody has, so that answers do not differ.
CREATE TABLE sign_in (
    id            BYTEA  NOT NULL PRIMARY KEY,
    browser_hash  BYTEA  NOT NULL,
    address_index BYTEA  NOT NULL,
    person_id     BYTEA  REFERENCES person (id) ON DELETE CASCADE,
    code_hash     BYTEA  NOT NULL,
    link_hash     BYTEA  NOT NULL,
    tries         BIGINT NOT NULL,
    made_at       BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    used_at       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sign_in_browser ON sign_in (browser_hash, made_at);
CREATE INDEX sign_in_address ON sign_in (address_index, made_at);
CREATE INDEX sign_in_link ON sign_in (link_hash);
CREATE INDEX sign_in_ends ON sign_in (ends_at);

-- Passkeys: id is the hash of the credential's id, sealed the credential itself.
CREATE TABLE passkey (
    id        BYTEA  NOT NULL PRIMARY KEY,
    person_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    sealed    BYTEA  NOT NULL,
    made_at   BIGINT NOT NULL,
    used_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX passkey_person ON passkey (person_id);

-- The question put to a passkey, between asking and answering.
CREATE TABLE passkey_ceremony (
    browser_hash BYTEA  NOT NULL PRIMARY KEY,
    data         TEXT   NOT NULL,
    ends_at      BIGINT NOT NULL
);

-- Who was erased, so that a restored backup is brought up to date.
CREATE TABLE person_erased (
    id BYTEA  NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Which record was merged into which, by whom.
CREATE TABLE person_merge (
    from_id BYTEA  NOT NULL PRIMARY KEY,
    into_id BYTEA  NOT NULL,
    by_id   BYTEA,
    at      BIGINT NOT NULL
);

-- Pairs that look alike and are two people; the smaller id first.
CREATE TABLE person_distinct (
    first_id  BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    second_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    by_id     BYTEA,
    at        BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
);

-- A file of people between preview and confirmation, sealed with the installation's key.
CREATE TABLE person_import (
    id      BYTEA  NOT NULL PRIMARY KEY,
    by_id   BYTEA  NOT NULL,
    name    TEXT   NOT NULL,
    sealed  BYTEA  NOT NULL,
    made_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE person_import;
DROP TABLE person_distinct;
DROP TABLE person_merge;
DROP TABLE person_erased;
DROP TABLE passkey_ceremony;
DROP TABLE passkey;
DROP TABLE sign_in;
