-- +goose Up
-- How a person is reached: an e-mail, a phone, a chat. Many people may share one, so
-- that value_index is not unique. sealed is the value under her data key; it is empty
-- in rows that were made from the indexes of before, until the house has filled it.
-- proven_at is when it was proven, 0 for never; ends_at is until when a contact that was
-- replaced may be taken back.
CREATE TABLE contact (
    id          BLOB  NOT NULL PRIMARY KEY,
    person_id   BLOB  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind        TEXT   NOT NULL CHECK (kind IN ('email', 'phone', 'telegram')),
    state       TEXT   NOT NULL CHECK (state IN ('typed', 'proven', 'called', 'leaving')),
    value_index BLOB  NOT NULL,
    sealed      BLOB,
    made_at     INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    proven_at   INTEGER NOT NULL DEFAULT 0,
    ends_at     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX contact_once ON contact (person_id, value_index);
CREATE INDEX contact_value ON contact (value_index);
-- One proven contact of a kind, whoever proves in the same moment.
CREATE UNIQUE INDEX contact_proven ON contact (person_id, kind) WHERE state = 'proven';
CREATE INDEX contact_leaving ON contact (ends_at) WHERE state = 'leaving';

-- Addresses that said "not me": nobody's, and no letter from a form goes there until then.
CREATE TABLE contact_muted (
    value_index BLOB  NOT NULL PRIMARY KEY,
    until_at    INTEGER NOT NULL
) STRICT;

-- Letters that forms without a sign-in have sent to an address: one row for each that it
-- may get in a day, so that they are bounded also when many ask in the same moment.
CREATE TABLE contact_letter (
    value_index BLOB  NOT NULL,
    slot        INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 2),
    at          INTEGER NOT NULL,
    PRIMARY KEY (value_index, slot)
) STRICT;

