-- +goose Up
-- Once a score was given nothing of what it was given by changes: only who saved it is
-- forgotten when they are erased.
-- +goose StatementBegin
CREATE FUNCTION review_stays() RETURNS trigger AS $$
BEGIN
    IF OLD.frozen_at > 0 THEN
        RAISE EXCEPTION 'what applications are scored by stays as it is';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
CREATE TRIGGER review_rubric_unchanged BEFORE UPDATE OF activity_id, criteria, shown, version, frozen_at ON review_rubric
FOR EACH ROW EXECUTE FUNCTION review_stays();
CREATE TRIGGER review_rubric_kept BEFORE DELETE ON review_rubric
FOR EACH ROW EXECUTE FUNCTION review_stays();

-- +goose Down
DROP TRIGGER review_rubric_kept ON review_rubric;
DROP TRIGGER review_rubric_unchanged ON review_rubric;
DROP FUNCTION review_stays();
