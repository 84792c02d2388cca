-- +goose Up
-- A draw is never changed and never taken away. Only who drew, and whose lot it was, are
-- forgotten when they are erased, or become those of another record of the same person.
-- +goose StatementBegin
CREATE TRIGGER selection_draw_unchanged BEFORE UPDATE OF id, activity_id, number, reason, rules, seed, fingerprint, fixed_at, reached, lots, kept, digest, box, at ON selection_draw
BEGIN
    SELECT RAISE(ABORT, 'a draw is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER selection_draw_kept BEFORE DELETE ON selection_draw
BEGIN
    SELECT RAISE(ABORT, 'a draw is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER selection_lot_unchanged BEFORE UPDATE OF draw_id, number, kept, drawn, place ON selection_lot
BEGIN
    SELECT RAISE(ABORT, 'a draw is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER selection_lot_kept BEFORE DELETE ON selection_lot
BEGIN
    SELECT RAISE(ABORT, 'a draw is never changed');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER selection_lot_kept;
DROP TRIGGER selection_lot_unchanged;
DROP TRIGGER selection_draw_kept;
DROP TRIGGER selection_draw_unchanged;
