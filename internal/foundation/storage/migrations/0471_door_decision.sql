-- +goose Up
-- What staff decided where scans at a door contradict each other or the house. subject is the
-- scan of which it was decided, or of somebody who came without an application hers; other is
-- the application that may be of the same person. choice is what was decided, extra that an
-- extra seat was given or taken by it, reason what was written, sealed under the key of whom
-- it concerns. back_at is when it was taken back, 0 while it stands; of one conflict one
-- decision stands.
CREATE TABLE door_decision (
    id             BYTEA   NOT NULL PRIMARY KEY,
    activity_id    BYTEA   NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind IN ('double', 'withdrew', 'refused', 'undo', 'codes', 'walk_in', 'entry')),
    subject        BYTEA   NOT NULL,
    application_id BYTEA   REFERENCES application (id) ON DELETE CASCADE,
    other          BYTEA   REFERENCES application (id) ON DELETE CASCADE,
    choice         TEXT    NOT NULL,
    extra          BOOLEAN NOT NULL DEFAULT FALSE,
    reason         BYTEA,
    by_person      BYTEA   REFERENCES person (id) ON DELETE SET NULL,
    at             BIGINT  NOT NULL,
    back_at        BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX door_decision_stands ON door_decision (activity_id, kind, subject) WHERE back_at = 0;
CREATE INDEX door_decision_of ON door_decision (application_id);
CREATE INDEX door_decision_other ON door_decision (other);
CREATE INDEX door_decision_by ON door_decision (by_person);
CREATE INDEX door_decision_at ON door_decision (activity_id, at);

-- +goose Down
DROP TABLE door_decision;
