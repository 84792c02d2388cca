-- +goose Up
-- Accounts at the organisation's issuer of OpenID Connect, as keyed hashes: of issuer
-- and subject together, and of the issuer alone. An account opens one person, and a
-- person has one account at an issuer.
CREATE TABLE oidc_link (
    account_index BYTEA  NOT NULL PRIMARY KEY,
    issuer_index  BYTEA  NOT NULL,
    person_id     BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    made_at       BIGINT NOT NULL,
    used_at       BIGINT NOT NULL
);
CREATE UNIQUE INDEX oidc_link_one ON oidc_link (person_id, issuer_index);

-- Questions to the issuer that were answered: an answer counts once.
CREATE TABLE oidc_answered (
    state_hash BYTEA  NOT NULL PRIMARY KEY,
    ends_at    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE oidc_answered;
DROP TABLE oidc_link;
