-- +goose Up
-- Who is being erased at this moment: nothing is begun for her any more. The
-- mark goes with her; one whose process died is over when its time is.
CREATE TABLE person_leaving (
    person_id BLOB    NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    until_at  INTEGER NOT NULL
) STRICT;

-- What is being brought to somebody at this moment, from before the first byte
-- until the answer. An erasure waits until there is none of hers. A row whose
-- process died holds nobody up beyond until_at.
CREATE TABLE message_hand (
    id        BLOB    NOT NULL PRIMARY KEY,
    person_id BLOB    NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    until_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX message_hand_person ON message_hand (person_id);

-- What was kept of people who were erased before.
DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM message WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM message WHERE person_id NOT IN (SELECT id FROM person);
DELETE FROM audit_entry WHERE person_id NOT IN (SELECT id FROM person);
UPDATE audit_entry SET actor_id = NULL WHERE actor_id NOT IN (SELECT id FROM person);
UPDATE application_move SET by_person = NULL WHERE by_person NOT IN (SELECT id FROM person);
UPDATE door_device SET made_by = NULL WHERE made_by NOT IN (SELECT id FROM person);
UPDATE activity SET facilitator_id = NULL WHERE facilitator_id NOT IN (SELECT id FROM person);
UPDATE role_grant SET given_by = NULL WHERE given_by NOT IN (SELECT id FROM person);
UPDATE person_distinct SET by_id = NULL WHERE by_id NOT IN (SELECT id FROM person);
UPDATE person_merge SET by_id = NULL WHERE by_id NOT IN (SELECT id FROM person);
DELETE FROM person_merge WHERE from_id NOT IN (SELECT id FROM person) OR into_id NOT IN (SELECT id FROM person);
DELETE FROM person_import WHERE by_id NOT IN (SELECT id FROM person);

-- +goose Down
DROP TABLE message_hand;
DROP TABLE person_leaving;
