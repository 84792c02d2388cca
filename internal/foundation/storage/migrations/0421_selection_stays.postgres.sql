-- +goose Up
-- A draw is never changed and never taken away. Only who drew, and whose lot it was, are
-- forgotten when they are erased, or become those of another record of the same person.
-- +goose StatementBegin
CREATE FUNCTION selection_stays() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a draw is never changed';
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
CREATE TRIGGER selection_draw_unchanged BEFORE UPDATE OF id, activity_id, number, reason, rules, seed, fingerprint, fixed_at, reached, lots, kept, digest, box, at ON selection_draw
FOR EACH ROW EXECUTE FUNCTION selection_stays();
CREATE TRIGGER selection_draw_kept BEFORE DELETE ON selection_draw
FOR EACH ROW EXECUTE FUNCTION selection_stays();
CREATE TRIGGER selection_lot_unchanged BEFORE UPDATE OF draw_id, number, kept, drawn, place ON selection_lot
FOR EACH ROW EXECUTE FUNCTION selection_stays();
CREATE TRIGGER selection_lot_kept BEFORE DELETE ON selection_lot
FOR EACH ROW EXECUTE FUNCTION selection_stays();

-- +goose Down
DROP TRIGGER selection_lot_kept ON selection_lot;
DROP TRIGGER selection_lot_unchanged ON selection_lot;
DROP TRIGGER selection_draw_kept ON selection_draw;
DROP TRIGGER selection_draw_unchanged ON selection_draw;
DROP FUNCTION selection_stays();
