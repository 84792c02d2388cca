-- +goose Up
-- Once a score was given nothing of what it was given by changes: only who saved it is
-- forgotten when they are erased.
-- +goose StatementBegin
CREATE TRIGGER review_rubric_unchanged BEFORE UPDATE OF activity_id, criteria, shown, version, frozen_at ON review_rubric
WHEN OLD.frozen_at > 0
BEGIN
    SELECT RAISE(ABORT, 'what applications are scored by stays as it is');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER review_rubric_kept BEFORE DELETE ON review_rubric
WHEN OLD.frozen_at > 0
BEGIN
    SELECT RAISE(ABORT, 'what applications are scored by stays as it is');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER review_rubric_kept;
DROP TRIGGER review_rubric_unchanged;
