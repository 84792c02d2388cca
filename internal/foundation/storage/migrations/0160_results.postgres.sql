-- +goose Up
-- What is told to everybody of a month, made once and never changed: which numbers are
-- shown, and that the others are hidden (docs/protected-numbers.md). The key lets one of two that
-- make it at once win.
CREATE TABLE result_release (
    programme_id BYTEA  NOT NULL REFERENCES programme (id),
    month        TEXT   NOT NULL CHECK (length(month) = 7),
    made_at      BIGINT NOT NULL,
    body         TEXT   NOT NULL,
    CONSTRAINT result_release_once PRIMARY KEY (programme_id, month)
);

-- +goose StatementBegin
CREATE FUNCTION result_release_stays() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a release of results is never changed';
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
CREATE TRIGGER result_release_stays BEFORE UPDATE OR DELETE ON result_release
FOR EACH ROW EXECUTE FUNCTION result_release_stays();

-- Who was counted until the last of these months: how many people of which profile since
-- which month, exact, without a subject. The next month is told beside it.
CREATE TABLE result_counted (
    programme_id BYTEA NOT NULL PRIMARY KEY REFERENCES programme (id),
    month        TEXT  NOT NULL CHECK (length(month) = 7),
    body         TEXT  NOT NULL
);

-- +goose Down
DROP TABLE result_counted;
DROP TABLE result_release;
DROP FUNCTION result_release_stays();
