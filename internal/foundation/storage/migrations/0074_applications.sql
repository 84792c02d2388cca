-- +goose Up
-- proven_at is when the contact, a call, a sign-in or her coming proved an application,
-- 0 until then: an unproven one is considered like any other, but is counted only once
-- staff move it. Its seat, where the first to come is served, is held until held_until.
ALTER TABLE application ADD COLUMN proven_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;
UPDATE application SET proven_at = made_at
    WHERE person_id IN (SELECT person_id FROM contact WHERE state = 'proven') OR state = 'attended';

-- A draft says which browser it is, never who: whether its form made a person is gone.
-- size is the length of its box, to bound what strangers may leave.
ALTER TABLE application_draft DROP COLUMN fresh;
ALTER TABLE application_draft ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE application_draft SET size = LENGTH(box) WHERE box IS NOT NULL;
CREATE INDEX application_draft_room ON application_draft (activity_id, size);

-- Who was called about an application, and what came of it, as staff noted it.
CREATE TABLE application_call (
    id             BYTEA  NOT NULL PRIMARY KEY,
    application_id BYTEA  NOT NULL REFERENCES application (id),
    answer         TEXT   NOT NULL CHECK (answer IN ('herself', 'other', 'wrong')),
    by_person      BYTEA,
    at             BIGINT NOT NULL
);
CREATE INDEX application_call_of ON application_call (application_id, at);

-- +goose Down
DROP TABLE application_call;
ALTER TABLE application DROP COLUMN held_until;
ALTER TABLE application DROP COLUMN proven_at;
