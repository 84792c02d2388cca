-- +goose Up
-- What is told to everybody of a month, made once and never changed: which numbers are
-- shown, and that the others are hidden (docs/protected-numbers.md). The key lets one of two that
-- make it at once win.
CREATE TABLE result_release (
    programme_id BLOB    NOT NULL REFERENCES programme (id),
    month        TEXT    NOT NULL CHECK (length(month) = 7),
    made_at      INTEGER NOT NULL,
    body         TEXT    NOT NULL,
    CONSTRAINT result_release_once PRIMARY KEY (programme_id, month)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER result_release_unchanged BEFORE UPDATE ON result_release
BEGIN
    SELECT RAISE(ABORT, 'a release of results is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER result_release_kept BEFORE DELETE ON result_release
BEGIN
    SELECT RAISE(ABORT, 'a release of results is never changed');
END;
-- +goose StatementEnd

-- Who was counted until the last of these months: how many people of which profile since
-- which month, exact, without a subject. The next month is told beside it.
CREATE TABLE result_counted (
    programme_id BLOB NOT NULL PRIMARY KEY REFERENCES programme (id),
    month        TEXT NOT NULL CHECK (length(month) = 7),
    body         TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE result_counted;
DROP TABLE result_release;