-- Who is proven: signed in by a code or a passkey, or has a role and a passkey. A session
-- of a passkey proves nothing: making one in any session began it. The table is emptied
-- by the first start, which knows the contacts of a database out of a backup only then.
CREATE TABLE person_proven_before (
    person_id BLOB NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO person_proven_before (person_id)
    SELECT person_id FROM session WHERE signed_by = 'code'
    UNION
    SELECT person_id FROM audit_entry WHERE action = 'people.audit.signed_in' AND person_id IN (SELECT id FROM person)
    UNION
    SELECT person_id FROM sign_in WHERE used_at > 0 AND person_id IS NOT NULL
    UNION
    SELECT role_grant.person_id FROM role_grant JOIN passkey ON passkey.person_id = role_grant.person_id;

-- A chat was connected from the chat itself, which proves it. Of the others the e-mail
-- is proven, to which codes went; a phone never had a code of its own.
INSERT INTO contact (id, person_id, kind, state, value_index, made_at, changed_at)
    SELECT randomblob(16), id, 'email',
        CASE WHEN id IN (SELECT person_id FROM person_proven_before) THEN 'proven' ELSE 'typed' END, email_index, made_at, changed_at
    FROM person WHERE email_index IS NOT NULL;
INSERT INTO contact (id, person_id, kind, state, value_index, made_at, changed_at)
    SELECT randomblob(16), id, 'phone', 'typed', phone_index, made_at, changed_at
    FROM person WHERE phone_index IS NOT NULL;
INSERT INTO contact (id, person_id, kind, state, value_index, made_at, changed_at)
    SELECT randomblob(16), id, 'telegram', 'proven', telegram_index, made_at, changed_at
    FROM person WHERE telegram_index IS NOT NULL;
UPDATE contact SET proven_at = changed_at WHERE state = 'proven';
DROP INDEX person_email;
DROP INDEX person_phone_name;
DROP INDEX person_telegram;
DROP INDEX person_phone;
ALTER TABLE person DROP COLUMN email_index;
ALTER TABLE person DROP COLUMN phone_index;
ALTER TABLE person DROP COLUMN phone_name_index;
ALTER TABLE person DROP COLUMN telegram_index;

-- A role sleeps until its invitation was used: woken_at is 0. Those that need no passkey
-- were used by whoever is proven.
ALTER TABLE role_grant ADD COLUMN woken_at INTEGER NOT NULL DEFAULT 0;
UPDATE role_grant SET woken_at = given_at
    WHERE person_id IN (SELECT person_id FROM passkey)
        OR role IN ('deputy', 'donor') AND person_id IN (SELECT person_id FROM person_proven_before) OR person_id IN (SELECT id FROM person WHERE demo = TRUE);
DELETE FROM passkey WHERE person_id NOT IN (SELECT person_id FROM person_proven_before);

-- Which contact a letter with the link went to: using the link proves that one.
ALTER TABLE person_link ADD COLUMN contact_id BLOB;
-- Sessions have an origin; one of an application names it, and says no more of who
-- sits before the browser than that. contact_id is the contact that its code or link went
-- to, if any; proven_at is when she last showed who she is.
CREATE TABLE session_anew (
    id             BLOB   NOT NULL PRIMARY KEY,
    token_hash     BLOB   NOT NULL,
    person_id      BLOB   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    origin         TEXT    NOT NULL CHECK (origin IN ('application', 'proven', 'passkey')),
    application_id BLOB,
    contact_id     BLOB,
    demo           INTEGER NOT NULL DEFAULT FALSE,
    device         BLOB,
    made_at        INTEGER  NOT NULL,
    seen_at        INTEGER  NOT NULL,
    ends_at        INTEGER  NOT NULL,
    proven_at      INTEGER  NOT NULL,
    CHECK ((origin = 'application') = (application_id IS NOT NULL))
) STRICT;
INSERT INTO session_anew (id, token_hash, person_id, origin, device, made_at, seen_at, ends_at, proven_at)
    SELECT id, token_hash, person_id, CASE signed_by WHEN 'code' THEN 'proven' ELSE 'passkey' END, device, made_at, seen_at, ends_at, made_at
    FROM session
    WHERE signed_by = 'code' OR signed_by = 'passkey' AND person_id IN (SELECT person_id FROM passkey);
-- A browser that handed an application in keeps that application, and nothing else.
INSERT INTO session_anew (id, token_hash, person_id, origin, application_id, device, made_at, seen_at, ends_at, proven_at)
    SELECT session.id, session.token_hash, session.person_id, 'application', application.id, NULL, session.made_at, session.seen_at, session.ends_at, 0
    FROM session
    JOIN application ON application.person_id = session.person_id
    WHERE session.signed_by = 'application' AND session.person_id NOT IN (SELECT person_id FROM person_proven_before)
        AND NOT EXISTS (SELECT 1 FROM application AS later WHERE later.person_id = application.person_id
            AND (later.made_at > application.made_at OR later.made_at = application.made_at AND later.id > application.id));
DROP TABLE session;
ALTER TABLE session_anew RENAME TO session;
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_application ON session (application_id);
CREATE INDEX session_ends ON session (ends_at);

-- Signing in. An ask is one browser that typed an address: it looks nothing up. A
-- letter goes to the address, not to an ask: whoever can read it may use it in any
-- browser that asked, so that somebody else's asking takes nothing from her.
-- What is on its way still signs in: an ask and a letter of the same id.
ALTER TABLE sign_in RENAME TO sign_in_before;
DROP INDEX sign_in_browser;
DROP INDEX sign_in_address;
DROP INDEX sign_in_link;
DROP INDEX sign_in_ends;
CREATE TABLE sign_in (
    id            BLOB  NOT NULL PRIMARY KEY,
    browser_hash  BLOB  NOT NULL,
    address_index BLOB  NOT NULL,
    tries         INTEGER NOT NULL,
    made_at       INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    target_index  BLOB
) STRICT;
CREATE INDEX sign_in_browser ON sign_in (browser_hash, made_at);
CREATE INDEX sign_in_address ON sign_in (address_index, made_at);
CREATE INDEX sign_in_ends ON sign_in (ends_at);
CREATE TABLE sign_in_letter (
    id            BLOB  NOT NULL PRIMARY KEY,
    address_index BLOB  NOT NULL,
    target_index  BLOB  NOT NULL,
    code_hash     BLOB  NOT NULL,
    link_hash     BLOB  NOT NULL,
    made_at       INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    used_at       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sign_in_letter_address ON sign_in_letter (address_index, made_at);
CREATE INDEX sign_in_letter_link ON sign_in_letter (link_hash);
CREATE INDEX sign_in_letter_ends ON sign_in_letter (ends_at);
INSERT INTO sign_in (id, browser_hash, address_index, tries, made_at, ends_at)
    SELECT id, browser_hash, address_index, tries, made_at, ends_at
    FROM sign_in_before;
INSERT INTO sign_in_letter (id, address_index, target_index, code_hash, link_hash, made_at, ends_at, used_at)
    SELECT id, address_index, address_index, code_hash, link_hash, made_at, ends_at, used_at
    FROM sign_in_before
    WHERE person_id IS NOT NULL AND address_index IN (SELECT value_index FROM contact WHERE kind = 'email');
DROP TABLE sign_in_before;

-- Wrong codes of one day for an address, whoever tried them.
CREATE TABLE sign_in_wrong (
    address_index BLOB  NOT NULL,
    day           INTEGER NOT NULL,
    tries         INTEGER NOT NULL,
    PRIMARY KEY (address_index, day)
) STRICT;
DELETE FROM passkey_ceremony;
CREATE INDEX passkey_ceremony_ends ON passkey_ceremony (ends_at);

-- +goose Down
-- The way back is the backup that was made before this was applied.
SELECT 1;
