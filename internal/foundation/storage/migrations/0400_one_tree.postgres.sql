-- +goose Up
-- PostgreSQL keeps a row and its key apart; what SQLite wins here it has not to win.
SELECT 1;

-- +goose Down
SELECT 1;
