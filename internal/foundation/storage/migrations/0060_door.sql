-- +goose Up
-- A ticket lets one applicant in. serial is what its QR and its typed code
-- carry; a ticket is never used again: who confirms anew gets another.
CREATE TABLE ticket (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id),
    activity_id    BYTEA  NOT NULL,
    serial         BIGINT NOT NULL,
    made_at        BIGINT NOT NULL,
    revoked_at     BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT ticket_serial UNIQUE (serial)
);
CREATE INDEX ticket_application ON ticket (application_id, made_at);
CREATE INDEX ticket_activity ON ticket (activity_id);

-- A phone at the door of one activity. enrol_hash is of the secret in the link
-- that enrols it, once; token_hash of the secret that it then keeps.
CREATE TABLE door_device (
    id          BYTEA  NOT NULL PRIMARY KEY,
    activity_id BYTEA  NOT NULL,
    name        TEXT   NOT NULL,
    enrol_hash  BYTEA  NOT NULL,
    token_hash  BYTEA,
    made_by     BYTEA,
    made_at     BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL DEFAULT 0,
    seen_at     BIGINT NOT NULL DEFAULT 0,
    revoked_at  BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT door_device_enrol UNIQUE (enrol_hash),
    CONSTRAINT door_device_token UNIQUE (token_hash)
);
CREATE INDEX door_device_activity ON door_device (activity_id, made_at);

-- Every scan as it came, append-only: also the refused and the unknown. at is
-- the clock of the device. An undo carries in code the nonce that it undoes.
CREATE TABLE scan (
    id             BYTEA   NOT NULL PRIMARY KEY,
    device         TEXT    NOT NULL,
    nonce          TEXT    NOT NULL,
    activity_id    BYTEA   NOT NULL,
    application_id BYTEA,
    code           TEXT    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind IN ('in', 'out', 'undo')),
    at             BIGINT  NOT NULL,
    received_at    BIGINT  NOT NULL,
    valid          BOOLEAN NOT NULL,
    result         TEXT    NOT NULL CHECK (result IN ('accepted', 'already_in', 'refused', 'unknown')),
    reason         TEXT    NOT NULL DEFAULT '',
    CONSTRAINT scan_once UNIQUE (device, nonce)
);
CREATE INDEX scan_application ON scan (application_id, at);
CREATE INDEX scan_activity ON scan (activity_id, received_at);
CREATE INDEX scan_undo ON scan (device, code, kind);

-- What the scans of an application come to. turn grows with every batch that
-- touches it: whoever raises it first is first.
CREATE TABLE attendance (
    application_id BYTEA   NOT NULL PRIMARY KEY REFERENCES application (id),
    activity_id    BYTEA   NOT NULL,
    first_in       BIGINT  NOT NULL DEFAULT 0,
    inside         BOOLEAN NOT NULL DEFAULT FALSE,
    turn           BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX attendance_activity ON attendance (activity_id, first_in);

-- +goose Down
DROP TABLE attendance;
DROP TABLE scan;
DROP TABLE door_device;
DROP TABLE ticket;
