-- +goose Up
-- Who was refused or waits for a seat may ask why, once for each application. Her words
-- and the answer are sealed under her key.
CREATE TABLE application_why (
    application_id BYTEA  NOT NULL PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    state          TEXT   NOT NULL CHECK (state IN ('declined', 'waitlisted')),
    words          BYTEA,
    asked_at       BIGINT NOT NULL,
    answer         BYTEA,
    answered_at    BIGINT NOT NULL DEFAULT 0,
    answered_by    BYTEA  REFERENCES person (id) ON DELETE SET NULL,
    CHECK (answered_at = 0 OR answer IS NOT NULL)
);
CREATE INDEX application_why_open ON application_why (answered_at, asked_at);
CREATE INDEX application_why_by ON application_why (answered_by);

-- +goose Down
DROP TABLE application_why;
