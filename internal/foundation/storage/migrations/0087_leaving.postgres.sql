-- +goose Up
-- Who is being erased at this moment: nothing is begun for her any more. The
-- mark goes with her; one whose process died is over when its time is.
CREATE TABLE person_leaving (
    person_id BYTEA  NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    until_at  BIGINT NOT NULL
);

-- What is being brought to somebody at this moment, from before the first byte
-- until the answer. An erasure waits until there is none of hers. A row whose
-- process died holds nobody up beyond until_at.
CREATE TABLE message_hand (
    id        BYTEA  NOT NULL PRIMARY KEY,
    person_id BYTEA  NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    until_at  BIGINT NOT NULL
);
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

-- A transaction that began before an erasure and ends after it must not bring
-- anything of hers back: it fails here, and finds nobody when it runs again. On
-- SQLite changes come one after the other, so that this cannot happen.
ALTER TABLE message ADD CONSTRAINT message_of_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE;
ALTER TABLE audit_entry ADD CONSTRAINT audit_of_person FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE CASCADE;
ALTER TABLE application ADD CONSTRAINT application_of_person FOREIGN KEY (person_id) REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED;

-- +goose Down
ALTER TABLE application DROP CONSTRAINT application_of_person;
ALTER TABLE audit_entry DROP CONSTRAINT audit_of_person;
ALTER TABLE message DROP CONSTRAINT message_of_person;
DROP TABLE message_hand;
DROP TABLE person_leaving;
